import { createHmac, timingSafeEqual } from "node:crypto";

/** Signs and checks bytes with a key that only the servers of one platform have. */
export interface Signer {
  /** 16 bytes. A signature for one purpose is none for another. */
  sign(purpose: "chunk" | "upload", bytes: Uint8Array): Uint8Array;
  verify(purpose: "chunk" | "upload", bytes: Uint8Array, signature: Uint8Array): boolean;
}

export const SIGNATURE_BYTES = 16;

/** @param secret at least 32 bytes */
export function createSigner(secret: Uint8Array): Signer {
  const sign: Signer["sign"] = (purpose, bytes) => {
    const mac = createHmac("sha256", secret).update(purpose).update("\0").update(bytes).digest();
    return mac.subarray(0, SIGNATURE_BYTES);
  };
  return {
    sign,
    verify: (purpose, bytes, signature) =>
      signature.length === SIGNATURE_BYTES && timingSafeEqual(sign(purpose, bytes), signature),
  };
}
