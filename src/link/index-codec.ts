/**
 * An index delta as one block of bytes. 100 000 chunk summaries on two timelines take about 7 MB.
 *
 * Header (JSON): what is said once; names, paths and types stand in tables and are referred to by number.
 * Columns, for `n` added and `m` removed chunks: ids (16 n bytes), removed ids (16 m bytes), entity, number of rows and shape
 * (u32 each, n), size (f64, n), and for each added chunk and each timeline of its shape the first and last time (i64).
 */
import {
  asArray,
  asBoolean,
  asCount,
  asInt64,
  asRecord,
  asText,
  dataTypeFromJson,
  dataTypeToJson,
  descriptorFromJson,
  descriptorToJson,
  type JsonValue,
  oneOf,
} from "../chunk/index.js";
import {
  dataTypeKey,
  type RecordingInfo,
  RerunError,
  type TimeRange,
  TUID_BYTES,
  tuidFromHex,
  tuidToHex,
} from "../core/index.js";
import { BlockReader, writeBlock } from "./block.js";
import type { ChunkSummary, ComponentSchema, EntitySchema, IndexDelta, RecordingIndex } from "./messages.js";

const MAGIC = 0x31495252;

/** Numbers for texts, given in the order of first use. */
class Table {
  readonly texts: string[] = [];
  readonly #numbers: Map<string, number> = new Map();

  numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.#numbers.set(text, number);
      this.texts.push(text);
    }
    return number;
  }
}

export function encodeIndexDelta(delta: IndexDelta): Uint8Array {
  const { added, removed } = delta;
  const paths = new Table();
  const shapes = new Table();
  const ids = new Uint8Array(added.length * TUID_BYTES);
  const entity = new Uint32Array(added.length);
  const numRows = new Uint32Array(added.length);
  const shape = new Uint32Array(added.length);
  const sizes = new Float64Array(added.length);
  const times = new BigInt64Array(added.reduce((count, { timelines }) => count + 2 * timelines.size, 0));
  let time = 0;
  for (const [i, summary] of added.entries()) {
    ids.set(tuidFromHex(summary.id), i * TUID_BYTES);
    entity[i] = paths.numberOf(summary.entityPath);
    numRows[i] = summary.numRows;
    sizes[i] = summary.sizeBytes;
    shape[i] = shapes.numberOf(JSON.stringify([[...summary.timelines.keys()], summary.components]));
    for (const range of summary.timelines.values()) {
      times[time] = range.min;
      times[time + 1] = range.max;
      time += 2;
    }
  }
  const removedIds = new Uint8Array(removed.length * TUID_BYTES);
  for (const [i, id] of removed.entries()) removedIds.set(tuidFromHex(id), i * TUID_BYTES);
  const header: JsonValue = {
    reset: delta.reset,
    revision: delta.revision,
    info: infoToJson(delta.info),
    isLive: delta.isLive,
    timelines: delta.timelines.map(({ name, type, range }) => ({ name, type, min: `${range.min}`, max: `${range.max}` })),
    entities: delta.entities === undefined ? null : entitiesToJson(delta.entities),
    numAdded: added.length,
    numRemoved: removed.length,
    numTimes: times.length,
    paths: paths.texts,
    shapes: shapes.texts,
  };
  return writeBlock(MAGIC, header, [ids, removedIds, entity, numRows, shape, sizes, times]);
}

/** @throws RerunError `InvalidData` */
export function decodeIndexDelta(block: Uint8Array): IndexDelta {
  const reader = new BlockReader(block, MAGIC, "index");
  const header = asRecord(reader.header, "index header");
  const entities = header.entities === null ? undefined : entitiesFromJson(header.entities);
  const numAdded = asCount(header.numAdded, "number of chunks");
  const numRemoved = asCount(header.numRemoved, "number of chunks");
  const ids = reader.bytes(numAdded * TUID_BYTES);
  const removedIds = reader.bytes(numRemoved * TUID_BYTES);
  return {
    reset: asBoolean(header.reset, "flag"),
    revision: asCount(header.revision, "revision"),
    info: infoFromJson(header.info),
    isLive: asBoolean(header.isLive, "flag"),
    timelines: asArray(header.timelines, "timelines").map(timelineFromJson),
    ...(entities !== undefined && { entities }),
    added: readSummaries(reader, header, ids, numAdded),
    removed: Array.from({ length: numRemoved }, (_, i) => tuidToHex(removedIds, i * TUID_BYTES)),
  };
}

function readSummaries(
  reader: BlockReader,
  header: Readonly<Record<string, unknown>>,
  ids: Uint8Array,
  count: number,
): ChunkSummary[] {
  const paths = asArray(header.paths, "paths").map((path) => asText(path, "path"));
  const shapes = asArray(header.shapes, "shapes").map(shapeFromJson);
  const entity = reader.uint32(count);
  const numRows = reader.uint32(count);
  const shape = reader.uint32(count);
  const sizes = reader.float64(count);
  const times = reader.int64(asCount(header.numTimes, "number of times"));
  const summaries: ChunkSummary[] = [];
  let time = 0;
  for (let i = 0; i < count; i++) {
    const entityPath = paths[entity[i] ?? -1];
    const form = shapes[shape[i] ?? -1];
    if (entityPath === undefined || form === undefined) throw damaged("a chunk of an unknown entity or shape");
    const timelines = new Map<string, TimeRange>();
    for (const name of form.timelines) {
      const min = times[time];
      const max = times[time + 1];
      if (min === undefined || max === undefined) throw damaged("too few times");
      timelines.set(name, { min, max });
      time += 2;
    }
    const id = tuidToHex(ids, i * TUID_BYTES);
    summaries.push({
      id,
      entityPath,
      numRows: numRows[i] ?? 0,
      sizeBytes: sizes[i] ?? 0,
      timelines,
      components: form.components,
    });
  }
  return summaries;
}

function shapeFromJson(json: unknown): { readonly timelines: readonly string[]; readonly components: readonly string[] } {
  const [timelines, components] = asArray(parseJson(asText(json, "shape")), "shape");
  return {
    timelines: asArray(timelines, "timelines").map((name) => asText(name, "timeline")),
    components: asArray(components, "components").map((name) => asText(name, "component")),
  };
}

function infoToJson(info: RecordingInfo): JsonValue {
  return {
    applicationId: info.applicationId,
    recordingId: info.recordingId,
    ...(info.name !== undefined && { name: info.name }),
    ...(info.startTimeNanos !== undefined && { startTimeNanos: `${info.startTimeNanos}` }),
  };
}

function infoFromJson(json: unknown): RecordingInfo {
  const info = asRecord(json, "recording");
  return {
    applicationId: asText(info.applicationId, "application id"),
    recordingId: asText(info.recordingId, "recording id"),
    ...(info.name !== undefined && { name: asText(info.name, "name") }),
    ...(info.startTimeNanos !== undefined && { startTimeNanos: asInt64(info.startTimeNanos, "time") }),
  };
}

function timelineFromJson(json: unknown): RecordingIndex["timelines"][number] {
  const timeline = asRecord(json, "timeline");
  return {
    name: asText(timeline.name, "timeline name"),
    type: oneOf(timeline.type, ["sequence", "duration", "timestamp"] as const),
    range: { min: asInt64(timeline.min, "time"), max: asInt64(timeline.max, "time") },
  };
}

/** `{ types, components: [descriptor, type][], entities: [path, (2 × component + isStatic)[]][] }` */
function entitiesToJson(entities: readonly EntitySchema[]): JsonValue {
  const typeNumbers = new Table();
  const types: JsonValue[] = [];
  const componentNumbers = new Table();
  const components: JsonValue[] = [];
  const list = entities.map(({ path, components: schemas }): JsonValue => {
    const numbers = schemas.map(({ descriptor, type, isStatic }) => {
      const typeNumber = typeNumbers.numberOf(dataTypeKey(type));
      if (typeNumber === types.length) types.push(dataTypeToJson(type));
      const json = descriptorToJson(descriptor);
      const number = componentNumbers.numberOf(JSON.stringify([json, typeNumber]));
      if (number === components.length) components.push([json, typeNumber]);
      return 2 * number + (isStatic ? 1 : 0);
    });
    return [path, numbers];
  });
  return { types, components, entities: list };
}

function entitiesFromJson(json: unknown): EntitySchema[] {
  const tables = asRecord(json, "entities");
  const types = asArray(tables.types, "types").map((type) => dataTypeFromJson(type));
  const components = asArray(tables.components, "components").map((entry) => {
    const [descriptor, typeNumber] = asArray(entry, "component");
    const type = types[asCount(typeNumber, "type")];
    if (type === undefined) throw damaged("a component of an unknown type");
    const base = { descriptor: descriptorFromJson(descriptor), type };
    const both: readonly [ComponentSchema, ComponentSchema] = [
      { ...base, isStatic: false },
      { ...base, isStatic: true },
    ];
    return both;
  });
  return asArray(tables.entities, "entities").map((entry) => {
    const [path, numbers] = asArray(entry, "entity");
    const schemas = asArray(numbers, "components").map((json) => {
      const number = asCount(json, "component");
      const schema = components[number >> 1]?.[number % 2 === 1 ? 1 : 0];
      if (schema === undefined) throw damaged("an unknown component");
      return schema;
    });
    return { path: asText(path, "path"), components: schemas };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RerunError("InvalidData", "Damaged index: a table entry is not JSON", { cause });
  }
}

function damaged(problem: string): RerunError {
  return new RerunError("InvalidData", `Damaged index: ${problem}`);
}
