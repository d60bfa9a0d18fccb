import { create, toBinary } from "@bufbuild/protobuf";
import { tableToIpc } from "../chunk/arrow.js";
import type { Chunk } from "../chunk/index.js";
import { type ArrayData, BINARY, field, RerunError, TUID_TYPE, tuidFromHex, UTF8, warnOnce } from "../core/index.js";
import { textColumn } from "../dataset/index.js";
import { FieldReader, findArrowPayload } from "../protos/index.js";
import { FetchChunksRequestSchema, RerunCloudService } from "../protos/redap.js";
import { dataframePartFromIpc } from "../rpc/index.js";
import { KIND_ARROW_MSG, MessageDecoder } from "../rrd/index.js";
import { askAll } from "./ask-all.js";
import type { Connection } from "./connection.js";

/** A chunk that the server has: where it says that it lies, and its size. */
export interface ChunkPlace {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string;
  readonly segmentId: string;
  /** About what it takes in memory. */
  readonly sizeBytes: number;
  /** Where the server's key for it stands. */
  readonly keys: ArrayData;
  readonly row: number;
}

/** The server ends a call after so long, as for Rerun's clients. */
const TIMEOUT_MS = 300_000;
const TAG_CHUNKS = 0x0a;

/** One call fetches about so much. */
export const CALL_BYTES: number = 8 * 2 ** 20;
export const CALL_CHUNKS = 4096;
/** So many calls at once. */
export const MAX_CALLS = 4;

/**
 * The chunks at these places, by id, with as many calls as their size asks for. When a call breaks, those of its chunks that have not
 * come are asked for again.
 *
 * @param places no chunk twice
 * @throws RerunError `InvalidData` when the server leaves one out; the reason of `signal`
 */
export async function fetchChunks(
  connection: Connection,
  places: readonly ChunkPlace[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Chunk>> {
  const chunks = new Map<string, Chunk>();
  await askAll(groupsOf(places), (group, own) => fetchGroup(chunks, connection, group, own), signal);
  const missing = places.find(({ id }) => !chunks.has(id));
  if (missing !== undefined) {
    throw new RerunError("InvalidData", `the server left out chunk ${missing.id} of segment '${missing.segmentId}'`);
  }
  return chunks;
}

/** The places of one call each. */
function groupsOf(places: readonly ChunkPlace[]): ChunkPlace[][] {
  const groups: ChunkPlace[][] = [];
  let sizeBytes = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const last = groups[groups.length - 1];
    if (last === undefined || sizeBytes >= CALL_BYTES || last.length >= CALL_CHUNKS) {
      groups.push([place]);
      sizeBytes = 0;
    } else {
      last.push(place);
    }
    sizeBytes += place.sizeBytes;
  }
  return groups;
}

/** Puts the chunks of one call among `chunks`. */
async function fetchGroup(
  chunks: Map<string, Chunk>,
  connection: Connection,
  places: readonly ChunkPlace[],
  signal: AbortSignal,
): Promise<void> {
  await connection.retry(
    async () => {
      const rest = places.filter(({ id }) => !chunks.has(id));
      if (rest.length > 0) await fetchInto(chunks, connection, rest, signal);
    },
    { rule: "scan", signal },
  );
}

async function fetchInto(
  chunks: Map<string, Chunk>,
  connection: Connection,
  places: readonly ChunkPlace[],
  signal: AbortSignal,
): Promise<void> {
  const decoder = new MessageDecoder(warnOnce);
  const take = (message: Uint8Array): void => {
    for (const chunk of chunksOf(message, decoder)) chunks.set(chunk.id, chunk);
  };
  const request = requestOf(places);
  await connection.channel.receive(RerunCloudService.method.fetchChunks, take, {
    request,
    timeoutMs: TIMEOUT_MS,
    dataAt: chunkDataAt,
    signal,
  });
}

function* chunksOf(response: Uint8Array, decoder: MessageDecoder): Generator<Chunk> {
  const reader = new FieldReader(response);
  while (!reader.isAtEnd()) {
    const tag = reader.varint();
    if (tag !== TAG_CHUNKS) {
      reader.skip(tag & 7);
      continue;
    }
    const message = decoder.decode(KIND_ARROW_MSG, reader.bytes(), 0, { isOwn: true });
    if (message.kind === "chunk") yield message.chunk;
  }
}

/** Where the first chunk's data begin, as far as one can see: aligned, they are not copied again. */
function chunkDataAt(start: Uint8Array): number {
  const reader = new FieldReader(start.subarray(0, 16));
  if (start.length < 16 || reader.varint() !== TAG_CHUNKS) return 0;
  reader.varint();
  return reader.position + (findArrowPayload(start.subarray(reader.position)) ?? 0);
}

function requestOf(places: readonly ChunkPlace[]): Uint8Array {
  const ids = new Uint8Array(16 * places.length);
  places.forEach(({ id }, i) => {
    ids.set(tuidFromHex(id), 16 * i);
  });
  const ipc = tableToIpc({
    fields: [field("chunk_id", TUID_TYPE, false), field("chunk_segment_id", UTF8, false), field("chunk_key", BINARY, false)],
    metadata: new Map(),
    numRows: places.length,
    columns: [
      { type: TUID_TYPE, length: places.length, nullCount: 0, values: ids },
      textColumn(places.map(({ segmentId }) => segmentId)),
      keysOf(places),
    ],
  });
  const request = create(FetchChunksRequestSchema, { chunkInfos: [dataframePartFromIpc(ipc)] });
  return toBinary(FetchChunksRequestSchema, request);
}

/** The keys as one column: they may stand in several answers. */
function keysOf(places: readonly ChunkPlace[]): ArrayData {
  const parts = places.map(({ keys, row }) => bytesAt(keys, row));
  const offsets = new Int32Array(parts.length + 1);
  parts.forEach((part, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + part.length;
  });
  const values = new Uint8Array(offsets[parts.length] ?? 0);
  parts.forEach((part, i) => {
    values.set(part, offsets[i]);
  });
  return { type: BINARY, length: parts.length, nullCount: 0, offsets, values };
}

function bytesAt({ offsets, values }: ArrayData, row: number): Uint8Array {
  if (offsets === undefined || !(values instanceof Uint8Array)) throw new RerunError("InvalidData", "chunk keys must be binary");
  return values.subarray(offsets[row], offsets[row + 1]);
}
