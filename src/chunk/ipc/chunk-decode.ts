import type { ArrayData, Warning, WarningReporter } from "../../core/index.js";
import { warnOnce } from "../../core/index.js";
import type { Chunk } from "../chunk.js";
import { MESSAGE_DICTIONARY, MESSAGE_RECORD_BATCH, MESSAGE_SCHEMA } from "./arrow-ids.js";
import { BatchReader } from "./batch-decode.js";
import { asCorrupt, assembleChunk } from "./chunk-assemble.js";
import { type ChunkNames, chunkNames, columnRoles } from "./chunk-columns.js";
import { KEY_CHUNK_ID, KEY_ENTITY_PATH } from "./chunk-metadata.js";
import { expandDictionary, readDictionaryBatch } from "./dictionaries.js";
import { corrupt } from "./flat-reader.js";
import { type IpcMessage, int32, messageStart, readMessage } from "./message.js";
import { migrateSchema, movedEntityPath } from "./migrate.js";
import { type ChunkLayout, SchemaCache } from "./schema-cache.js";
import { NotDirect, readSchema, type WireField } from "./schema-decode.js";
import { readTableSchema } from "./table-schemas.js";

export interface ChunkFromIpcOptions {
  /** Where problems go that do not stop the work. Default: printed once. */
  readonly warn?: WarningReporter;
}

/** Reads a chunk of types that this reader does not know. */
export type OtherReader = (bytes: Uint8Array, warn: WarningReporter) => Chunk;

interface Schema {
  readonly layout: ChunkLayout;
  readonly names: ChunkNames;
  /** Where the next message begins. */
  readonly next: number;
}

const cache = new SchemaCache();

/**
 * The chunk in an Arrow IPC stream. Its arrays are views of `bytes` (of one copy, when those are not aligned to 8 bytes), which
 * must not change any more.
 *
 * @param readOther reads what has types without a direct reader
 * @throws RerunError `CorruptFile`, whatever the bytes are
 */
export function decodeChunkIpc(bytes: Uint8Array, options: ChunkFromIpcOptions, readOther: OtherReader): Chunk {
  const warn = options.warn ?? warnOnce;
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  try {
    const { layout, names, next } = readChunkSchema(aligned);
    for (const warning of layout.warnings) warn(warning);
    const message = readMessage(aligned, next);
    if (message === undefined) throw corrupt("a stream without a record batch");
    if (message.headerType !== MESSAGE_RECORD_BATCH)
      throw corrupt(`a message of kind ${message.headerType}, expected a record batch`);
    const reader = new BatchReader(message.reader, message.header, message.body);
    const columns: ArrayData[] = layout.fields.map((field) => reader.read(field));
    return assembleChunk(names, layout.roles, columns, reader.numRows, warn);
  } catch (error) {
    if (!(error instanceof NotDirect)) throw asCorrupt(error);
    checkMessages(aligned, "firstBatch");
    return readOther(aligned, warn);
  }
}

/**
 * Makes sure that the messages of a stream say nothing of more fields, arrays and buffers than they can hold: whoever reads them
 * next (apache-arrow) believes it.
 *
 * @throws RerunError `CorruptFile`
 */
export function checkMessages(bytes: Uint8Array, until: "firstBatch" | "end"): void {
  for (let at = 0; ; ) {
    const message = readMessage(bytes, at);
    if (message === undefined) return;
    const { reader, headerType, header } = message;
    if (headerType === MESSAGE_SCHEMA) checkSchema(message);
    const batch = headerType === MESSAGE_DICTIONARY ? reader.tableIn(header, 1) : header;
    if (headerType !== MESSAGE_SCHEMA) checkBatch(message, batch);
    if (headerType === MESSAGE_RECORD_BATCH && until === "firstBatch") return;
    at = message.next;
  }
}

/** Of arrays that take no bytes (nulls, empty structs) there may be some, but nobody can count to 2^62. */
const MAX_BODILESS = 2 ** 20;

function checkBatch({ reader, body }: IpcMessage, batch: number): void {
  const maxLength = MAX_BODILESS + 8 * body.length;
  const checkLength = (at: number, what: string): void => {
    const length = at === 0 ? 0 : reader.i64(at);
    if (length < 0 || length > maxLength) throw corrupt(`${length} ${what} in ${body.length} bytes`);
  };
  checkLength(reader.slot(batch, 0, 8), "rows");
  const nodes = reader.vectorIn(batch, 1, 16);
  for (let i = 0; i < nodes.count; i++) {
    checkLength(nodes.at + 16 * i, "elements");
    checkLength(nodes.at + 16 * i + 8, "nulls");
  }
  const buffers = reader.vectorIn(batch, 2, 16);
  for (let i = 0; i < buffers.count; i++) {
    const [at, length] = [reader.i64(buffers.at + 16 * i), reader.i64(buffers.at + 16 * i + 8)];
    if (at < 0 || length < 0 || at + length > body.length) throw corrupt(`a buffer up to byte ${at + length} of ${body.length}`);
  }
  reader.vectorIn(batch, 4, 8);
}

function checkSchema({ reader, header }: IpcMessage): void {
  try {
    readSchema(reader, header);
  } catch (error) {
    if (!(error instanceof NotDirect)) throw asCorrupt(error);
  }
}

function readChunkSchema(bytes: Uint8Array): Schema {
  const start = messageStart(bytes, 0);
  const end = start + int32(bytes, start - 4);
  const flatbuffer = end > start && end <= bytes.length ? bytes.subarray(start, end) : undefined;
  const known = flatbuffer === undefined ? undefined : cache.find(flatbuffer);
  if (known !== undefined) return placed({ ...known, next: end });
  const message = readMessage(bytes, 0);
  if (message === undefined) throw corrupt("an empty stream");
  if (message.headerType !== MESSAGE_SCHEMA) throw corrupt(`a message of kind ${message.headerType}, expected a schema`);
  const { fields, metadata, valuePositions } = readSchema(message.reader, message.header);
  const warnings: Warning[] = [];
  const migrated = migrateSchema(
    fields.map((wire) => wire.field),
    metadata,
    (warning) => warnings.push(warning),
  );
  const names = chunkNames(migrated.metadata);
  const { movesProperties } = migrated;
  const layout = { fields, roles: columnRoles(migrated.fields), warnings, movesProperties };
  const [idAt, pathAt] = [KEY_CHUNK_ID, KEY_ENTITY_PATH].map(
    (key) => valuePositions.get(key) ?? valuePositions.get(key.replace(":", ".")),
  );
  // A body is not part of the key, and a schema has none.
  if (idAt !== undefined && pathAt !== undefined && message.body.length === 0 && flatbuffer !== undefined) {
    cache.add(flatbuffer, layout, idAt, pathAt);
  }
  return placed({ layout, names, next: message.next });
}

function placed(schema: Schema): Schema {
  if (!schema.layout.movesProperties) return schema;
  return { ...schema, names: { ...schema.names, entityPath: movedEntityPath(schema.names.entityPath) } };
}

/** Any record batch as it was read. */
export interface DecodedTable {
  readonly fields: readonly WireField["field"][];
  readonly metadata: ReadonlyMap<string, string>;
  readonly numRows: number;
  readonly columns: readonly ArrayData[];
}

/**
 * The first record batch of an Arrow IPC stream; no rows when the stream holds a schema only.
 *
 * @param readOther reads what has types without a direct reader
 * @throws RerunError `CorruptFile`
 */
export function decodeTableIpc(bytes: Uint8Array, readOther: (bytes: Uint8Array) => DecodedTable): DecodedTable {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  try {
    const schema = readMessage(aligned, 0);
    if (schema === undefined || schema.headerType !== MESSAGE_SCHEMA) throw corrupt("a stream without a schema");
    const { wire, fields, metadata } = readTableSchema(schema);
    const dictionaries = new Map<number, ArrayData>();
    let batch = readMessage(aligned, schema.next);
    for (; batch?.headerType === MESSAGE_DICTIONARY; batch = readMessage(aligned, batch.next)) {
      readDictionaryBatch(batch, wire, dictionaries);
    }
    if (batch === undefined) return { fields, metadata, numRows: 0, columns: [] };
    if (batch.headerType !== MESSAGE_RECORD_BATCH)
      throw corrupt(`a message of kind ${batch.headerType}, expected a record batch`);
    const reader = new BatchReader(batch.reader, batch.header, batch.body);
    const columns = wire.map((each) => {
      const { dictionary, field } = each;
      if (dictionary === undefined) return reader.read(each);
      return expandDictionary(field.type, reader.read(dictionary.index), dictionaries.get(dictionary.id));
    });
    if (columns.some((column) => column.length !== reader.numRows)) throw corrupt("columns of different lengths");
    return { fields, metadata, numRows: reader.numRows, columns };
  } catch (error) {
    if (error instanceof NotDirect) return readOther(aligned);
    throw asCorrupt(error);
  }
}
