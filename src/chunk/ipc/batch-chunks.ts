import type * as arrow from "apache-arrow";
import {
  type ArrayData,
  type ComponentDescriptor,
  dataTypeKey,
  type Field,
  isRerunError,
  listOf,
  newTuid,
  normalizeEntityPath,
  RerunError,
  type Timeline,
  TUID_BYTES,
  type TuidSource,
  tuidToHex,
  type WarningReporter,
} from "../../core/index.js";
import { concatPieces } from "../array-ops.js";
import type { Chunk, DataColumn } from "../chunk.js";
import { countingRowIds } from "../column-chunk.js";
import { makeChunk } from "../make-chunk.js";
import { arrayFromArrow } from "./arrow-arrays.js";
import { fieldFromArrow } from "./arrow-types.js";
import { parseChunkId } from "./chunk-columns.js";
import {
  KEY_ARCHETYPE,
  KEY_CHUNK_ID,
  KEY_COMPONENT,
  KEY_COMPONENT_TYPE,
  KEY_ENTITY_PATH,
  KEY_INDEX_NAME,
  KEY_KIND,
} from "./chunk-metadata.js";

/** How the columns of a record batch are to be understood. */
export interface BatchChunksOptions {
  /** Names of the columns that are timelines; `null` = none, the data are static. Default: those that their metadata call so. */
  readonly index?: string | readonly string[] | null | undefined;
  /** Where columns belong that say nothing of it. Default: the root. */
  readonly entityPath?: string | undefined;
  /** Where the ids of chunks come from that have none of their own. */
  readonly tuids: TuidSource;
  /** Told of what is understood in another way than it is written. */
  readonly warn: WarningReporter;
  /** Told of each column that is left out, because its type has no counterpart. May throw. */
  readonly leftOut: WarningReporter;
}

interface Column {
  readonly name: string;
  readonly kind: "rowId" | "index" | "data";
  readonly field: Field;
  readonly array: ArrayData;
}

interface TimeValues {
  readonly timeline: Timeline;
  readonly times: BigInt64Array;
}

/**
 * The chunks that a record batch of any kind makes: one for each entity that its columns belong to. A column's entity is told by
 * its metadata, by those of the batch, or by its name (`/entity:component`). Columns that are no lists have one instance in
 * each row. Copies.
 *
 * @throws RerunError `InvalidArgument` when it cannot be understood
 */
export function chunksFromRecordBatch(batch: arrow.RecordBatch, options: BatchChunksOptions): Chunk[] {
  const { index, entityPath, tuids } = options;
  const columns = columnsOf(batch, options);
  const id = batch.schema.metadata.get(KEY_CHUNK_ID);
  const rowIdColumn = columns.find((column) => column.kind === "rowId");
  const isIdentified = id !== undefined && rowIdColumn !== undefined && index === undefined && entityPath === undefined;
  const isIndex = indexFilter(columns, index, isIdentified);
  const times = columns.filter(isIndex).map(timesOf);
  const data = columns.filter((column) => column.kind !== "rowId" && !isIndex(column));
  if (data.length === 0) {
    throw invalid("the record batch has no component columns: there is nothing to log");
  }
  const entities = byEntity(data, batch.schema.metadata.get(KEY_ENTITY_PATH), options);
  if (!isIdentified) return [...entities].map(([path, components]) => freshChunk(path, times, components, batch.numRows, tuids));
  const [entity, ...others] = entities;
  if (entity === undefined || others.length > 0) {
    const paths = [...entities.keys()].join(", ");
    throw invalid(`a record batch with row ids and a chunk id is one chunk, of one entity, got columns of ${paths}`);
  }
  const rowIds = copyOf(rowIdColumn.array).values as Uint8Array;
  return [makeChunk({ id: parseChunkId(id), entityPath: entity[0], rowIds, timelines: times, components: entity[1] })];
}

function columnsOf(batch: arrow.RecordBatch, { leftOut }: BatchChunksOptions): Column[] {
  return batch.schema.fields.flatMap((source, i): Column[] => {
    const child = batch.data.children[i];
    try {
      if (child === undefined) throw new RerunError("InvalidData", "no data");
      const field = fieldFromArrow(source);
      return [{ name: source.name, kind: kindOf(field), field, array: arrayFromArrow(child) }];
    } catch (error) {
      if (!isRerunError(error, "Unsupported", "InvalidData")) throw error;
      leftOut({ code: error.code, message: `column "${source.name}": ${error.message}. The column is left out` });
      return [];
    }
  });
}

function kindOf({ type, metadata }: Field): Column["kind"] {
  const kind = metadata?.get(KEY_KIND);
  if (kind === "index" || kind === "time") return "index";
  const isRowIds = (kind === "control" || kind === "row_id") && type.kind === "fixedSizeBinary" && type.size === TUID_BYTES;
  return isRowIds ? "rowId" : "data";
}

/** Which columns are timelines. @throws RerunError `InvalidArgument` */
function indexFilter(
  columns: readonly Column[],
  index: BatchChunksOptions["index"],
  isIdentified: boolean,
): (column: Column) => boolean {
  if (index === undefined) {
    if (!isIdentified && !columns.some((column) => column.kind === "index")) {
      throw invalid(
        "the record batch has no index column: give { index: <column> } for data over time, { index: null } for static data",
      );
    }
    return (column) => column.kind === "index";
  }
  const names = index === null ? [] : typeof index === "string" ? [index] : index;
  for (const name of names) {
    if (!columns.some((column) => column.name === name)) {
      const known = columns.map((column) => `"${column.name}"`).join(", ");
      throw invalid(`index: expected one of the columns ${known}, got "${name}"`);
    }
  }
  if (index === null && columns.some((column) => column.kind === "index")) {
    throw invalid("index: null says that the data are static, but the record batch has index columns by its metadata");
  }
  return (column) => names.includes(column.name);
}

function timesOf({ name, field, array }: Column): TimeValues {
  const { type } = field;
  const kind =
    type.kind === "int" && type.bits === 64 && type.signed
      ? "sequence"
      : (type.kind === "timestamp" || type.kind === "duration") && type.unit === "ns"
        ? type.kind
        : undefined;
  if (kind === undefined) {
    throw invalid(`index column "${name}": expected Int64, Timestamp(ns) or Duration(ns), got ${dataTypeKey(type)}`);
  }
  if (array.nullCount > 0) {
    throw invalid(`index column "${name}": expected a time in every row, got nulls: static data are said with { index: null }`);
  }
  const times = (array.values as BigInt64Array).slice(0, array.length);
  return { timeline: { name: field.metadata?.get(KEY_INDEX_NAME) ?? name, type: kind }, times };
}

/** Columns by the canonical path of their entity, in the order in which these come up. */
function byEntity(
  data: readonly Column[],
  batchPath: string | undefined,
  options: BatchChunksOptions,
): Map<string, DataColumn[]> {
  const entities = new Map<string, DataColumn[]>();
  for (const { name, field, array } of data) {
    const own = field.metadata?.get(KEY_ENTITY_PATH) ?? batchPath;
    const named = own === undefined ? /^(\/[^:]*):(.*)$/s.exec(name) : null;
    const path = normalizeEntityPath(own ?? named?.[1] ?? options.entityPath ?? "/", options.warn);
    const component = field.metadata?.get(KEY_COMPONENT) ?? (named?.[2] || name);
    const columns = entities.get(path) ?? [];
    if (columns.some((column) => column.descriptor.component === component)) {
      throw invalid(`component column "${component}" comes twice: ${path}`);
    }
    entities.set(path, [...columns, { descriptor: descriptorOf(component, field), list: cellsOf(field, array) }]);
  }
  return entities;
}

function descriptorOf(component: string, { metadata }: Field): ComponentDescriptor {
  const archetype = metadata?.get(KEY_ARCHETYPE);
  const componentType = metadata?.get(KEY_COMPONENT_TYPE);
  return {
    component,
    ...(archetype === undefined ? {} : { archetype }),
    ...(componentType === undefined ? {} : { componentType }),
  };
}

/** One list for each row; a null that is no list's is a row without the component. */
function cellsOf({ type }: Field, array: ArrayData): ArrayData {
  const { length, nullCount } = array;
  if (type.kind === "list") return { ...copyOf(array), type: listOf(type.item.type) };
  const offsets = new Int32Array(length + 1);
  for (let i = 0; i < offsets.length; i++) offsets[i] = i;
  const list = { type: listOf(type), length, offsets, children: [copyOf(array)] };
  if (nullCount === 0 || array.validity === undefined) return { ...list, nullCount: 0 };
  return { ...list, nullCount, validity: array.validity.slice() };
}

function copyOf(array: ArrayData): ArrayData {
  return concatPieces(array.type, [{ array, start: 0, length: array.length }]);
}

function freshChunk(
  entityPath: string,
  timelines: readonly TimeValues[],
  components: readonly DataColumn[],
  numRows: number,
  tuids: TuidSource,
): Chunk {
  const id = newTuid(tuids);
  return makeChunk({ id: tuidToHex(id), entityPath, rowIds: countingRowIds(id, numRows), timelines, components });
}

function invalid(message: string): RerunError {
  return new RerunError("InvalidArgument", message);
}
