/** Decodes image files with the browser, and keeps what is likely to be shown again. */
import type { DecodeResult, ImageDecoder, Pixels } from "../views/spatial/index.js";

/** Bytes of decoded pictures that are kept. */
const MAX_KEPT_BYTES = 256 * 1024 * 1024;

interface Entry {
  result: DecodeResult;
  readonly entityPath: string;
}

export class BrowserImageDecoder implements ImageDecoder {
  readonly #entries = new Map<string, Entry>();
  readonly #latest = new Map<string, Pixels>();
  readonly #onDecoded: () => void;
  #keptBytes = 0;
  #isClosed = false;

  /** @param onDecoded called when a picture that was pending is there (or has failed) */
  constructor(onDecoded: () => void) {
    this.#onDecoded = onDecoded;
  }

  decode(request: Parameters<ImageDecoder["decode"]>[0]): DecodeResult {
    const { key, entityPath } = request;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      // Asked for again: it becomes the last to be forgotten.
      this.#entries.delete(key);
      this.#entries.set(key, known);
      if (known.result.state === "done") this.#latest.set(entityPath, known.result.pixels);
      return known.result;
    }
    const stale = this.#latest.get(entityPath);
    const entry: Entry = { entityPath, result: stale === undefined ? { state: "pending" } : { state: "pending", stale } };
    this.#entries.set(key, entry);
    this.#start(entry, request.bytes, request.mediaType).catch((error: unknown) => {
      entry.result = { state: "failed", reason: `the browser cannot decode the image: ${String(error)}` };
      if (!this.#isClosed) this.#onDecoded();
    });
    return entry.result;
  }

  /** Red, green, blue (and alpha, when it is not full) of a pixel of the entity's picture. */
  pixelText(entityPath: string, x: number, y: number): string | undefined {
    const pixels = this.#latest.get(entityPath);
    if (pixels?.kind !== "bitmap" || x < 0 || y < 0 || x >= pixels.width || y >= pixels.height) return undefined;
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context?.drawImage(pixels.bitmap, x, y, 1, 1, 0, 0, 1, 1);
    const [r, g, b, a] = context?.getImageData(0, 0, 1, 1).data ?? [];
    return r === undefined ? undefined : `R ${r}  G ${g}  B ${b}${a === 255 ? "" : `  A ${a}`}`;
  }

  close(): void {
    this.#isClosed = true;
    this.#entries.clear();
    this.#latest.clear();
  }

  async #start(entry: Entry, bytes: Uint8Array, mediaType: string | undefined): Promise<void> {
    const blob = new Blob([bytes.slice()], { type: mediaType ?? guessMediaType(bytes) });
    const bitmap = await createImageBitmap(blob, { premultiplyAlpha: "none", colorSpaceConversion: "none" });
    if (this.#isClosed) return bitmap.close();
    entry.result = { state: "done", pixels: { kind: "bitmap", width: bitmap.width, height: bitmap.height, bitmap } };
    this.#keptBytes += bitmap.width * bitmap.height * 4;
    this.#forgetOldest();
    this.#onDecoded();
  }

  #forgetOldest(): void {
    for (const [key, { result }] of this.#entries) {
      if (this.#keptBytes <= MAX_KEPT_BYTES || this.#entries.size <= 2) return;
      if (result.state !== "done") continue;
      this.#entries.delete(key);
      this.#keptBytes -= result.pixels.width * result.pixels.height * 4;
    }
  }
}

/** From the first bytes of the file; an empty text lets the browser find out. */
export function guessMediaType(bytes: Uint8Array): string {
  const starts = (...signature: readonly number[]): boolean => signature.every((byte, i) => bytes[i] === byte);
  if (starts(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (starts(0x89, 0x50, 0x4e, 0x47)) return "image/png";
  if (starts(0x47, 0x49, 0x46)) return "image/gif";
  if (starts(0x52, 0x49, 0x46, 0x46)) return "image/webp";
  return starts(0x42, 0x4d) ? "image/bmp" : "";
}
