import { create } from "@bufbuild/protobuf";
import { tableFromIPC, type Vector } from "apache-arrow";
import { RerunError } from "../../core/index.js";
import {
  type GetAssetsForSegmentRequest,
  type GetAssetsForSegmentResponse,
  GetAssetsForSegmentResponseSchema,
} from "../../protos/redap.js";
import { type CallHeaders, datasetOf, entryIdMessage, segmentIdMessage } from "./entry-ids.js";
import type { Platform } from "./platform.js";

/** The assets that go with a segment, known or not: those that exclude it neither by name nor by naming others. */
export async function* getAssetsForSegment(
  platform: Platform,
  request: GetAssetsForSegmentRequest,
  headers: CallHeaders,
): AsyncGenerator<GetAssetsForSegmentResponse> {
  const dataset = await datasetOf(platform, headers);
  const segment = request.segmentId?.id;
  if (dataset.kind !== "dataset") {
    throw new RerunError("InvalidArgument", `only recording datasets have assets, '${dataset.name}' is none`);
  }
  const { assetDataset } = dataset.details;
  if (assetDataset === undefined) {
    yield create(GetAssetsForSegmentResponseSchema);
    return;
  }
  const layers = await platform.catalog.layers(assetDataset);
  const assets = [...new Set(layers.map((layer) => layer.segment))].sort();
  const rows = new Map((await platform.catalog.properties(assetDataset, assets)).map((each) => [each.segment, each.row]));
  const effective = assets.filter((asset) => goesWith(rows.get(asset), segment));
  yield create(GetAssetsForSegmentResponseSchema, {
    assetsEntry: entryIdMessage(assetDataset),
    assetSegmentIds: effective.map(segmentIdMessage),
  });
}

/** By `property:asset:mode`, OptOut (all segments but those listed) or OptIn (only those); without it all. */
function goesWith(row: Uint8Array | undefined, segment: string | undefined): boolean {
  if (row === undefined) return true;
  const table = tableFromIPC(row);
  const [mode] = listed(table.getChild("property:asset:mode"));
  const isListed = segment !== undefined && listed(table.getChild("property:asset:segments")).includes(segment);
  return mode === "OptIn" ? isListed : !isListed;
}

function listed(column: Vector | null): string[] {
  const list = column?.get(0) as Vector | string | null | undefined;
  if (list === null || list === undefined) return [];
  return typeof list === "string" ? [list] : Array.from(list, String);
}
