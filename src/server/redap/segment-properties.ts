import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { RerunError } from "../../core/index.js";
import {
  type DataframePart,
  type DeleteSegmentPropertiesRequest,
  type DeleteSegmentPropertiesResponse,
  DeleteSegmentPropertiesResponseSchema,
  type GetSegmentPropertiesRequest,
  type GetSegmentPropertiesResponse,
  GetSegmentPropertiesResponseSchema,
  type SetSegmentPropertiesRequest,
  type SetSegmentPropertiesResponse,
  SetSegmentPropertiesResponseSchema,
} from "../../protos/redap.js";
import { dataframePartFromIpc, ipcFromDataframePart, tableFromDataframePart } from "../../rpc/index.js";
import { type CallHeaders, datasetOf, required, segmentIdMessage, segmentIdsFrom } from "./entry-ids.js";
import type { Platform } from "./platform.js";

/** Stands for: there are no properties yet. */
const NO_REVISION = 0n;

export async function* getSegmentProperties(
  platform: Platform,
  request: GetSegmentPropertiesRequest,
  headers: CallHeaders,
): AsyncGenerator<GetSegmentPropertiesResponse> {
  const dataset = await datasetOf(platform, headers);
  const ids = segmentIdsFrom(request.segmentIds);
  if (ids.length === 0) throw new RerunError("InvalidArgument", "segment_ids must name at least one segment");
  const found = await platform.catalog.properties(dataset.id, [...new Set(ids)]);
  const segments = found.map(({ segment, row, revision }) => ({
    segmentId: segmentIdMessage(segment),
    properties: dataframePartFromIpc(row),
    revision,
  }));
  yield create(GetSegmentPropertiesResponseSchema, { segments });
}

/** Replaces all properties of a segment, whether it exists or not. */
export async function setSegmentProperties(
  platform: Platform,
  request: SetSegmentPropertiesRequest,
  headers: CallHeaders,
): Promise<SetSegmentPropertiesResponse> {
  const dataset = await datasetOf(platform, headers);
  const segment = required(request.segmentId?.id, "SetSegmentPropertiesRequest.segment_id");
  const row = rowOf(request.properties);
  const revision = newRevision();
  await platform.catalog.write([dataset.id], async (tx) => {
    const [before] = await tx.properties(dataset.id, [segment]);
    const found = before?.revision ?? NO_REVISION;
    const { expectedRevision: expected } = request;
    if (expected !== undefined && expected !== found) {
      throw new RerunError(
        "FailedPrecondition",
        `Properties of segment '${segment}' were modified concurrently: expected revision ${expected}, found ${found}`,
      );
    }
    await tx.putProperties(dataset.id, { segment, row, revision });
  });
  return create(SetSegmentPropertiesResponseSchema, { revision });
}

/** Deletes properties; those of another revision than expected stay. */
export async function deleteSegmentProperties(
  platform: Platform,
  request: DeleteSegmentPropertiesRequest,
  headers: CallHeaders,
): Promise<DeleteSegmentPropertiesResponse> {
  const dataset = await datasetOf(platform, headers);
  await platform.catalog.write([dataset.id], async (tx) => {
    for (const { segmentId, expectedRevision } of request.segments) {
      const [segment = ""] = segmentIdsFrom(segmentId === undefined ? [] : [segmentId]);
      const [before] = await tx.properties(dataset.id, [segment]);
      const isExpected = expectedRevision === undefined || before?.revision === expectedRevision;
      if (before !== undefined && isExpected) await tx.removeProperties(dataset.id, segment);
    }
  });
  return create(DeleteSegmentPropertiesResponseSchema);
}

function rowOf(properties: DataframePart | undefined): Uint8Array {
  if (properties === undefined) throw new RerunError("InvalidArgument", "properties are required");
  const { numRows } = tableFromDataframePart(properties);
  if (numRows !== 1) {
    throw new RerunError("InvalidArgument", `segment properties must be a single row, got ${numRows} rows`);
  }
  return ipcFromDataframePart(properties);
}

function newRevision(): bigint {
  const revision = randomBytes(8).readBigUInt64LE();
  return revision === NO_REVISION ? 1n : revision;
}
