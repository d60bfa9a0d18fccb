import { isRerunError, RerunError, valueAt } from "../../core/index.js";
import { type DataframePart, FetchChunksRequestSchema } from "../../protos/redap.js";
import { columnsFromDataframePart, decodeMessage, firstMessage, type RawCall, tableFromDataframePart } from "../../rpc/index.js";
import { type ChunkKey, readChunkKey } from "./chunk-key.js";
import type { Platform } from "./platform.js";

/** Chunks that lie this near are read together. */
const MAX_GAP_BYTES = 64 * 1024;
const MAX_READ_BYTES = 4 * 1024 * 1024;
/** Small chunks are sent together. */
const MESSAGE_BYTES = 1024 * 1024;
/** Field 1 of `FetchChunksResponse`, of a variable length. */
const TAG_CHUNKS = 0x0a;

/** Keys of one object that are read at once. */
interface Reading {
  readonly object: string;
  /** Of the object when it was registered: another one has other chunks in these places. */
  readonly version: string;
  readonly start: number;
  end: number;
  readonly keys: ChunkKey[];
}

/**
 * Sends chunks as they lie in their files: the message in the file is the message on the wire, so nothing is decoded. One reading
 * goes on while the one before is sent.
 */
export async function fetchChunks(platform: Platform, call: RawCall): Promise<void> {
  const request = decodeMessage(FetchChunksRequestSchema, await firstMessage(call.requests));
  const keys = request.chunkInfos.flatMap((part) => keysOf(part)).map((key) => readChunkKey(platform.signer, key));
  const readings = readingsOf(keys);
  let held: StartedReading | undefined;
  try {
    for (const [index, reading] of readings.entries()) {
      held ??= await startReading(platform, reading, call.signal);
      const { bytes, sizeBytes } = held;
      const sent = sendChunks(call, reading, await bytes);
      held = tryStartReading(platform, readings[index + 1], call.signal);
      try {
        await sent;
      } finally {
        platform.readBudget.give(sizeBytes);
      }
    }
  } finally {
    if (held !== undefined) platform.readBudget.give(held.sizeBytes);
  }
}

interface StartedReading {
  readonly bytes: Promise<Uint8Array>;
  /** Taken of the budget. */
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

/** Neighbours in the order asked for become one reading. */
function readingsOf(keys: readonly ChunkKey[]): Reading[] {
  const readings: Reading[] = [];
  let last: Reading | undefined;
  for (const key of keys) {
    const end = key.offset + key.length;
    const isNext =
      last !== undefined &&
      last.object === key.object &&
      last.version === key.objectVersion &&
      key.offset >= last.end &&
      key.offset - last.end <= MAX_GAP_BYTES &&
      end - last.start <= MAX_READ_BYTES;
    if (isNext && last !== undefined) {
      last.keys.push(key);
      last.end = end;
    } else {
      last = { object: key.object, version: key.objectVersion, start: key.offset, end, keys: [key] };
      readings.push(last);
    }
  }
  return readings;
}

/** Reads when it is this call's turn to have memory. */
async function startReading(platform: Platform, reading: Reading, signal: AbortSignal): Promise<StartedReading> {
  const sizeBytes = reading.end - reading.start;
  await platform.readBudget.take(sizeBytes, signal);
  return { bytes: read(platform, reading, signal), sizeBytes };
}

/** Reads ahead when there is memory for it: a call that waited while it holds some could wait for ever. */
function tryStartReading(platform: Platform, reading: Reading | undefined, signal: AbortSignal): StartedReading | undefined {
  if (reading === undefined) return undefined;
  const sizeBytes = reading.end - reading.start;
  return platform.readBudget.tryTake(sizeBytes) ? { bytes: read(platform, reading, signal), sizeBytes } : undefined;
}

function read(platform: Platform, reading: Reading, signal: AbortSignal): Promise<Uint8Array> {
  const { object, version, start, end } = reading;
  const bytes = platform.storage.read(object, start, end - start, { signal, version }).catch((cause: unknown) => {
    if (!isRerunError(cause, "NotFound")) throw cause;
    const message = `The file of a segment is not there any more. Put it back or unregister it: ${object}`;
    throw new RerunError("FailedPrecondition", message, { cause });
  });
  // It is awaited after what is sent before it: a failure until then must not end the process.
  bytes.catch(() => undefined);
  return bytes;
}

async function sendChunks(call: RawCall, reading: Reading, bytes: Uint8Array): Promise<void> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for (const { offset, length } of reading.keys) {
    const chunk = bytes.subarray(offset - reading.start, offset - reading.start + length);
    if (size > 0 && size + length > MESSAGE_BYTES) {
      await call.send(...parts);
      parts = [];
      size = 0;
    }
    parts.push(fieldHead(length), chunk);
    size += length;
  }
  if (parts.length > 0) await call.send(...parts);
  call.signal.throwIfAborted();
}

function fieldHead(length: number): Uint8Array {
  const head = [TAG_CHUNKS];
  let rest = length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) head.push((rest % 128) | 128);
  head.push(rest);
  return Uint8Array.from(head);
}
