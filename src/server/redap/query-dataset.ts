import { create } from "@bufbuild/protobuf";
import { type Field, field, INT64, RerunError } from "../../core/index.js";
import { type QueryDatasetRequest, type QueryDatasetResponse, QueryDatasetResponseSchema } from "../../protos/redap.js";
import { chunkInfos, type StartColumn } from "./chunk-infos.js";
import { type Contents, selectChunks, type TimeSelection } from "./chunk-selection.js";
import { directUrlOf } from "./direct-urls.js";
import { type CallHeaders, datasetOf, segmentIdsFrom } from "./entry-ids.js";
import { checkTimeline, layersOf } from "./find-chunks.js";
import { chunksOfLayer } from "./layer-chunks.js";
import type { Platform } from "./platform.js";

/** What older clients ask in place of `FindChunks`: as much of it as that can say. */
export async function* queryDataset(
  platform: Platform,
  request: QueryDatasetRequest,
  headers: CallHeaders,
): AsyncGenerator<QueryDatasetResponse> {
  const dataset = await datasetOf(platform, headers);
  checkRequest(request);
  const timeline = timelineOf(request);
  if (timeline !== undefined) await checkTimeline(platform, dataset, timeline);
  const contents: Contents = request.selectAllEntityPaths
    ? "all"
    : new Map(request.entityPaths.map(({ path }) => [path, componentsOf(request)]));
  const segments = request.segmentIds.length === 0 ? undefined : segmentIdsFrom(request.segmentIds);
  const layers = await layersOf(platform, dataset, segments);
  const names = segments ?? [...new Set(layers.map(({ segment }) => segment))];
  const starts = startColumns(request);
  for (const layer of layers) {
    const chunks = await chunksOfLayer(platform, layer);
    const selected = selectChunks(chunks, contents, timeOf(request, names.indexOf(layer.segment)));
    const direct = await directUrlOf(platform, layer, request.generateDirectUrls && !request.unsignedDirectUrls);
    yield create(QueryDatasetResponseSchema, { data: chunkInfos(platform, { chunks, selected, direct }, starts) });
  }
  if (layers.length === 0) yield create(QueryDatasetResponseSchema, { data: chunkInfos(platform, undefined, starts) });
}

function checkRequest(request: QueryDatasetRequest): void {
  const { scanParameters: scan, query } = request;
  if (request.selectAllEntityPaths && request.entityPaths.length > 0) {
    throw new RerunError("InvalidArgument", "`select_all_entity_paths` is true, but `entity_paths` is not empty");
  }
  const isGiven: Readonly<Record<string, boolean>> = {
    chunk_ids: request.chunkIds.length > 0,
    exclude_static_data: request.excludeStaticData,
    exclude_temporal_data: request.excludeTemporalData,
    "scan_parameters.limit_len": scan?.limitLen !== undefined,
    "scan_parameters.limit_offset": scan?.limitOffset !== undefined,
    "scan_parameters.filter": scan?.filter !== undefined,
  };
  for (const [name, given] of Object.entries(isGiven)) {
    if (given) throw new RerunError("InvalidArgument", `\`${name}\` has no equivalent in \`FindChunks\``);
  }
  const { latestAt, range } = query ?? {};
  if (latestAt === undefined || range === undefined) return;
  const isAnchored = latestAt.index?.timeline?.name === range.index?.timeline?.name && latestAt.at === range.indexRange?.start;
  if (!isAnchored) {
    throw new RerunError(
      "InvalidArgument",
      "`latest_at` must be anchored at `range.min` on the same timeline to map onto `FILL_MODE_LATEST_AT`",
    );
  }
}

function timelineOf({ query }: QueryDatasetRequest): string | undefined {
  return query?.latestAt?.index?.timeline?.name ?? query?.range?.index?.timeline?.name;
}

function componentsOf({ fuzzyDescriptors }: QueryDatasetRequest): "all" | ReadonlySet<string> {
  return fuzzyDescriptors.length === 0 ? "all" : new Set(fuzzyDescriptors);
}

/** @param position of the segment among those that are asked for */
function timeOf(request: QueryDatasetRequest, position: number): TimeSelection {
  const { latestAt, range } = request.query ?? {};
  const timeline = timelineOf(request);
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
function startColumns(request: QueryDatasetRequest): StartColumn[] {
  const { query } = request;
  const timeline = timelineOf(request);
  if (timeline === undefined) return [];
  if (query?.columnsAlwaysIncludeGlobalIndexes !== true && query?.columnsAlwaysIncludeEverything !== true) return [];
  const name = `${timeline}:start`;
  const own: Field = field(name, INT64, true);
  return [{ name, field: own, timeline }];
}
