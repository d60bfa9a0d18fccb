import type { ArrayData } from "./array-data.js";

/** Pixels as they lie in memory, rows top to bottom without gaps; 16-bit channels in the machine's byte order. */
export interface RawImage {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Grey, or red, green and blue. */
  readonly channels: 1 | 3;
  /** `Uint16Array` for 16 bits a channel. */
  readonly pixels: Uint8Array | Uint16Array;
}

/** How an image is encoded. */
export type ImageEncoding =
  /** `quality` 1..100 */
  | { readonly format: "jpeg"; readonly quality: number }
  /** `compressionLevel` 0 (none) .. 9 (smallest) */
  | { readonly format: "png"; readonly compressionLevel: number };

/**
 * What lower layers may ask of the program they run in. The composition root (`src/index.ts`) sets these;
 * a browser or a test sets others or none.
 */
export interface Host {
  /** The whole file. @throws what the file system says */
  readFile(path: string): Uint8Array;
  /** The elements of a `Vector` of apache-arrow. @throws RerunError `Unsupported`, `InvalidData` */
  arrayOfVector?(vector: unknown): ArrayData;
  /** The image as a file. @throws RerunError `Unsupported` when nothing is installed that can do it */
  encodeImage?(image: RawImage, encoding: ImageEncoding): Promise<Uint8Array>;
  /** Whether the program is a cell of a notebook: recordings then keep what they hold, to be shown. */
  readonly isNotebook?: boolean;
  /** Lets an object show itself when it is the last expression of a cell. */
  readonly makeRich?: (target: object, value: RichValue) => void;
}

/** How an object shows itself. */
export interface RichValue {
  /** What `console.log` prints. */
  text(): string;
  /** What a cell shows: HTML, now or when it is ready. */
  html(): string | Promise<string>;
}

let host: Host | undefined;

export function setHost(value: Host | undefined): void {
  host = value;
}

export function getHost(): Host | undefined {
  return host;
}
