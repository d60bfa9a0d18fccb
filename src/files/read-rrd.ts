import type { WarningReporter } from "../core/index.js";
import { Damage, type RrdMessage, RrdStreamDecoder } from "../rrd/index.js";
import { type ByteSource, openFileBytes } from "./byte-source.js";
import { useNativeLz4 } from "./native-lz4.js";
import { PieceReader } from "./piece-reader.js";

export interface ReadRrdOptions {
  /** Where damage is reported, once for each file, with its place in it. Default: printed once. */
  readonly warn?: WarningReporter;
  readonly signal?: AbortSignal;
}

/**
 * The messages of a recording on disk, read piece by piece: memory is bounded by what the caller keeps.
 *
 * @throws RerunError `NotFound` when it cannot be opened, `CorruptFile` when it is not a recording; damage further in is
 * reported and skipped
 */
export async function* readRrdFile(path: string, options: ReadRrdOptions = {}): AsyncGenerator<RrdMessage, void, undefined> {
  options.signal?.throwIfAborted();
  const bytes = await openFileBytes(path);
  try {
    yield* readRrdBytes(bytes, options);
  } finally {
    await bytes.close();
  }
}

/**
 * The same of bytes that lie anywhere.
 *
 * @param damage what is known to be wrong with them
 * @throws RerunError `CorruptFile` when they are no recording, and what `bytes` throws
 */
export async function* readRrdBytes(
  bytes: ByteSource,
  options: ReadRrdOptions = {},
  damage: Damage = new Damage({ ...options, name: bytes.name }),
): AsyncGenerator<RrdMessage, void, undefined> {
  useNativeLz4();
  const { signal } = options;
  const decoder = new RrdStreamDecoder(options, damage);
  const pieces = new PieceReader(bytes, signal);
  try {
    while (!decoder.isStopped) {
      const { numPending, numNeeded } = decoder;
      const piece = await pieces.next(decoder.takePending(), numNeeded);
      signal?.throwIfAborted();
      yield* decoder.push(piece);
      if (piece.length === numPending) break;
    }
    decoder.finish(pieces.numLeft);
  } finally {
    decoder.report();
  }
}
