import { statSync } from "node:fs";
import { isPropertyPath, SORBET_VERSION, timelineDataType } from "../chunk/index.js";
import {
  type ArrayData,
  type Field,
  field,
  listOf,
  sameDataType,
  type Timeline,
  type TimeRange,
  UINT64,
  UTF8,
  type WarningReporter,
} from "../core/index.js";
import { type FrameColumn, type FrameSchema, frameSchema, planDataframe, SEGMENT_COLUMN } from "../store/index.js";
import { cellColumn, int64Column, textColumn, textListColumn } from "./columns.js";
import type { WaitOptions } from "./data-frame.js";
import { memorySource, type OpenFrame } from "./frame-source.js";
import type { Segment } from "./segments.js";

const TIMESTAMP = { kind: "timestamp", unit: "ns" } as const;
const TEXTS = listOf(UTF8, false);

interface Table {
  readonly fields: Field[];
  readonly columns: ArrayData[];
}

export interface TableOptions extends WaitOptions {
  /** Hears where segments mean different things by one name. */
  readonly warn: WarningReporter;
}

/**
 * One row for each segment, in columns as a real server has them. What one means otherwise than those before it is null in its row,
 * with a warning: whoever wants to know which segments differ looks here.
 */
export async function segmentTable(segments: readonly Segment[], { warn, signal }: TableOptions): Promise<OpenFrame> {
  const schema = commonSchema(segments, warn);
  const table: Table = { fields: [], columns: [] };
  const count = (of: (segment: Segment) => number): ArrayData =>
    int64Column(
      UINT64,
      segments.map((segment) => BigInt(of(segment))),
    );
  add(table, field(SEGMENT_COLUMN, UTF8, false), textColumn(segments.map(({ id }) => id)));
  add(table, field("rerun_layer_names", TEXTS, false), textListColumn(segments.map(layerNames)));
  add(table, field("rerun_storage_urls", TEXTS, false), textListColumn(segments.map(({ urls }) => urls)));
  const updated = int64Column(TIMESTAMP, segments.map(lastUpdated));
  add(table, field("rerun_last_updated_at", TIMESTAMP, true), updated);
  add(
    table,
    field("rerun_num_chunks", UINT64, false),
    count(({ source }) => source.entries.length),
  );
  add(
    table,
    field("rerun_size_bytes", UINT64, false),
    count(({ source }) => source.entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
  );
  await addProperties(table, segments, schema, signal);
  addRanges(table, segments, schema);
  return opened(table, segments.length);
}

/** First and last time of each segment on each timeline. */
export function indexRanges(segments: readonly Segment[], { warn }: TableOptions): Promise<OpenFrame> {
  const table: Table = { fields: [], columns: [] };
  add(table, field(SEGMENT_COLUMN, UTF8, false), textColumn(segments.map(({ id }) => id)));
  addRanges(table, segments, commonSchema(segments, warn));
  return opened(table, segments.length);
}

function commonSchema(segments: readonly Segment[], warn: WarningReporter): FrameSchema {
  return frameSchema(segments, ({ message }) => warn({ code: "InvalidData", message }));
}

function add({ fields, columns }: Table, column: Field, array: ArrayData): void {
  fields.push(column);
  columns.push(array);
}

function opened({ fields, columns }: Table, numRows: number): Promise<OpenFrame> {
  const metadata = new Map([["sorbet:version", SORBET_VERSION]]);
  return memorySource({ fields, metadata, batches: numRows === 0 ? [] : [{ numRows, columns }] }).open();
}

/** The first file is the layer `base`, as a real server calls it; further ones have the names of their files. */
function layerNames({ urls }: Segment): string[] {
  return urls.length === 0 ? ["base"] : urls.map((url, i) => (i === 0 ? "base" : fileName(url)));
}

function fileName(url: string): string {
  return (/([^\\/]*?)(\.rrd)?$/.exec(url)?.[1] ?? "") || url;
}

/** When the newest file was written; of URLs and stores nothing is known. */
function lastUpdated({ urls }: Segment): bigint | undefined {
  const times = urls.flatMap((url) => statSync(url, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? []);
  return times.reduce<bigint | undefined>((latest, time) => (latest === undefined || time > latest ? time : latest), undefined);
}

async function addProperties(
  table: Table,
  segments: readonly Segment[],
  schema: FrameSchema,
  signal: AbortSignal | undefined,
): Promise<void> {
  const properties = schema.columns.filter(({ entityPath, isStatic }) => isStatic && isPropertyPath(entityPath));
  const cells = new Map<string, ReadonlyMap<string, ArrayData | undefined>>();
  for (const segment of segments) {
    const own = properties.filter((column) => hasColumn(segment, column)).map(({ name }) => name);
    if (own.length === 0) continue;
    const query = { index: null, contents: "/__properties/**", columns: own };
    const plan = planDataframe([segment], query, { schema, warn: () => undefined });
    for await (const { columns } of plan.batches({ signal })) {
      cells.set(segment.id, new Map(own.map((name, i) => [name, columns[i]])));
    }
  }
  properties.forEach(({ name, type, descriptor, entityPath }) => {
    const metadata = new Map([
      ["rerun:component", descriptor.component],
      ["rerun:entity_path", entityPath],
      ["rerun:kind", "data"],
    ]);
    if (descriptor.archetype !== undefined) metadata.set("rerun:archetype", descriptor.archetype);
    if (descriptor.componentType !== undefined) metadata.set("rerun:component_type", descriptor.componentType);
    const column = segments.map(({ id }) => {
      const list = cells.get(id)?.get(name);
      return list === undefined || list.nullCount > 0 ? undefined : { list, row: 0 };
    });
    add(table, field(name.replace(/[ ,.\\-]/g, "_"), type, true, metadata), cellColumn(type, column));
  });
}

/** Whether a segment has the component, and means the same by it. */
function hasColumn({ source }: Segment, { entityPath, descriptor, type }: FrameColumn): boolean {
  const components = source.entities.find(({ path }) => path === entityPath)?.components ?? [];
  return components.some((own) => own.descriptor.component === descriptor.component && sameDataType(listOf(own.type), type));
}

function addRanges(table: Table, segments: readonly Segment[], schema: FrameSchema): void {
  for (const timeline of schema.timelines) {
    const ranges = segments.map((segment) => rangeOf(segment, timeline));
    const type = timelineDataType(timeline);
    for (const marker of ["end", "start"] as const) {
      const values = ranges.map((range) => (marker === "end" ? range?.max : range?.min));
      const metadata = new Map([
        ["rerun:index", timeline.name],
        ["rerun:index_kind", timeline.type],
        ["rerun:index_marker", marker],
        ["rerun:kind", "index"],
      ]);
      add(table, field(`${timeline.name}:${marker}`, type, true, metadata), int64Column(type, values));
    }
  }
}

function rangeOf({ source }: Segment, timeline: Timeline): TimeRange | undefined {
  if (source.timelines.some(({ name, type }) => name === timeline.name && type !== timeline.type)) return undefined;
  let range: TimeRange | undefined;
  for (const { timelines } of source.entries) {
    const own = timelines.get(timeline.name);
    if (own === undefined) continue;
    range = {
      min: range === undefined || own.min < range.min ? own.min : range.min,
      max: range === undefined || own.max > range.max ? own.max : range.max,
    };
  }
  return range;
}
