import { tableFromIpc } from "../../chunk/arrow.js";
import {
  concatArrays,
  fixedSizeBinaryArray,
  nullArray,
  numberArray,
  takeArray,
  textArray,
  textListArray,
} from "../../chunk/index.js";
import { type ArrayData, type DataType, type Field, INT64, UINT64 } from "../../core/index.js";
import type { Entry, IndexRange, LayerRow } from "../catalog/catalog-store.js";
import { joinRanges } from "../recordings/join-ranges.js";
import { type Column, column, TIMESTAMP } from "./dataframe.js";
import type { Platform } from "./platform.js";

/** One of the two tables that describe a dataset. Rows are in the order of `segments` and `layers`. */
export interface DatasetTable {
  readonly columns: readonly Column[];
  /** Segment of each row. */
  readonly segments: readonly string[];
  /** Layer of each row; of segment tables: nothing. */
  readonly layers: readonly string[];
}

const TIME_TYPES: Readonly<Record<IndexRange["type"], DataType>> = {
  sequence: INT64,
  timestamp: TIMESTAMP,
  duration: { kind: "duration", unit: "ns" },
};

/** One row per segment, by id. */
export async function segmentTable(platform: Platform, dataset: Entry): Promise<DatasetTable> {
  return cached(platform, "segments", dataset, (layers) => {
    const bySegment = new Map<string, LayerRow[]>();
    for (const layer of layers) {
      const rows = bySegment.get(layer.segment);
      if (rows === undefined) bySegment.set(layer.segment, [layer]);
      else rows.push(layer);
    }
    const segments = [...bySegment.keys()].sort();
    const rows = segments.map((segment) => bySegment.get(segment) ?? []);
    const columns = [
      column("rerun_segment_id", false, textArray(segments)),
      column("rerun_layer_names", false, textListArray(rows.map((each) => each.map(({ layer }) => layer)))),
      column(
        "rerun_storage_urls",
        false,
        textListArray(rows.map((each) => each.map(({ object }) => platform.storage.urlOf(object)))),
      ),
      column("rerun_last_updated_at", false, numberArray(TIMESTAMP, rows.map(lastUpdate))),
      column(
        "rerun_num_chunks",
        false,
        numberArray(
          UINT64,
          rows.map((each) => sum(each, "numChunks")),
        ),
      ),
      column(
        "rerun_size_bytes",
        false,
        numberArray(
          UINT64,
          rows.map((each) => sum(each, "sizeBytes")),
        ),
      ),
      ...propertyColumns(rows),
      ...indexColumns(rows),
    ];
    return { columns, segments, layers: [] };
  });
}

/** One row per layer of a segment, by segment and in the order of registration. */
export async function datasetManifest(platform: Platform, dataset: Entry): Promise<DatasetTable> {
  return cached(platform, "layers", dataset, (unsorted) => {
    const rows = [...unsorted].sort((a, b) => (a.segment < b.segment ? -1 : a.segment > b.segment ? 1 : 0));
    const segments = rows.map(({ segment }) => segment);
    const layers = rows.map(({ layer }) => layer);
    const columns = [
      column("rerun_layer_name", false, textArray(layers)),
      column("rerun_segment_id", false, textArray(segments)),
      column("rerun_storage_url", false, textArray(rows.map(({ object }) => platform.storage.urlOf(object)))),
      column("rerun_layer_type", false, textArray(rows.map(() => "rrd"))),
      column(
        "rerun_registration_time",
        false,
        numberArray(
          TIMESTAMP,
          rows.map(({ registeredAtNs }) => registeredAtNs),
        ),
      ),
      column(
        "rerun_last_updated_at",
        false,
        numberArray(
          TIMESTAMP,
          rows.map(({ updatedAtNs }) => updatedAtNs),
        ),
      ),
      column(
        "rerun_num_chunks",
        true,
        numberArray(
          UINT64,
          rows.map(({ numChunks }) => numChunks),
        ),
      ),
      column(
        "rerun_size_bytes",
        true,
        numberArray(
          UINT64,
          rows.map(({ sizeBytes }) => sizeBytes),
        ),
      ),
      column(
        "rerun_schema_sha256",
        true,
        fixedSizeBinaryArray(
          32,
          rows.map(({ schemaSha256 }) => Buffer.from(schemaSha256, "hex")),
        ),
      ),
      column("rerun_registration_status", false, textArray(rows.map(() => "done"))),
      ...propertyColumns(rows.map((row) => [row])),
    ];
    return { columns, segments, layers };
  });
}

/** The rows that `isWanted`; the same table when those are all. */
export function filterRows(table: DatasetTable, isWanted: (segment: string, layer: string) => boolean): DatasetTable {
  const rows: number[] = [];
  for (const [row, segment] of table.segments.entries()) if (isWanted(segment, table.layers[row] ?? "")) rows.push(row);
  if (rows.length === table.segments.length) return table;
  return {
    columns: table.columns.map((each) => ({ field: each.field, array: takeArray(each.array, rows) })),
    segments: rows.map((row) => table.segments[row] ?? ""),
    layers: table.layers.length === 0 ? [] : rows.map((row) => table.layers[row] ?? ""),
  };
}

const MAX_CACHED = 16;
const caches = new WeakMap<Platform, Map<string, DatasetTable>>();

/** Tables of datasets that did not change since are not made again. */
async function cached(
  platform: Platform,
  what: string,
  dataset: Entry,
  make: (layers: readonly LayerRow[]) => DatasetTable,
): Promise<DatasetTable> {
  const cache = caches.get(platform) ?? new Map<string, DatasetTable>();
  caches.set(platform, cache);
  const key = `${what}:${dataset.id}:${dataset.revision}`;
  const table = cache.get(key) ?? make(await platform.catalog.layers(dataset.id));
  cache.delete(key);
  // While the layers were read, more may have come: then the table is newer than the key says, and is not kept.
  const after = await platform.catalog.entry(dataset.id);
  if (after?.revision === dataset.revision) cache.set(key, table);
  for (const oldest of cache.keys()) {
    if (cache.size <= MAX_CACHED) break;
    cache.delete(oldest);
  }
  return table;
}

function lastUpdate(layers: readonly LayerRow[]): bigint {
  let last = 0n;
  for (const { updatedAtNs } of layers) if (updatedAtNs > last) last = updatedAtNs;
  return last;
}

function sum(layers: readonly LayerRow[], member: "numChunks" | "sizeBytes"): bigint {
  return layers.reduce((total, layer) => total + layer[member], 0n);
}

/** Columns of all properties by name; of several layers in a row the last one registered that has a property counts. */
function propertyColumns(rows: readonly (readonly LayerRow[])[]): Column[] {
  const fields = new Map<string, Field>();
  const cells = rows.map((layers) => {
    const values = new Map<string, ArrayData>();
    for (const { properties } of layers) {
      if (properties === undefined) continue;
      const table = tableFromIpc(properties);
      table.fields.forEach((field, index) => {
        const value = table.columns[index];
        if (value === undefined) return;
        if (!fields.has(field.name)) fields.set(field.name, field);
        values.set(field.name, value);
      });
    }
    return values;
  });
  const sorted = [...fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map((field) => {
    const missing = nullArray(field.type, 1);
    return {
      field,
      array: concatArrays(
        field.type,
        cells.map((values) => values.get(field.name) ?? missing),
      ),
    };
  });
}

/** End and start of each timeline, by name. */
function indexColumns(rows: readonly (readonly LayerRow[])[]): Column[] {
  const types = new Map<string, IndexRange["type"]>();
  const ranges = rows.map((layers) => {
    const byTimeline = new Map<string, IndexRange>();
    for (const range of layers.flatMap((layer) => layer.ranges)) {
      byTimeline.set(range.timeline, { ...range, ...joinRanges(range, byTimeline.get(range.timeline)) });
      types.set(range.timeline, range.type);
    }
    return byTimeline;
  });
  return [...types.keys()].sort().flatMap((timeline) => {
    const kind = types.get(timeline) ?? "sequence";
    return (["end", "start"] as const).map((marker) => {
      const member = marker === "end" ? "max" : "min";
      const metadata = new Map([
        ["rerun:index", timeline],
        ["rerun:index_kind", kind],
        ["rerun:index_marker", marker],
        ["rerun:kind", "index"],
      ]);
      const values = ranges.map((byTimeline) => byTimeline.get(timeline)?.[member]);
      return column(`${timeline}:${marker}`, true, numberArray(TIME_TYPES[kind], values), metadata);
    });
  });
}
