import { type ComponentDescriptor, dataTypeKey } from "../../core/index.js";
import type { Chunk } from "../chunk.js";
import { CONTINUATION } from "./arrow-ids.js";
import { batchBytes, writeBatch } from "./batch-encode.js";
import { BatchPlan } from "./batch-plan.js";
import { CHUNK_ID_PREFIX, chunkFields, chunkMetadata } from "./chunk-metadata.js";
import { MESSAGE_PREFIX_BYTES, schemaFlatbuffer } from "./schema-encode.js";
import { isMetadataFree } from "./type-metadata.js";

/** The schema message of all chunks with the same columns, up to the bytes of the entity path, which come last. */
interface SchemaTemplate {
  readonly bytes: Uint8Array;
  /** Where the 32 digits of the chunk id lie. */
  readonly idAt: number;
  /** Where the length of the entity path lies; its bytes follow. */
  readonly pathAt: number;
}

/** What one chunk becomes: its size is known, nothing is copied yet. */
export interface ChunkIpcPlan {
  readonly chunk: Chunk;
  /** Size of the whole stream in bytes. */
  readonly numBytes: number;
  readonly template: SchemaTemplate;
  readonly path: Uint8Array;
  readonly schemaBytes: number;
  readonly batch: BatchPlan;
}

const MAX_TEMPLATES = 512;
const MAX_PATHS = 4096;
const EMPTY_ID = "0".repeat(32);
const encoder = new TextEncoder();
const templates = new Map<string, SchemaTemplate>();
const paths = new Map<string, Uint8Array>();
const descriptorKeys = new WeakMap<ComponentDescriptor, string>();
let lastTemplate: SchemaTemplate | undefined;
/** What `lastTemplate` was made for: whether sorted, timelines, descriptors and types. */
let lastColumns: unknown[] = [];

/** A chunk as an Arrow IPC stream, as Rerun 0.41 writes it. Every buffer is copied once. */
export function chunkToIpc(chunk: Chunk): Uint8Array {
  const plan = planChunkIpc(chunk);
  const out = new Uint8Array(plan.numBytes);
  writeChunkIpc(plan, out, 0);
  return out;
}

/** Prepares `writeChunkIpc`: says how many bytes the stream will have. */
export function planChunkIpc(chunk: Chunk): ChunkIpcPlan {
  const template = templateOf(chunk);
  const path = pathBytes(chunk.entityPath);
  // The path's text ends with a zero byte; messages are padded to 8 bytes.
  const schemaBytes = Math.ceil((template.pathAt + 4 + path.length + 1) / 8) * 8;
  const batch = new BatchPlan();
  const { numRows } = chunk;
  batch.nodes.push(numRows, 0);
  batch.buffer(undefined, 0, 0);
  batch.buffer(chunk.rowIds, 0, 16 * numRows);
  for (const column of chunk.timelines.values()) {
    batch.nodes.push(numRows, 0);
    batch.buffer(undefined, 0, 0);
    batch.buffer(column.times, 0, 8 * numRows);
  }
  for (const column of chunk.components.values()) batch.add(column.list, 0, numRows);
  return { chunk, numBytes: schemaBytes + batchBytes(batch), template, path, schemaBytes, batch };
}

/** Writes the stream into `out` at `at`. The bytes it covers must be zero. */
export function writeChunkIpc(plan: ChunkIpcPlan, out: Uint8Array, at: number): void {
  const { chunk, template, path, schemaBytes } = plan;
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  out.set(template.bytes, at);
  view.setInt32(at + 4, schemaBytes - MESSAGE_PREFIX_BYTES, true);
  writeDigits(chunk.id, out, at + template.idAt);
  view.setUint32(at + template.pathAt, path.length, true);
  out.set(path, at + template.pathAt + 4);
  writeBatch(plan.batch, chunk.numRows, out, view, at + schemaBytes);
}

/** The id's digits, the first half in upper case. */
function writeDigits(id: string, out: Uint8Array, at: number): void {
  for (let i = 0; i < 32; i++) {
    const code = id.charCodeAt(i);
    out[at + i] = i < 16 && code >= 97 ? code - 32 : code;
  }
}

function pathBytes(path: string): Uint8Array {
  let bytes = paths.get(path);
  if (bytes === undefined) {
    if (paths.size >= MAX_PATHS) paths.clear();
    bytes = encoder.encode(path);
    paths.set(path, bytes);
  }
  return bytes;
}

function templateOf(chunk: Chunk): SchemaTemplate {
  if (lastTemplate === undefined || !hasLastColumns(chunk)) {
    lastTemplate = findTemplate(chunk);
    lastColumns = [chunk.isSorted];
    for (const { timeline, isSorted } of chunk.timelines.values()) lastColumns.push(timeline, isSorted);
    for (const { descriptor, list } of chunk.components.values()) lastColumns.push(descriptor, list.type);
  }
  return lastTemplate;
}

/** Whether the columns are those of the last template, the very same objects: so it is for chunks of many entities in a row. */
function hasLastColumns(chunk: Chunk): boolean {
  const columns = lastColumns;
  let at = 0;
  if (columns[at++] !== chunk.isSorted) return false;
  for (const { timeline, isSorted } of chunk.timelines.values()) {
    if (columns[at++] !== timeline || columns[at++] !== isSorted) return false;
  }
  for (const { descriptor, list } of chunk.components.values()) {
    if (columns[at++] !== descriptor || columns[at++] !== list.type) return false;
  }
  return at === columns.length;
}

function findTemplate(chunk: Chunk): SchemaTemplate {
  let key = chunk.isSorted ? "s" : "u";
  for (const { timeline, isSorted } of chunk.timelines.values()) {
    key += `\u0001${timeline.name}\u0002${timeline.type}${isSorted ? "s" : "u"}`;
  }
  for (const { descriptor, list } of chunk.components.values()) {
    // The key says nothing of metadata inside of types, which next to no data have.
    if (!isMetadataFree(list.type)) return makeTemplate(chunk);
    key += `\u0003${descriptorKey(descriptor)}\u0004${dataTypeKey(list.type)}`;
  }
  let template = templates.get(key);
  if (template === undefined) {
    if (templates.size >= MAX_TEMPLATES) templates.clear();
    template = makeTemplate(chunk);
    templates.set(key, template);
  }
  return template;
}

function descriptorKey(descriptor: ComponentDescriptor): string {
  let key = descriptorKeys.get(descriptor);
  if (key === undefined) {
    key = JSON.stringify([descriptor.component, descriptor.archetype ?? null, descriptor.componentType ?? null]);
    descriptorKeys.set(descriptor, key);
  }
  return key;
}

function makeTemplate(chunk: Chunk): SchemaTemplate {
  const { bytes, values } = schemaFlatbuffer(chunkFields(chunk), chunkMetadata(EMPTY_ID, ""));
  const [, idAt = 0, pathAt = 0] = values;
  const message = new Uint8Array(MESSAGE_PREFIX_BYTES + pathAt);
  new DataView(message.buffer).setUint32(0, CONTINUATION, true);
  message.set(bytes.subarray(0, pathAt), MESSAGE_PREFIX_BYTES);
  return {
    bytes: message,
    idAt: MESSAGE_PREFIX_BYTES + idAt + 4 + CHUNK_ID_PREFIX.length,
    pathAt: MESSAGE_PREFIX_BYTES + pathAt,
  };
}
