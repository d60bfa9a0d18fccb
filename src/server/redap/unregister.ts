import { create } from "@bufbuild/protobuf";
import { RerunError } from "../../core/index.js";
import {
  type UnregisterFromDatasetRequest,
  type UnregisterFromDatasetResponse,
  UnregisterFromDatasetResponseSchema,
} from "../../protos/redap.js";
import { dataframe } from "./dataframe.js";
import { datasetManifest, filterRows } from "./dataset-tables.js";
import { type CallHeaders, datasetOf, segmentIdsFrom } from "./entry-ids.js";
import type { Platform } from "./platform.js";

/** Kind of the tasks that record what was unregistered. */
const UNREGISTER = "unregister";

/** Removes layers from the catalog; the files stay. The task is done when it is told of. */
export async function* unregisterFromDataset(
  platform: Platform,
  request: UnregisterFromDatasetRequest,
  headers: CallHeaders,
): AsyncGenerator<UnregisterFromDatasetResponse> {
  const dataset = await datasetOf(platform, headers);
  const segments = segmentIdsFrom(request.segmentsToDrop);
  const layers = request.layersToDrop;
  if (segments.length === 0 && layers.length === 0) {
    throw new RerunError("InvalidArgument", "must specify at least 1 segment ID or layer for removal");
  }
  const empty = filterRows(await datasetManifest(platform, dataset), () => false);
  const id = `task_${platform.newId()}`;
  await platform.catalog.write([dataset.id], async (tx) => {
    const removed = await tx.removeLayers(dataset.id, segments, layers);
    const payload = JSON.stringify({ dataset: dataset.id, segments, layers });
    await tx.enqueue([{ id, kind: UNREGISTER, payload }]);
    await tx.finishTasks([{ id, status: "success", message: `removed ${removed} layers` }]);
  });
  yield create(UnregisterFromDatasetResponseSchema, { data: dataframe(empty.columns, 0), taskId: { id } });
}
