import type { FileHandle } from "node:fs/promises";
import type { WarningReporter } from "../core/index.js";
import { type RrdMessage, RrdStreamDecoder } from "../rrd/index.js";
import type { ByteSource } from "./byte-source.js";
import { useNativeLz4 } from "./native-lz4.js";
import { openFile } from "./open-file.js";

export interface ReadRrdOptions {
  /** Where damage is reported, with its place in the file. Default: printed once. */
  readonly warn?: WarningReporter;
  readonly signal?: AbortSignal;
}

/** Large: a message that lies in two pieces is copied once more. */
const PIECE_BYTES = 16 * 1024 * 1024;

/**
 * The messages of a recording on disk, read piece by piece: memory is bounded by what the caller keeps.
 *
 * @throws RerunError `NotFound` when it cannot be opened, `CorruptFile` when it is not a recording; damage further in is
 * reported and skipped
 */
export async function* readRrdFile(path: string, options: ReadRrdOptions = {}): AsyncGenerator<RrdMessage, void, undefined> {
  const { signal } = options;
  signal?.throwIfAborted();
  useNativeLz4();
  const decoder = new RrdStreamDecoder(options);
  const file = await openFile(path);
  const pieces = new PieceReader(file);
  try {
    for (;;) {
      const piece = await pieces.next(decoder.numPending);
      signal?.throwIfAborted();
      if (piece.length === 0) break;
      yield* decoder.push(piece);
    }
    decoder.finish();
  } finally {
    await pieces.idle();
    await file.close();
  }
}

/**
 * The same of bytes that lie elsewhere.
 *
 * @throws RerunError `CorruptFile` when they are no recording, and what `bytes` throws
 */
export async function* readRrdBytes(
  bytes: ByteSource,
  options: ReadRrdOptions = {},
): AsyncGenerator<RrdMessage, void, undefined> {
  useNativeLz4();
  const decoder = new RrdStreamDecoder(options);
  for (let offset = 0; offset < bytes.sizeBytes; offset += PIECE_BYTES) {
    yield* decoder.push(await bytes.read(offset, Math.min(PIECE_BYTES, bytes.sizeBytes - offset), options.signal));
  }
  decoder.finish();
}

/**
 * Reads a file in pieces, the next one while the last one is used. Memory of pieces is used again: fresh memory for all of a
 * large file costs more than reading it.
 */
class PieceReader {
  readonly #file: FileHandle;
  readonly #free: Uint8Array[] = [];
  /** Given out, the last one last; the rest of a message may still lie in them. */
  readonly #used: Uint8Array[] = [];
  #position = 0;
  #coming: Promise<Uint8Array> | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** The next piece, empty at the end. @param numPending bytes at the end of the pieces so far that are not used up */
  async next(numPending: number): Promise<Uint8Array> {
    const bytes = await (this.#coming ?? this.#read());
    this.#coming = undefined;
    if (bytes.length === 0) return bytes;
    let kept = 0;
    for (let i = this.#used.length - 1, held = 0; i >= 0 && held < numPending; i--) {
      kept += 1;
      held += this.#used[i]?.length ?? 0;
    }
    for (const free of this.#used.splice(0, this.#used.length - kept)) this.#free.push(free);
    this.#used.push(bytes);
    this.#position += bytes.length;
    this.#coming = this.#read();
    this.#coming.catch(() => undefined); // Told when it is asked for.
    return bytes;
  }

  /** Waits until nothing is read any more. */
  async idle(): Promise<void> {
    await this.#coming?.catch(() => undefined);
  }

  async #read(): Promise<Uint8Array> {
    const free = this.#free.pop();
    const buffer = free?.buffer ?? Buffer.allocUnsafeSlow(PIECE_BYTES).buffer;
    const { bytesRead } = await this.#file.read(new Uint8Array(buffer), 0, PIECE_BYTES, this.#position);
    return new Uint8Array(buffer, 0, bytesRead);
  }
}
