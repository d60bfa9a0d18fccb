import type { ArrayData } from "./array-data.js";

/**
 * What lower layers may ask of the program they run in. The composition root (`src/index.ts`) sets these;
 * a browser or a test sets others or none.
 */
export interface Host {
  /** The whole file. @throws what the file system says */
  readFile(path: string): Uint8Array;
  /** The elements of a `Vector` of apache-arrow. @throws RerunError `Unsupported`, `InvalidData` */
  arrayOfVector?(vector: unknown): ArrayData;
  /** Whether the program is a cell of a notebook: recordings then keep what they hold, to be shown. */
  readonly isNotebook?: boolean;
}

let host: Host | undefined;

export function setHost(value: Host | undefined): void {
  host = value;
}

export function getHost(): Host | undefined {
  return host;
}
