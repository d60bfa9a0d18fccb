import { type DataType, type Field, INT64, type Timeline, TUID_TYPE } from "../../core/index.js";
import type { Chunk, DataColumn, IndexColumn } from "../chunk.js";

/** Version of the chunk encoding that Rerun 0.41 writes. */
export const SORBET_VERSION = "0.1.4";
export const ROW_ID_COLUMN = "rerun.controls.RowId";
export const CHUNK_ID_PREFIX = "chunk_";

export const KEY_CHUNK_ID = "rerun:id";
/** On a schema, or on one column: the entity it belongs to. */
export const KEY_ENTITY_PATH = "rerun:entity_path";
export const KEY_SORBET_VERSION = "sorbet:version";
/** On a column: what it is for. */
export const KEY_KIND = "rerun:kind";
/** Kind of a column of row ids. */
export const KIND_CONTROL = "control";
/** Kind of a timeline. */
export const KIND_INDEX = "index";
/** On a timeline: its name, when it is not the column's. */
export const KEY_INDEX_NAME = "rerun:index_name";
export const KEY_IS_SORTED = "rerun:is_sorted";
/** On a component: its identifier, as `Points3D:positions`. */
export const KEY_COMPONENT = "rerun:component";
/** On a component: full name of its archetype. */
export const KEY_ARCHETYPE = "rerun:archetype";
/** On a component: full name of its type. */
export const KEY_COMPONENT_TYPE = "rerun:component_type";

const TIMESTAMP: DataType = { kind: "timestamp", unit: "ns" };
const DURATION: DataType = { kind: "duration", unit: "ns" };

/** Schema metadata of a chunk; the values that differ from chunk to chunk come last. */
export function chunkMetadata(id: string, entityPath: string): Map<string, string> {
  return new Map([
    [KEY_SORBET_VERSION, SORBET_VERSION],
    [KEY_CHUNK_ID, printChunkId(id)],
    [KEY_ENTITY_PATH, entityPath],
  ]);
}

/** An id as Rerun prints it: the first half in upper case, the second in lower case. */
export function printChunkId(id: string): string {
  return `${CHUNK_ID_PREFIX}${id.slice(0, 16).toUpperCase()}${id.slice(16)}`;
}

/** Arrow type of the times on a timeline. */
export function timelineDataType(timeline: Timeline): DataType {
  return timeline.type === "sequence" ? INT64 : timeline.type === "duration" ? DURATION : TIMESTAMP;
}

/** The fields of a chunk's columns in file order: row ids, timelines, components. */
export function chunkFields(chunk: Chunk): Field[] {
  const fields = [rowIdField(chunk.isSorted)];
  for (const column of chunk.timelines.values()) fields.push(indexField(column));
  for (const column of chunk.components.values()) fields.push(dataField(column));
  return fields;
}

/** The field of a row id column. */
export function rowIdField(isSorted: boolean): Field {
  const metadata = new Map([
    ["ARROW:extension:metadata", '{"namespace":"row"}'],
    ["ARROW:extension:name", "rerun.datatypes.TUID"],
  ]);
  if (isSorted) metadata.set(KEY_IS_SORTED, "true");
  metadata.set(KEY_KIND, KIND_CONTROL);
  return { name: ROW_ID_COLUMN, type: TUID_TYPE, nullable: false, metadata };
}

function indexField(column: IndexColumn): Field {
  const { timeline } = column;
  const metadata = new Map([[KEY_INDEX_NAME, timeline.name]]);
  if (column.isSorted) metadata.set(KEY_IS_SORTED, "true");
  metadata.set(KEY_KIND, KIND_INDEX);
  return { name: timeline.name, type: timelineDataType(timeline), nullable: true, metadata };
}

function dataField(column: DataColumn): Field {
  const { archetype, component, componentType } = column.descriptor;
  const metadata = new Map<string, string>();
  if (archetype !== undefined) metadata.set(KEY_ARCHETYPE, archetype);
  metadata.set(KEY_COMPONENT, component);
  if (componentType !== undefined) metadata.set(KEY_COMPONENT_TYPE, componentType);
  metadata.set(KEY_KIND, "data");
  return { name: component, type: column.list.type, nullable: true, metadata };
}
