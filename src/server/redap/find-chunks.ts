import { create } from "@bufbuild/protobuf";
import { RerunError } from "../../core/index.js";
import {
  type ContentSelection,
  DirectUrlMode,
  FillMode,
  type FindChunksRequest,
  type FindChunksResponse,
  FindChunksResponseSchema,
  type RangeSelection,
  type SegmentSamplesSelection,
  type SegmentSelection,
} from "../../protos/redap.js";
import type { Entry, LayerRow } from "../catalog/catalog-store.js";
import { chunkInfos, chunkTimelineStart } from "./chunk-infos.js";
import { type Contents, selectChunks, type TimeSelection } from "./chunk-selection.js";
import { directUrlOf } from "./direct-urls.js";
import { type CallHeaders, datasetOf, segmentIdsFrom } from "./entry-ids.js";
import { chunksOfLayer } from "./layer-chunks.js";
import type { Platform } from "./platform.js";
import { mergedSchema } from "./register-work.js";

const TIME_MIN = -(1n << 63n);
const TIME_MAX = (1n << 63n) - 1n;

/** What a request asks for, checked. */
interface Plan {
  readonly timeline: string | undefined;
  /** `undefined`: all segments. */
  readonly segments: readonly string[] | undefined;
  timeOf(segment: string): TimeSelection;
}

/** Tells which chunks a query needs, a message per layer of a segment. */
export async function* findChunks(
  platform: Platform,
  request: FindChunksRequest,
  headers: CallHeaders,
): AsyncGenerator<FindChunksResponse> {
  const dataset = await datasetOf(platform, headers);
  const contents = contentsOf(request.contents);
  const plan = planOf(request);
  if (plan.timeline !== undefined) await checkTimeline(platform, dataset, plan.timeline);
  const starts = [chunkTimelineStart(plan.timeline)];
  // Nobody but the store could say who may read without a signature: such clients get chunks from here.
  const isDirect = request.directUrlMode === DirectUrlMode.SIGNED || request.directUrlMode === DirectUrlMode.UNSPECIFIED;
  let isEmpty = true;
  for (const layer of await layersOf(platform, dataset, plan.segments)) {
    const chunks = await chunksOfLayer(platform, layer);
    const selected = selectChunks(chunks, contents, plan.timeOf(layer.segment));
    if (selected.length === 0) continue;
    isEmpty = false;
    const direct = await directUrlOf(platform, layer, isDirect);
    yield create(FindChunksResponseSchema, { data: chunkInfos(platform, { chunks, selected, direct }, starts) });
  }
  if (isEmpty) yield create(FindChunksResponseSchema, { data: chunkInfos(platform, undefined, starts) });
}

export async function layersOf(platform: Platform, dataset: Entry, segments: readonly string[] | undefined): Promise<LayerRow[]> {
  return platform.catalog.layers(dataset.id, segments === undefined ? {} : { segments });
}

function contentsOf(message: ContentSelection | undefined): Contents {
  const selection = message?.selection;
  if (selection?.case === undefined) throw new RerunError("InvalidArgument", "`contents` is required");
  if (selection.case === "all") return "all";
  const contents = new Map<string, "all" | Set<string>>();
  for (const { entityPath, components } of selection.value.entities) {
    if (entityPath === undefined) throw new RerunError("InvalidArgument", "`contents.entity_path` is required");
    if (components.case === undefined) throw new RerunError("InvalidArgument", "`contents.components` is required");
    const before = contents.get(entityPath.path);
    if (components.case === "all" || before === "all") contents.set(entityPath.path, "all");
    else contents.set(entityPath.path, new Set([...(before ?? []), ...components.value.ids]));
  }
  return contents;
}

function planOf({ mode }: FindChunksRequest): Plan {
  switch (mode.case) {
    case "static":
      return {
        timeline: undefined,
        segments: segmentsOf(mode.value.segments, "static"),
        timeOf: () => ({ kind: "none" }),
      };
    case "range":
      return rangePlan(mode.value);
    case "samples":
      return samplesPlan(mode.value);
    default:
      throw new RerunError("InvalidArgument", "`mode` is required");
  }
}

function segmentsOf(message: SegmentSelection | undefined, where: string): string[] | undefined {
  const selection = message?.selection;
  if (selection?.case === undefined) throw new RerunError("InvalidArgument", `\`${where}.segments\` is required`);
  return selection.case === "all" ? undefined : segmentIdsFrom(selection.value.ids);
}

function rangePlan(range: RangeSelection): Plan {
  const segments = segmentsOf(range.segments, "range");
  const { timeline, startInclusive: start, endInclusive: end } = range;
  const isLatestAt = checkFillMode(range.fillMode, "range");
  if (start !== undefined && end !== undefined && end < start) {
    throw new RerunError("InvalidArgument", "`range.end_inclusive` must not be before `range.start_inclusive`");
  }
  if (isLatestAt && start === undefined) {
    throw new RerunError("InvalidArgument", "`range.fill_mode` `FILL_MODE_LATEST_AT` requires `range.start_inclusive` to be set");
  }
  const time: TimeSelection = {
    kind: "times",
    timeline,
    range: { start: start ?? TIME_MIN, end: end ?? TIME_MAX },
    values: [],
    latestAt: isLatestAt && start !== undefined ? [start] : [],
  };
  return { timeline, segments, timeOf: () => time };
}

function samplesPlan({ timeline, segments, fillMode }: SegmentSamplesSelection): Plan {
  const isLatestAt = checkFillMode(fillMode, "samples");
  const times = new Map<string, TimeSelection>();
  for (const { segmentId, values } of segments) {
    const [segment = ""] = segmentIdsFrom(segmentId === undefined ? [] : [segmentId]);
    if (times.has(segment)) throw new RerunError("InvalidArgument", `duplicate segment id in \`samples\`: ${segment}`);
    const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    times.set(segment, { kind: "times", timeline, values: sorted, latestAt: isLatestAt ? sorted : [] });
  }
  return { timeline, segments: [...times.keys()], timeOf: (segment) => times.get(segment) ?? { kind: "none" } };
}

/** Whether values are to be filled from before. */
function checkFillMode(mode: FillMode, where: string): boolean {
  if (mode === FillMode.EARLIEST_AT) {
    throw new RerunError("Unsupported", `\`${where}.fill_mode\` \`FILL_MODE_EARLIEST_AT\` is not implemented`);
  }
  return mode === FillMode.LATEST_AT;
}

export async function checkTimeline(platform: Platform, dataset: Entry, timeline: string): Promise<void> {
  const merged = await mergedSchema(platform.catalog, dataset.id);
  const isKnown = merged.fields().some(({ metadata }) => metadata?.get("rerun:index_name") === timeline);
  if (!isKnown) throw new RerunError("InvalidArgument", `unknown timeline \`${timeline}\``);
}
