import { createRequire } from "node:module";

/** A decoded PNG: RGBA bytes, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

// pngjs comes without types.
const { PNG } = createRequire(import.meta.url)("pngjs") as { PNG: { sync: { read(bytes: Uint8Array): Picture } } };

/** @param bytes the file */
export function readPng(bytes: Uint8Array): Picture {
  return PNG.sync.read(bytes);
}
