import { type DecodedTable, tableFromIpc } from "../chunk/arrow.js";
import type { ChunkEntry, ComponentEntry } from "../chunk/index.js";
import {
  type ArrayData,
  type ComponentDescriptor,
  type DataType,
  type Field,
  isValidAt,
  RerunError,
  type StoreId,
  type Timeline,
  type TimeRange,
  tuidToHex,
  valueAt,
} from "../core/index.js";
import { Compression, type RrdManifestMessage } from "../protos/index.js";
import { decompressBlock } from "./lz4-codec.js";
import { descriptorKey } from "./manifest-rows.js";
import { manifestName, STATIC_INDEX } from "./manifest-table.js";
import { storeIdFromMessage } from "./messages.js";

/** What a file's footer says of the chunks of one store. */
export interface RrdManifest {
  readonly storeId: StoreId;
  /** In file order. */
  readonly chunks: readonly ManifestChunk[];
  readonly timelines: readonly Timeline[];
  /** The columns of the whole recording in dataframe form. */
  readonly fields: readonly Field[];
  /** The same as Arrow IPC; it may be a view. */
  readonly schema: Uint8Array;
  /** Of the schema, as the writer of the file computed it; empty when it did not. */
  readonly schemaSha256: Uint8Array;
  /** The manifest itself, one row per chunk. */
  readonly table: DecodedTable;
}

/** One chunk as a manifest describes it: enough to decide whether it is needed, and to read it. */
export interface ManifestChunk extends ChunkEntry {
  /** Where the message's payload lies in the file, and its size. */
  readonly byteOffset: number;
  readonly byteSize: number;
}

interface IndexColumns {
  readonly start: ArrayData;
  readonly end: ArrayData;
}

/** What the manifest says of one component on one timeline. */
interface CellColumns extends IndexColumns {
  readonly timeline: string;
  readonly counts: ArrayData;
}

interface ComponentColumns {
  readonly descriptor: ComponentDescriptor;
  readonly hasStatic: ArrayData | undefined;
  readonly cells: readonly CellColumns[];
}

/** @throws RerunError `CorruptFile` */
export function readManifest(message: RrdManifestMessage): RrdManifest {
  const storeId = storeIdFromMessage(message.storeId, () => undefined);
  const table = tableFromIpc(tableBytes(message));
  const schema = message.sorbetSchema?.arrowSchema;
  if (schema === undefined) throw damaged("it has no schema");
  // Most callers need no more than its bytes, and reading it is a third of the work for a small file.
  let parsed: readonly Field[] | undefined;
  const fields = (): readonly Field[] => {
    parsed ??= tableFromIpc(schema).fields;
    return parsed;
  };
  const layout = layoutOf(table.fields);
  const timelines = timelineColumns(layout, table);
  const chunks = readChunks(table, timelines, componentColumns(layout, table), () => componentsByEntity(fields()));
  const schemaSha256 = message.sorbetSchemaSha256 ?? new Uint8Array(0);
  return {
    storeId,
    chunks,
    timelines: timelines.map((entry) => entry.timeline),
    get fields() {
      return fields();
    },
    schema,
    schemaSha256,
    table,
  };
}

/** Where the columns of timelines and components stand: numbers of columns. The same for all manifests with the same columns. */
interface ManifestLayout {
  readonly timelines: readonly { readonly timeline: Timeline; readonly start: number; readonly end: number }[];
  readonly components: readonly {
    readonly descriptor: ComponentDescriptor;
    readonly hasStatic: number | undefined;
    readonly cells: readonly {
      readonly timeline: string;
      readonly start: number;
      readonly end: number;
      readonly counts: number;
    }[];
  }[];
}

const layouts = new WeakMap<readonly Field[], ManifestLayout>();

function layoutOf(fields: readonly Field[]): ManifestLayout {
  let layout = layouts.get(fields);
  if (layout === undefined) {
    layout = { timelines: timelinesOf(fields), components: componentsOf(fields) };
    layouts.set(fields, layout);
  }
  return layout;
}

function timelinesOf(fields: readonly Field[]): ManifestLayout["timelines"] {
  return fields.flatMap(({ name: column, type, metadata }, start) => {
    const name = metadata?.get("rerun:index");
    if (name === undefined || metadata?.has("rerun:component") || column !== `${manifestName(name)}:start`) return [];
    const end = fields.findIndex((field) => field.name === `${manifestName(name)}:end`);
    if (fields[end]?.type.kind !== type.kind) throw damaged(`it has no column "${manifestName(name)}:end" of type ${type.kind}`);
    return [{ timeline: { name, type: timeType(type) }, start, end }];
  });
}

const CELL_COLUMN = /:(has_static_data|start|end|num_rows)$/;

/** The columns of each component, by descriptor. */
function componentsOf(fields: readonly Field[]): ManifestLayout["components"] {
  const groups = new Map<string, { descriptor: ComponentDescriptor; columns: Map<string, Map<string, number>> }>();
  fields.forEach((field, index) => {
    const timeline = field.metadata?.get("rerun:index");
    const component = field.metadata?.get("rerun:component");
    const [, what] = CELL_COLUMN.exec(field.name) ?? [];
    if (timeline === undefined || component === undefined || what === undefined) return;
    const descriptor = descriptorOf(component, field);
    const key = descriptorKey(descriptor);
    const group = groups.get(key) ?? { descriptor, columns: new Map<string, Map<string, number>>() };
    groups.set(key, group);
    const columns = group.columns.get(timeline) ?? new Map<string, number>();
    group.columns.set(timeline, columns.set(what, index));
  });
  return [...groups.values()].map(({ descriptor, columns }) => ({
    descriptor,
    hasStatic: columns.get(STATIC_INDEX)?.get("has_static_data"),
    cells: [...columns].flatMap(([timeline, parts]) => {
      const [start, end, counts] = [parts.get("start"), parts.get("end"), parts.get("num_rows")];
      return start === undefined || end === undefined || counts === undefined ? [] : [{ timeline, start, end, counts }];
    }),
  }));
}

function timelineColumns({ timelines }: ManifestLayout, table: DecodedTable): (IndexColumns & { readonly timeline: Timeline })[] {
  return timelines.map(({ timeline, start, end }) => ({ timeline, start: columnAt(table, start), end: columnAt(table, end) }));
}

function componentColumns({ components }: ManifestLayout, table: DecodedTable): ComponentColumns[] {
  return components.map(({ descriptor, hasStatic, cells }) => ({
    descriptor,
    hasStatic: hasStatic === undefined ? undefined : columnAt(table, hasStatic),
    cells: cells.map(({ timeline, start, end, counts }) => ({
      timeline,
      start: columnAt(table, start),
      end: columnAt(table, end),
      counts: columnAt(table, counts),
    })),
  }));
}

function columnAt(table: DecodedTable, index: number): ArrayData {
  return table.columns[index] ?? raiseMissing(table.fields[index]?.name);
}

function raiseMissing(name: string | undefined): never {
  throw damaged(`it has no column "${name}"`);
}

const ofEntities = new WeakMap<readonly Field[], ReadonlyMap<string, readonly ComponentDescriptor[]>>();

/** The components that the recording's schema knows of each entity. */
function componentsByEntity(fields: readonly Field[]): ReadonlyMap<string, readonly ComponentDescriptor[]> {
  const known = ofEntities.get(fields);
  if (known !== undefined) return known;
  const byEntity = new Map<string, ComponentDescriptor[]>();
  for (const field of fields) {
    const [path, component] = [field.metadata?.get("rerun:entity_path"), field.metadata?.get("rerun:component")];
    if (path === undefined || component === undefined) continue;
    byEntity.set(path, [...(byEntity.get(path) ?? []), descriptorOf(component, field)]);
  }
  ofEntities.set(fields, byEntity);
  return byEntity;
}

function tableBytes(message: RrdManifestMessage): Uint8Array {
  const { payload, compression, uncompressedSize } = message.data ?? {};
  if (payload === undefined) throw damaged("it has no data");
  if (compression !== Compression.LZ4) return payload;
  if (uncompressedSize === undefined || uncompressedSize > 0x7fffffffn)
    throw damaged(`it is said to have ${uncompressedSize} bytes`);
  return decompressBlock(payload, Number(uncompressedSize));
}

function readChunks(
  table: DecodedTable,
  timelines: readonly (IndexColumns & { readonly timeline: Timeline })[],
  components: readonly ComponentColumns[],
  ofEntity: () => ReadonlyMap<string, readonly ComponentDescriptor[]>,
): ManifestChunk[] {
  const paths = columnOf(table, "chunk_entity_path", "utf8");
  const ids = columnOf(table, "chunk_id", "fixedSizeBinary").values as Uint8Array;
  const isStatic = columnOf(table, "chunk_is_static", "bool");
  const counts = countsOf(table, "chunk_num_rows");
  const offsets = countsOf(table, "chunk_byte_offset");
  const sizes = countsOf(table, "chunk_byte_size");
  const uncompressed = countsOf(table, "chunk_byte_size_uncompressed");
  // A manifest may do without the columns of components on timelines: then every chunk may have all that its entity has.
  const isCounted = timelines.length === 0 || components.some(({ cells }) => cells.length > 0);
  const chunks: ManifestChunk[] = [];
  for (let row = 0; row < table.numRows; row++) {
    const numRows = counts(row);
    const ranges = new Map<string, TimeRange>();
    for (const { timeline, start, end } of timelines) {
      const range = rangeAt(start, end, row);
      if (range !== undefined) ranges.set(timeline.name, range);
    }
    const fixed = valueAt(isStatic, row) === true;
    const entityPath = String(valueAt(paths, row));
    const all = (): Iterable<[string, ComponentEntry]> =>
      (ofEntity().get(entityPath) ?? []).map((descriptor) => [
        descriptor.component,
        { descriptor, numCells: numRows, timelines: ranges },
      ]);
    chunks.push({
      id: tuidToHex(ids, 16 * row),
      entityPath,
      isStatic: fixed,
      numRows,
      byteOffset: offsets(row),
      byteSize: sizes(row),
      sizeBytes: uncompressed(row),
      timelines: ranges,
      components: isCounted || fixed ? componentsAt(components, row, numRows, ranges) : new Map(all()),
    });
  }
  return chunks;
}

/** What one chunk has: of two components with one name the first. */
function componentsAt(
  components: readonly ComponentColumns[],
  row: number,
  numRows: number,
  ranges: ReadonlyMap<string, TimeRange>,
): Map<string, ComponentEntry> {
  const found = new Map<string, ComponentEntry>();
  for (const { descriptor, hasStatic, cells } of components) {
    let entry: ComponentEntry | undefined;
    if (hasStatic !== undefined && isValidAt(hasStatic, row) && valueAt(hasStatic, row) === true) {
      entry = { descriptor, numCells: numRows, timelines: ranges };
    }
    const own = new Map<string, TimeRange>();
    for (const { timeline, start, end, counts } of cells) {
      const numCells = isValidAt(counts, row) ? Number(counts.values?.[row] ?? 0) : 0;
      if (numCells === 0) continue;
      if (numCells < numRows) {
        const range = rangeAt(start, end, row);
        if (range !== undefined) own.set(timeline, range);
      }
      entry ??= { descriptor, numCells, timelines: numCells < numRows ? own : ranges };
    }
    if (entry !== undefined && !found.has(descriptor.component)) found.set(descriptor.component, entry);
  }
  return found;
}

function rangeAt(start: ArrayData, end: ArrayData, row: number): TimeRange | undefined {
  if (!isValidAt(start, row) || !isValidAt(end, row)) return undefined;
  const [min, max] = [(start.values as BigInt64Array)[row], (end.values as BigInt64Array)[row]];
  return min === undefined || max === undefined ? undefined : { min, max };
}

function descriptorOf(component: string, field: Field): ComponentDescriptor {
  const archetype = field.metadata?.get("rerun:archetype");
  const componentType = field.metadata?.get("rerun:component_type");
  return {
    component,
    ...(archetype === undefined ? {} : { archetype }),
    ...(componentType === undefined ? {} : { componentType }),
  };
}

function timeType(type: DataType): Timeline["type"] {
  if (type.kind === "timestamp" || type.kind === "duration") return type.kind;
  if (type.kind === "int" && type.bits === 64 && type.signed) return "sequence";
  throw damaged(`times of type ${type.kind}`);
}

function columnOf(table: DecodedTable, name: string, kind: ArrayData["type"]["kind"]): ArrayData {
  const index = table.fields.findIndex((field) => field.name === name);
  const array = table.columns[index];
  if (array === undefined || array.type.kind !== kind) throw damaged(`it has no column "${name}" of type ${kind}`);
  if (array.type.kind === "fixedSizeBinary" && array.type.size !== 16)
    throw damaged(`"${name}" has ids of ${array.type.size} bytes`);
  return array;
}

/** Reader of a column of unsigned numbers that must be exact as doubles. */
function countsOf(table: DecodedTable, name: string): (row: number) => number {
  const { values } = columnOf(table, name, "int");
  return (row) => {
    const value = Number(values?.[row]);
    if (!Number.isSafeInteger(value) || value < 0) throw damaged(`"${name}" is ${value} for chunk ${row}`);
    return value;
  };
}

function damaged(what: string): RerunError {
  return new RerunError("CorruptFile", `A manifest is damaged: ${what}`);
}
