import { RerunError } from "../../core/index.js";
import { SIGNATURE_BYTES, type Signer } from "./signer.js";

/** Where a chunk lies, and what its file was when it was registered. */
export interface ChunkKey {
  readonly object: string;
  readonly objectBytes: number;
  readonly objectVersion: string;
  readonly offset: number;
  readonly length: number;
}

/** Of the layout below; another one is refused. */
const VERSION = 1;
/** Version, lengths of the two texts, three numbers. */
const HEAD_BYTES = 1 + 2 + 1 + 8 + 8 + 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Makes keys for the chunks of one object. */
export function chunkKeyMaker(
  signer: Signer,
  { object, objectBytes, objectVersion }: Pick<ChunkKey, "object" | "objectBytes" | "objectVersion">,
): (offset: number, length: number) => Uint8Array {
  const [name, version] = [encoder.encode(object), encoder.encode(objectVersion)];
  const body = new Uint8Array(HEAD_BYTES + name.length + version.length);
  const view = new DataView(body.buffer);
  view.setUint8(0, VERSION);
  view.setUint16(1, name.length);
  view.setUint8(3, version.length);
  view.setBigUint64(4, BigInt(objectBytes));
  body.set(name, HEAD_BYTES);
  body.set(version, HEAD_BYTES + name.length);
  return (offset, length) => {
    view.setBigUint64(12, BigInt(offset));
    view.setUint32(20, length);
    const key = new Uint8Array(body.length + SIGNATURE_BYTES);
    key.set(body);
    key.set(signer.sign("chunk", body), body.length);
    return key;
  };
}

/** @throws RerunError `InvalidArgument` for what is too short, `NotFound` for a key that this platform did not make */
export function readChunkKey(signer: Signer, key: Uint8Array): ChunkKey {
  if (key.length < HEAD_BYTES + SIGNATURE_BYTES) {
    throw new RerunError("InvalidArgument", "Failed to decode chunk key: io error: unexpected end of file");
  }
  const body = key.subarray(0, key.length - SIGNATURE_BYTES);
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  const [nameBytes, versionBytes] = [view.getUint16(1), view.getUint8(3)];
  const isSigned = signer.verify("chunk", body, key.subarray(body.length));
  if (!isSigned || view.getUint8(0) !== VERSION || HEAD_BYTES + nameBytes + versionBytes !== body.length) {
    throw new RerunError("NotFound", "Invalid chunk key: this server did not make it");
  }
  return {
    object: decoder.decode(body.subarray(HEAD_BYTES, HEAD_BYTES + nameBytes)),
    objectBytes: Number(view.getBigUint64(4)),
    objectVersion: decoder.decode(body.subarray(HEAD_BYTES + nameBytes)),
    offset: Number(view.getBigUint64(12)),
    length: view.getUint32(20),
  };
}
