/** Asks the server which chunks a query needs. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { isTombstone } from "../chunk/index.js";
import { isAtOrBelow, TIME_MAX, TIME_MIN, tuidToHex, valueAt } from "../core/index.js";
import type { MemoryFrame } from "../dataset/index.js";
import {
  DirectUrlMode,
  type EntitySelectionSchema,
  FillMode,
  type FindChunksRequestSchema,
  type QueryDatasetRequestSchema,
  type SegmentSelectionSchema,
} from "../protos/redap.js";
import { type DataframeQuery, type FrameColumn, type FrameSchema, parseContents } from "../store/index.js";
import type { Connection } from "./connection.js";
import type { EntryId } from "./entry-id.js";
import type { ChunkPlace } from "./fetch-chunks.js";
import { columnOf, frameOfPart, textsOf } from "./tables.js";

/** A query as far as the server takes part in it. */
export interface ChunkQuery {
  readonly entry: EntryId;
  readonly schema: FrameSchema;
  readonly query: DataframeQuery;
  /** The columns that make rows. */
  readonly view: readonly FrameColumn[];
  /** `undefined` = all. */
  readonly segmentIds: readonly string[] | undefined;
  readonly signal: AbortSignal | undefined;
}

type EntitySelection = MessageInitShape<typeof EntitySelectionSchema>;
type FindChunksRequest = MessageInitShape<typeof FindChunksRequestSchema>;

/**
 * The chunks that a query needs, by segment; it may be some more. Each chunk once in its segment.
 *
 * @throws RerunError with the server's text
 */
export async function findChunks(connection: Connection, ask: ChunkQuery): Promise<Map<string, ChunkPlace[]>> {
  const settings = { entry: ask.entry, signal: ask.signal };
  const entities = entitiesOf(ask);
  if (entities.length === 0) return new Map();
  const parts = connection.capabilities.has("dataset:find_chunks")
    ? await connection.collect((client, options) => client.findChunks(findRequest(ask, entities), options), settings)
    : await connection.collect((client, options) => client.queryDataset(queryRequest(ask, entities), options), settings);
  const bySegment = new Map<string, Map<string, ChunkPlace>>();
  for (const { data } of parts) addPlaces(frameOfPart(data), bySegment);
  return new Map(Array.from(bySegment, ([id, places]) => [id, [...places.values()]]));
}

/** What is asked for: the components of the view, all of an entity when all are shown; and what clears them. */
function entitiesOf({ query, schema, view }: ChunkQuery): EntitySelection[] {
  const contents = parseContents(query.contents);
  const shown = query.index === null ? schema.columns.filter(({ entityPath }) => contents.includes(entityPath)) : view;
  const components = new Map<string, Set<string>>();
  const add = ({ entityPath, descriptor }: FrameColumn): void => {
    components.set(entityPath, (components.get(entityPath) ?? new Set()).add(descriptor.component));
  };
  shown.forEach(add);
  const paths = [...components.keys()];
  for (const column of schema.columns) {
    if (isTombstone(column.descriptor) && paths.some((path) => isAtOrBelow(path, column.entityPath))) add(column);
  }
  return Array.from(components, ([path, ids]) => ({
    entityPath: { path },
    components: { case: "explicit", value: { ids: [...ids] } },
  }));
}

function findRequest(ask: ChunkQuery, entities: EntitySelection[]): FindChunksRequest {
  const contents: FindChunksRequest["contents"] = { selection: { case: "explicit", value: { entities } } };
  return { contents, mode: modeOf(ask), directUrlMode: DirectUrlMode.OMIT };
}

function modeOf({ query, segmentIds }: ChunkQuery): NonNullable<FindChunksRequest["mode"]> {
  const segments: MessageInitShape<typeof SegmentSelectionSchema> =
    segmentIds === undefined
      ? { selection: { case: "all", value: {} } }
      : { selection: { case: "explicit", value: { ids: segmentIds.map((id) => ({ id })) } } };
  const { index, range, usingIndexValues } = query;
  if (index === null) return { case: "static", value: { segments } };
  if (usingIndexValues !== undefined && !(usingIndexValues instanceof BigInt64Array)) {
    const fillMode = query.fillLatestAt === true ? FillMode.LATEST_AT : FillMode.NONE;
    const values = Array.from(usingIndexValues, ([id, values]) => ({ segmentId: { id }, values: [...values] }));
    return { case: "samples", value: { timeline: index, segments: values, fillMode } };
  }
  const isBounded = range !== undefined && range.min > TIME_MIN;
  return {
    case: "range",
    value: {
      timeline: index,
      segments,
      fillMode: query.fillLatestAt === true && isBounded ? FillMode.LATEST_AT : FillMode.NONE,
      ...(isBounded && { startInclusive: range.min }),
      ...(range !== undefined && range.max < TIME_MAX && { endInclusive: range.max }),
    },
  };
}

/** The question as servers know it that do not know the newer one: it names entities and segments, and asks for static data or all. */
function queryRequest(
  { segmentIds, query }: ChunkQuery,
  entities: EntitySelection[],
): MessageInitShape<typeof QueryDatasetRequestSchema> {
  return {
    entityPaths: entities.flatMap(({ entityPath }) => entityPath ?? []),
    segmentIds: (segmentIds ?? []).map((id) => ({ id })),
    // The latest values on no timeline are the static ones.
    ...(query.index === null && { query: { latestAt: {} } }),
  };
}

function addPlaces(frame: MemoryFrame, bySegment: Map<string, Map<string, ChunkPlace>>): void {
  if (frame.batches.length === 0) return;
  const [ids, keys] = [columnOf(frame, "chunk_id"), columnOf(frame, "chunk_key")];
  const segments = textsOf(frame, "chunk_segment_id");
  const sizes = sizesOf(frame);
  segments.forEach((segmentId, row) => {
    const id = tuidToHex(ids.values as Uint8Array, 16 * row);
    const places = bySegment.get(segmentId) ?? new Map<string, ChunkPlace>();
    bySegment.set(segmentId, places);
    if (!places.has(id)) places.set(id, { id, segmentId, sizeBytes: sizes(row), keys, row });
  });
}

/** The uncompressed size where the server tells it, else that in the file. */
function sizesOf(frame: MemoryFrame): (row: number) => number {
  const names = ["chunk_byte_size_uncompressed", "chunk_byte_len"].filter((name) =>
    frame.fields.some((field) => field.name === name),
  );
  const columns = names.map((name) => columnOf(frame, name));
  return (row) => {
    for (const column of columns) {
      const value = valueAt(column, row);
      if (typeof value === "bigint" || typeof value === "number") return Number(value);
    }
    return 0;
  };
}
