import { isPropertyPath } from "../chunk/index.js";
import { type ArrayData, isValidAt, type TimeType, valueAt } from "../core/index.js";
import type { MemoryFrame } from "../dataset/index.js";
import type { CallSettings, Connection } from "./connection.js";
import { readDatasetSchema } from "./dataset-schema.js";
import { scanSegments } from "./segment-scan.js";
import { columnOf } from "./tables.js";

export interface LayerInfo {
  readonly name: string;
  readonly numSegments: number;
}

export interface TimelineInfo {
  readonly name: string;
  readonly kind: TimeType;
  readonly numSegments: number;
  /** First value of all segments; nanoseconds unless it is a sequence. */
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
}

/** What a dataset holds, in numbers. */
export interface DatasetInfo {
  readonly datasetName: string;
  readonly numSegments: number;
  readonly sizeBytes: number;
  /** By name. A segment counts in each of its layers. */
  readonly layers: readonly LayerInfo[];
  /** By name. */
  readonly timelines: readonly TimelineInfo[];
  /** Without properties. */
  readonly numEntities: number;
  /** Without properties. */
  readonly numComponentColumns: number;
  /** Columns of properties in the schema, sorted. The segment table has `_` for some of their characters. */
  readonly propertyColumns: readonly string[];
}

/** Puts the numbers together, as Rerun's clients do. */
export async function readDatasetInfo(
  connection: Connection,
  datasetName: string,
  settings: CallSettings & { readonly entry: string },
): Promise<DatasetInfo> {
  const [{ schema }, table] = await Promise.all([
    readDatasetSchema(connection, settings),
    scanSegments(connection, settings.entry, { signal: settings.signal }),
  ]);
  const columns = schema.columns.filter(({ entityPath }) => !isPropertyPath(entityPath));
  const sizes = valuesOf(table, "rerun_size_bytes");
  return {
    datasetName,
    numSegments: sizes.length,
    sizeBytes: sizes.reduce<number>((sum, size) => sum + Number(size ?? 0), 0),
    layers: layersOf(valuesOf(table, "rerun_layer_names")),
    timelines: schema.timelines.map(({ name, type }) => ({ name, kind: type, ...rangeOf(table, name) })),
    numEntities: new Set(columns.map(({ entityPath }) => entityPath)).size,
    numComponentColumns: columns.length,
    propertyColumns: schema.columns.flatMap(({ name, entityPath }) => (isPropertyPath(entityPath) ? name : [])).sort(),
  };
}

function valuesOf(table: MemoryFrame, name: string): unknown[] {
  if (table.batches.length === 0) return [];
  const column = columnOf(table, name);
  return Array.from({ length: column.length }, (_, row) => valueAt(column, row));
}

function layersOf(lists: readonly unknown[]): LayerInfo[] {
  const counts = new Map<string, number>();
  for (const list of lists)
    for (const name of Array.isArray(list) ? list : []) counts.set(String(name), (counts.get(String(name)) ?? 0) + 1);
  return Array.from(counts, ([name, numSegments]) => ({ name, numSegments })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function rangeOf(table: MemoryFrame, timeline: string): Pick<TimelineInfo, "numSegments" | "min" | "max"> {
  if (table.batches.length === 0) return { numSegments: 0, min: undefined, max: undefined };
  const [start, end] = [timesIn(columnOf(table, `${timeline}:start`)), timesIn(columnOf(table, `${timeline}:end`))];
  return {
    numSegments: start.length,
    min: start.reduce<bigint | undefined>((least, time) => (least === undefined || time < least ? time : least), undefined),
    max: end.reduce<bigint | undefined>((most, time) => (most === undefined || time > most ? time : most), undefined),
  };
}

function timesIn(column: ArrayData): bigint[] {
  const { values } = column;
  if (!(values instanceof BigInt64Array)) return [];
  return Array.from({ length: column.length }, (_, row) => row).flatMap((row) =>
    isValidAt(column, row) ? (values[row] ?? []) : [],
  );
}
