import type { WarningReporter } from "../core/index.js";
import { type RrdMessage, RrdStreamDecoder } from "../rrd/index.js";
import { useNativeLz4 } from "./native-lz4.js";
import { openFile } from "./open-file.js";

export interface ReadRrdOptions {
  /** Where damage is reported, with its place in the file. Default: printed once. */
  readonly warn?: WarningReporter;
  readonly signal?: AbortSignal;
}

const PIECE_BYTES = 4 * 1024 * 1024;

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
  try {
    for (let position = 0; ; ) {
      const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, position);
      signal?.throwIfAborted();
      if (bytesRead === 0) break;
      position += bytesRead;
      yield* decoder.push(new Uint8Array(piece.buffer, piece.byteOffset, bytesRead));
    }
    decoder.finish();
  } finally {
    await file.close();
  }
}
