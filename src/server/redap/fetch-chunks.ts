import { isRerunError, RerunError, valueAt } from "../../core/index.js";
import { type DataframePart, FetchChunksRequestSchema } from "../../protos/redap.js";
import { columnsFromDataframePart, decodeMessage, firstMessage, type RawCall, tableFromDataframePart } from "../../rpc/index.js";
import { readChunkKey } from "./chunk-key.js";
import { ChunkPieces, type Piece } from "./chunk-pieces.js";
import type { Platform } from "./platform.js";

/**
 * Sends chunks as they lie in their files: the message in the file is the message on the wire, so nothing is decoded. One piece is
 * read while the one before is sent, when there is memory for it: a call that waited while it holds some could wait for ever.
 */
export async function fetchChunks(platform: Platform, call: RawCall): Promise<void> {
  const { memory, signal } = call;
  const request = decodeMessage(FetchChunksRequestSchema, await firstMessage(call.requests));
  const keys = request.chunkInfos.flatMap((part) => keysOf(part)).map((key) => readChunkKey(platform.signer, key));
  const pieces = new ChunkPieces(keys);
  let held: Reading | undefined;
  try {
    for (let piece = pieces.next(memory.pieceBytes); piece !== undefined; ) {
      if (held === undefined) {
        await memory.take(sizeOf(piece), signal);
        held = startReading(platform, piece, signal);
      }
      const { bytes, sizeBytes } = held;
      const sent = sendPiece(call, piece, await bytes);
      piece = pieces.next(memory.pieceBytes);
      held = piece !== undefined && memory.takeMore(sizeOf(piece)) ? startReading(platform, piece, signal) : undefined;
      try {
        await sent;
      } finally {
        memory.give(sizeBytes);
      }
    }
  } finally {
    if (held !== undefined) memory.give(held.sizeBytes);
  }
}

interface Reading {
  readonly bytes: Promise<Uint8Array>;
  /** Taken of the memory for answers. */
  readonly sizeBytes: number;
}

function keysOf(part: DataframePart): Uint8Array[] {
  const keys = part.payload === undefined ? undefined : (plainKeys(part) ?? arrowKeys(part));
  if (keys === undefined) throw new RerunError("InvalidArgument", "chunk infos must have the column 'chunk_key' of type Binary");
  return keys;
}

/** The keys when all columns are plain; dictionaries need apache-arrow. */
function plainKeys(part: DataframePart): Uint8Array[] | undefined {
  try {
    const { fields, columns, numRows } = columnsFromDataframePart(part);
    const keys = columns[fields.findIndex(({ name }) => name === "chunk_key")];
    if (keys?.type.kind !== "binary") return undefined;
    return Array.from({ length: numRows }, (_, row) => valueAt(keys, row) as Uint8Array);
  } catch {
    return undefined; // Whether it is damaged or only of other types shows in the second attempt.
  }
}

function arrowKeys(part: DataframePart): Uint8Array[] | undefined {
  const keys = tableFromDataframePart(part).getChild("chunk_key");
  if (keys === null) return undefined;
  return Array.from(keys, (key) => {
    if (!(key instanceof Uint8Array)) throw new RerunError("InvalidArgument", "a chunk key is null, or no bytes");
    return key;
  });
}

function sizeOf({ start, end }: Piece): number {
  return end - start;
}

/** The memory must have been taken. */
function startReading(platform: Platform, piece: Piece, signal: AbortSignal): Reading {
  const { object, version, start } = piece;
  const sizeBytes = sizeOf(piece);
  const bytes = platform.storage.read(object, start, sizeBytes, { signal, version }).catch((cause: unknown) => {
    if (!isRerunError(cause, "NotFound")) throw cause;
    const message = `The file of a segment is not there any more. Put it back or unregister it: ${object}`;
    throw new RerunError("FailedPrecondition", message, { cause });
  });
  // It is awaited after what is sent before it: a failure until then must not end the process.
  bytes.catch(() => undefined);
  return { bytes, sizeBytes };
}

async function sendPiece({ memory, sendBytes, signal }: RawCall, { start, messages }: Piece, bytes: Uint8Array): Promise<void> {
  for (const chunks of messages) {
    await sendBytes(...chunks.flatMap((chunk) => [chunk.head, bytes.subarray(chunk.start - start, chunk.end - start)]));
    memory.noteProgress();
    signal.throwIfAborted();
  }
}
