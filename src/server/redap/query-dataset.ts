import { create } from "@bufbuild/protobuf";
import { type Field, field, INT64, RerunError } from "../../core/index.js";
import { type QueryDatasetRequest, type QueryDatasetResponse, QueryDatasetResponseSchema } from "../../protos/redap.js";
import { chunkInfos, type StartColumn } from "./chunk-infos.js";
import { type Contents, selectChunks, type TimeSelection } from "./chunk-selection.js";
import { type CallHeaders, datasetOf, segmentIdsFrom } from "./entry-ids.js";
import { layersOf } from "./find-chunks.js";
import { chunksOfLayer } from "./layer-chunks.js";
import type { Platform } from "./platform.js";

/** What older clients ask in place of `FindChunks`. */
export async function* queryDataset(
  platform: Platform,
  request: QueryDatasetRequest,
  headers: CallHeaders,
): AsyncGenerator<QueryDatasetResponse> {
  const dataset = await datasetOf(platform, headers);
  if (request.selectAllEntityPaths && request.entityPaths.length > 0) {
    throw new RerunError("InvalidArgument", "`select_all_entity_paths` is true, but `entity_paths` is not empty");
  }
  const contents: Contents = request.selectAllEntityPaths
    ? "all"
    : new Map(request.entityPaths.map(({ path }) => [path, componentsOf(request)]));
  const segments = request.segmentIds.length === 0 ? undefined : segmentIdsFrom(request.segmentIds);
  const layers = await layersOf(platform, dataset, segments);
  const positions = new Map([...new Set(layers.map(({ segment }) => segment))].map((segment, index) => [segment, index]));
  const starts = startColumns(request);
  let isEmpty = true;
  for (const layer of layers) {
    const chunks = await chunksOfLayer(platform, layer);
    const time = timeOf(request, positions.get(layer.segment) ?? 0);
    const wanted = selectChunks(chunks, contents, time, !request.excludeStaticData);
    const ids = new Set(request.chunkIds.map(({ timeNs = 0n, inc = 0n }) => hex(timeNs) + hex(inc)));
    const selected = ids.size === 0 ? wanted : wanted.filter((index) => ids.has(chunks.manifest.chunks[index]?.id ?? ""));
    isEmpty = false;
    yield create(QueryDatasetResponseSchema, { data: chunkInfos(platform, { chunks, selected }, starts) });
  }
  if (isEmpty) yield create(QueryDatasetResponseSchema, { data: chunkInfos(platform, undefined, starts) });
}

function hex(value: bigint): string {
  return value.toString(16).padStart(16, "0");
}

function componentsOf({ fuzzyDescriptors }: QueryDatasetRequest): "all" | ReadonlySet<string> {
  return fuzzyDescriptors.length === 0 ? "all" : new Set(fuzzyDescriptors);
}

function timeOf({ query, excludeTemporalData }: QueryDatasetRequest, position: number): TimeSelection {
  if (excludeTemporalData) return { kind: "none" };
  const { latestAt, range } = query ?? {};
  const timeline = latestAt?.index?.timeline?.name ?? range?.index?.timeline?.name;
  if (timeline === undefined) return latestAt === undefined ? { kind: "all" } : { kind: "none" };
  const values = latestAt?.perSegmentValues[position]?.values ?? (latestAt?.at === undefined ? [] : [latestAt.at]);
  const bounds = range?.indexRange;
  return {
    kind: "times",
    timeline,
    values: [],
    latestAt: [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
    ...(bounds === undefined ? {} : { range: bounds }),
  };
}

/** The start on the query's timeline, when it is asked for. */
function startColumns({ query }: QueryDatasetRequest): StartColumn[] {
  const timeline = query?.latestAt?.index?.timeline?.name ?? query?.range?.index?.timeline?.name;
  if (timeline === undefined) return [];
  if (query?.columnsAlwaysIncludeGlobalIndexes !== true && query?.columnsAlwaysIncludeEverything !== true) return [];
  const name = `${timeline}:start`;
  const own: Field = field(name, INT64, true);
  return [{ name, field: own, timeline }];
}
