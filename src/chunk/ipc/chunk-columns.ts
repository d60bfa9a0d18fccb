import {
  type ComponentDescriptor,
  compareDescriptors,
  type DataType,
  dataTypeKey,
  type Field,
  listOf,
  type TimeType,
} from "../../core/index.js";
import {
  CHUNK_ID_PREFIX,
  KEY_ARCHETYPE,
  KEY_CHUNK_ID,
  KEY_COMPONENT,
  KEY_COMPONENT_TYPE,
  KEY_ENTITY_PATH,
  KEY_INDEX_NAME,
  KEY_KIND,
} from "./chunk-metadata.js";
import { corrupt } from "./flat-reader.js";
import { isMetadataFree } from "./type-metadata.js";

/** What a column of a chunk is for. */
export type ColumnRole =
  | { readonly kind: "rowId" }
  | { readonly kind: "index"; readonly name: string; readonly type: TimeType }
  /** `listType` is the type that the cells get; `isList` says whether the column holds lists already. */
  | {
      readonly kind: "data";
      readonly descriptor: ComponentDescriptor;
      readonly listType: DataType;
      readonly isList: boolean;
    }
  /** A column that later versions do without. */
  | { readonly kind: "dropped" };

/** The roles of all columns, and the order in which a chunk has them. */
export interface ColumnRoles {
  readonly roles: readonly ColumnRole[];
  readonly order: readonly number[];
}

const MAX_INTERNED = 4096;
const descriptors = new Map<string, ComponentDescriptor>();
const listTypes = new Map<string, DataType>();

/**
 * What each column is for, by Rerun's forgiving rules: no kind means data, no component means the field's name, any type that
 * is no list is a list of one.
 *
 * @param fields `undefined` = dropped
 * @throws RerunError `CorruptFile` for no or several row id columns, unknown kinds and unknown types of times
 */
export function columnRoles(fields: readonly (Field | undefined)[]): ColumnRoles {
  const roles = fields.map((field): ColumnRole => (field === undefined ? { kind: "dropped" } : columnRole(field)));
  const numRowIds = roles.filter((role) => role.kind === "rowId").length;
  if (numRowIds !== 1) throw corrupt(`a chunk has ${numRowIds} columns of row ids, expected 1`);
  const order = roles.flatMap(({ kind }, index) => (kind === "dropped" ? [] : [index]));
  return { roles, order: order.sort((a, b) => compareRoles(roles[a] as ColumnRole, roles[b] as ColumnRole)) };
}

const RANKS = { rowId: 0, index: 1, data: 2, dropped: 3 } as const;

/** Row ids, timelines by name, components by descriptor. */
function compareRoles(a: ColumnRole, b: ColumnRole): number {
  if (a.kind === "index" && b.kind === "index") return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  if (a.kind === "data" && b.kind === "data") return compareDescriptors(a.descriptor, b.descriptor);
  return RANKS[a.kind] - RANKS[b.kind];
}

function columnRole(field: Field): ColumnRole {
  const kind = field.metadata?.get(KEY_KIND);
  switch (kind) {
    case "control":
    case "row_id":
      if (field.type.kind !== "fixedSizeBinary" || field.type.size !== 16) {
        throw corrupt(`row ids are ${dataTypeKey(field.type)}, expected FixedSizeBinary(16)`);
      }
      return { kind: "rowId" };
    case "index":
    case "time":
      return { kind: "index", name: field.metadata?.get(KEY_INDEX_NAME) ?? field.name, type: timeType(field) };
    case undefined:
    case "data":
    case "component": {
      const isList = field.type.kind === "list";
      const item = field.type.kind === "list" ? field.type.item.type : field.type;
      return { kind: "data", descriptor: descriptorOf(field), listType: listTypeOf(item), isList };
    }
    default:
      throw corrupt(`the column "${field.name}" is of the unknown kind "${kind}"`);
  }
}

function timeType(field: Field): TimeType {
  const { type } = field;
  if (type.kind === "int" && type.bits === 64 && type.signed) return "sequence";
  if (type.kind === "timestamp" && type.unit === "ns") return "timestamp";
  if (type.kind === "duration" && type.unit === "ns") return "duration";
  throw corrupt(`the timeline "${field.name}" is ${dataTypeKey(type)}, expected Int64, Timestamp(ns) or Duration(ns)`);
}

/** Equal descriptors are one object: identity is a cheap key further on. */
function descriptorOf(field: Field): ComponentDescriptor {
  const component = field.metadata?.get(KEY_COMPONENT) ?? field.name;
  const archetype = field.metadata?.get(KEY_ARCHETYPE);
  const componentType = field.metadata?.get(KEY_COMPONENT_TYPE);
  const key = JSON.stringify([component, archetype ?? null, componentType ?? null]);
  let descriptor = descriptors.get(key);
  if (descriptor === undefined) {
    if (descriptors.size >= MAX_INTERNED) descriptors.clear();
    descriptor = {
      component,
      ...(archetype === undefined ? {} : { archetype }),
      ...(componentType === undefined ? {} : { componentType }),
    };
    descriptors.set(key, descriptor);
  }
  return descriptor;
}

function listTypeOf(item: DataType): DataType {
  if (!isMetadataFree(item)) return listOf(item);
  const key = dataTypeKey(item);
  let type = listTypes.get(key);
  if (type === undefined) {
    if (listTypes.size >= MAX_INTERNED) listTypes.clear();
    type = listOf(item);
    listTypes.set(key, type);
  }
  return type;
}

/** Id and entity path as they stand in a chunk's metadata. */
export interface ChunkNames {
  readonly id: string;
  readonly entityPath: string;
}

/** @throws RerunError `CorruptFile` when one is missing */
export function chunkNames(metadata: ReadonlyMap<string, string>): ChunkNames {
  const id = metadata.get(KEY_CHUNK_ID);
  const entityPath = metadata.get(KEY_ENTITY_PATH);
  if (id === undefined) throw corrupt(`a chunk without id: its metadata have no "${KEY_CHUNK_ID}"`);
  if (entityPath === undefined) throw corrupt(`a chunk without entity path: its metadata have no "${KEY_ENTITY_PATH}"`);
  return { id, entityPath };
}

/** The 32 lower-case digits of an id written with or without prefix, in any case. */
export function parseChunkId(text: string): string {
  const digits = (text.startsWith(CHUNK_ID_PREFIX) ? text.slice(CHUNK_ID_PREFIX.length) : text).toLowerCase();
  if (!/^[0-9a-f]{1,32}$/.test(digits)) throw corrupt(`"${text.slice(0, 80)}" is no chunk id`);
  return digits.padStart(32, "0");
}
