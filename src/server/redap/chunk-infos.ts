import * as arrow from "apache-arrow";
import { fieldToArrow, schemaToIpc, tableToIpc } from "../../chunk/arrow.js";
import { binaryArray, boolArray, fixedSizeBinaryArray, nullArray, numberArray, textArray } from "../../chunk/index.js";
import { type ArrayData, type Field, field, INT32, INT64, tuidFromHex, UINT64 } from "../../core/index.js";
import type { DataframePart } from "../../protos/redap.js";
import { dataframePartFromIpc } from "../../rpc/index.js";
import type { DirectUrl } from "../segments/segment-storage.js";
import { chunkKeys, type LayerChunks } from "./layer-chunks.js";
import type { Platform } from "./platform.js";

/** Chunks of one layer that a query found. */
export interface FoundChunks {
  readonly chunks: LayerChunks;
  /** Numbers of the chunks. */
  readonly selected: readonly number[];
  /** Where clients may read the layer's object themselves. */
  readonly direct?: DirectUrl | undefined;
}

const CONTROL: ReadonlyMap<string, string> = new Map([["rerun:kind", "control"]]);
const INDEX: ReadonlyMap<string, string> = new Map([["rerun:kind", "index"]]);

/** Where clients may read for themselves, and until when (nanoseconds): dictionaries of one value, or nulls. */
const DIRECT_URLS: readonly (readonly [string, arrow.DataType])[] = [
  ["rerun_layer_direct_url", new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())],
  ["rerun_layer_direct_url_expires_at", new arrow.Dictionary(new arrow.Int64(), new arrow.Int32())],
];

/** The start of each chunk on a timeline, or what else a query wants to know of their times. */
export interface StartColumn {
  readonly name: string;
  readonly field: Field;
  readonly timeline: string | undefined;
}

/** The column of `FindChunks`. */
export function chunkTimelineStart(timeline: string | undefined): StartColumn {
  const name = "chunk_timeline_start";
  return { name, field: field(name, INT64, true, INDEX), timeline };
}

/** What clients need to know of chunks to fetch them; no rows without `found`. */
export function chunkInfos(platform: Platform, found: FoundChunks | undefined, starts: readonly StartColumn[]): DataframePart {
  const entries = (found?.selected ?? []).flatMap((index) => found?.chunks.manifest.chunks[index] ?? []);
  const keys = found === undefined ? [] : chunkKeys(platform, found.chunks);
  const numRows = entries.length;
  const { segment = "", layer = "" } = found?.chunks.layer ?? {};
  const fields: Field[] = [];
  const columns: ArrayData[] = [];
  const add = (name: string, nullable: boolean, array: ArrayData, metadata?: ReadonlyMap<string, string>): void => {
    fields.push(field(name, array.type, nullable, metadata));
    columns.push(array);
  };
  add(
    "chunk_id",
    false,
    fixedSizeBinaryArray(
      16,
      entries.map(({ id }) => tuidFromHex(id)),
    ),
    CONTROL,
  );
  add("chunk_segment_id", false, textArray(entries.map(() => segment)), CONTROL);
  add("rerun_segment_layer", false, textArray(entries.map(() => layer)));
  add("chunk_key", false, binaryArray((found?.selected ?? []).map((index) => keys[index])));
  add("chunk_entity_path", false, textArray(entries.map(({ entityPath }) => entityPath)), CONTROL);
  add("chunk_is_static", false, boolArray(entries.map(({ isStatic }) => isStatic)), CONTROL);
  add(
    "chunk_byte_len",
    false,
    numberArray(
      UINT64,
      entries.map(({ byteSize }) => BigInt(byteSize)),
    ),
  );
  const uncompressed = entries.map(({ sizeBytes }) => BigInt(sizeBytes));
  add("chunk_byte_size_uncompressed", true, numberArray(UINT64, uncompressed));
  for (const { name, field: own, timeline } of starts) {
    const times = entries.map(({ timelines }) => (timeline === undefined ? undefined : timelines.get(timeline)?.min));
    add(name, true, numberArray(own.type, times), own.metadata);
  }
  const direct = found?.direct;
  const indices = DIRECT_URLS.map(() => (direct === undefined ? nullArray(INT32, numRows) : zeros(numRows)));
  const plain = DIRECT_URLS.map(([name]) => field(name, INT32, true));
  const table = { fields: [...fields, ...plain], metadata: new Map(), numRows, columns: [...columns, ...indices] };
  const head = direct === undefined ? knownHead(fields) : headOf(fields, direct);
  return dataframePartFromIpc(withDictionaries(head, tableToIpc(table), schemaToIpc(table.fields, table.metadata).length));
}

/** What an Arrow stream ends with. */
const END_BYTES = 8;

/**
 * The stream with the schema that has dictionaries: in a record batch a dictionary's column is its indices, so that only what is
 * before the batch differs.
 *
 * @param schemaBytes size of the plain schema as a stream of its own
 */
function withDictionaries(head: Uint8Array, stream: Uint8Array, schemaBytes: number): Uint8Array {
  const batch = stream.subarray(schemaBytes - END_BYTES);
  const out = new Uint8Array(head.length + batch.length);
  out.set(head);
  out.set(batch, head.length);
  return out;
}

const heads = new Map<string, Uint8Array>();
const MAX_HEADS = 64;

/** Without addresses it is the same for all answers with the same columns. */
function knownHead(fields: readonly Field[]): Uint8Array {
  const key = fields.map(({ name, type }) => `${name}:${type.kind}`).join();
  const known = heads.get(key);
  if (known !== undefined) return known;
  const head = headOf(fields, undefined);
  if (heads.size >= MAX_HEADS) heads.clear();
  heads.set(key, head);
  return head;
}

/** Schema and dictionaries, as apache-arrow writes them. */
function headOf(fields: readonly Field[], direct: DirectUrl | undefined): Uint8Array {
  const ends = DIRECT_URLS.map(([name, type]) => new arrow.Field(name, type, true));
  const schema = new arrow.Schema([...fields.map(fieldToArrow), ...ends]);
  const dictionaries = direct === undefined ? [] : [[direct.url], [BigInt(direct.expiresAtMs) * 1_000_000n]];
  const vectors = schema.fields.map(({ type }, i) => {
    const values = dictionaries[i - fields.length];
    const dictionary = values && { dictionary: arrow.vectorFromArray(values, (type as arrow.Dictionary).dictionary) };
    return arrow.makeData({ type, length: 0, nullCount: 0, ...dictionary } as never);
  });
  const struct = arrow.makeData({ type: new arrow.Struct(schema.fields), length: 0, nullCount: 0, children: vectors });
  const bytes = arrow.RecordBatchStreamWriter.writeAll([new arrow.RecordBatch(schema, struct)]).toUint8Array(true);
  return bytes.slice(0, batchStart(bytes));
}

function zeros(length: number): ArrayData {
  return { type: INT32, length, nullCount: 0, values: new Int32Array(length) };
}

function batchStart(stream: Uint8Array): number {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const reader = new arrow.MessageReader(stream);
  for (let at = 0; ; ) {
    const message = reader.readMessage();
    if (message === null || message.isRecordBatch()) return at;
    reader.readMessageBody(message.bodyLength);
    at += 8 + view.getInt32(at + 4, true) + message.bodyLength;
  }
}
