import { type DecodedTable, tableFromIpc } from "../chunk/arrow.js";
import { valueAt } from "../chunk/index.js";
import {
  type ArrayData,
  type ComponentDescriptor,
  type Field,
  isValidAt,
  RerunError,
  type StoreId,
  type Timeline,
  type TimeRange,
  tuidToHex,
} from "../core/index.js";
import { Compression, type RrdManifestMessage } from "../protos/index.js";
import { decompressBlock } from "./lz4-codec.js";
import { manifestName } from "./manifest-table.js";
import { storeIdFromMessage } from "./messages.js";

/** What a file's footer says of the chunks of one store. */
export interface RrdManifest {
  readonly storeId: StoreId;
  /** In file order. */
  readonly chunks: readonly ManifestChunk[];
  readonly timelines: readonly Timeline[];
  /** The columns of the whole recording in dataframe form. */
  readonly fields: readonly Field[];
  /** The manifest itself, one row per chunk. */
  readonly table: DecodedTable;
}

/** One chunk as a manifest describes it: enough to decide whether it is needed, and to read it. */
export interface ManifestChunk {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string;
  readonly entityPath: string;
  readonly isStatic: boolean;
  readonly numRows: number;
  /** Where the message's payload lies in the file, and its size. */
  readonly byteOffset: number;
  readonly byteSize: number;
  readonly byteSizeUncompressed: number;
  /** Inclusive ranges by timeline; empty for static chunks. */
  readonly timelines: ReadonlyMap<string, TimeRange>;
  /** Components with at least one cell. */
  readonly components: readonly ComponentDescriptor[];
}

interface IndexColumns {
  readonly start: ArrayData;
  readonly end: ArrayData;
}

/** @throws RerunError `CorruptFile` */
export function readManifest(message: RrdManifestMessage): RrdManifest {
  const storeId = storeIdFromMessage(message.storeId, () => undefined);
  const table = tableFromIpc(tableBytes(message));
  const schema = message.sorbetSchema?.arrowSchema;
  if (schema === undefined) throw damaged("it has no schema");
  const { fields } = tableFromIpc(schema);
  const timelines = new Map<string, IndexColumns & { timeline: Timeline }>();
  const presence: { descriptor: ComponentDescriptor; isPresent: (row: number) => boolean }[] = [];
  table.fields.forEach((field, index) => {
    const timelineName = field.metadata?.get("rerun:index");
    const component = field.metadata?.get("rerun:component");
    const array = table.columns[index];
    if (timelineName === undefined || array === undefined) return;
    if (component === undefined && field.name === `${manifestName(timelineName)}:start`) {
      const end = columnOf(table, `${manifestName(timelineName)}:end`, array.type.kind);
      timelines.set(timelineName, { timeline: { name: timelineName, type: timeType(array) }, start: array, end });
    } else if (component !== undefined && /:(has_static_data|num_rows)$/.test(field.name)) {
      presence.push({ descriptor: descriptorOf(component, field), isPresent: presenceOf(array) });
    }
  });
  const chunks = readChunks(table, [...timelines.values()], presence);
  return { storeId, chunks, timelines: [...timelines.values()].map((entry) => entry.timeline), fields, table };
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
  presence: readonly { readonly descriptor: ComponentDescriptor; readonly isPresent: (row: number) => boolean }[],
): ManifestChunk[] {
  const paths = columnOf(table, "chunk_entity_path", "utf8");
  const ids = columnOf(table, "chunk_id", "fixedSizeBinary").values as Uint8Array;
  const isStatic = columnOf(table, "chunk_is_static", "bool");
  const numRows = countsOf(table, "chunk_num_rows");
  const offsets = countsOf(table, "chunk_byte_offset");
  const sizes = countsOf(table, "chunk_byte_size");
  const uncompressed = countsOf(table, "chunk_byte_size_uncompressed");
  const chunks: ManifestChunk[] = [];
  for (let row = 0; row < table.numRows; row++) {
    const ranges = new Map<string, TimeRange>();
    for (const { timeline, start, end } of timelines) {
      if (!isValidAt(start, row) || !isValidAt(end, row)) continue;
      const [min, max] = [(start.values as BigInt64Array)[row], (end.values as BigInt64Array)[row]];
      if (min !== undefined && max !== undefined) ranges.set(timeline.name, { min, max });
    }
    const components = new Set<ComponentDescriptor>();
    for (const { descriptor, isPresent } of presence) if (isPresent(row)) components.add(descriptor);
    chunks.push({
      id: tuidToHex(ids, 16 * row),
      entityPath: String(valueAt(paths, row)),
      isStatic: valueAt(isStatic, row) === true,
      numRows: numRows(row),
      byteOffset: offsets(row),
      byteSize: sizes(row),
      byteSizeUncompressed: uncompressed(row),
      timelines: ranges,
      components: uniqueByComponent(components),
    });
  }
  return chunks;
}

function uniqueByComponent(descriptors: Iterable<ComponentDescriptor>): ComponentDescriptor[] {
  const byComponent = new Map<string, ComponentDescriptor>();
  for (const descriptor of descriptors)
    if (!byComponent.has(descriptor.component)) byComponent.set(descriptor.component, descriptor);
  return [...byComponent.values()];
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

/** Whether a row's flag is set, or its count is not 0. */
function presenceOf(array: ArrayData): (row: number) => boolean {
  if (array.type.kind === "bool") return (row) => isValidAt(array, row) && valueAt(array, row) === true;
  const counts = array.values;
  return (row) => isValidAt(array, row) && Number(counts?.[row] ?? 0) > 0;
}

function timeType(array: ArrayData): Timeline["type"] {
  switch (array.type.kind) {
    case "timestamp":
      return "timestamp";
    case "duration":
      return "duration";
    case "int":
      if (array.values instanceof BigInt64Array) return "sequence";
      break;
    default:
  }
  throw damaged(`times of type ${array.type.kind}`);
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
