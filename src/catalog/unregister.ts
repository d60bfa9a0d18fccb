import type { WaitOptions } from "../dataset/index.js";
import type { Connection } from "./connection.js";
import type { EntryId } from "./entry-id.js";
import { UnregistrationHandle } from "./registration.js";

export interface UnregisterOptions extends WaitOptions {
  /** Empty = all segments. */
  readonly segmentsToDrop: string | readonly string[];
  /** Empty = all layers. */
  readonly layersToDrop: string | readonly string[];
  /** Also while they are being registered. Default: false. */
  readonly force?: boolean | undefined;
}

/** Asks the server to take segments, or layers of them, out of a dataset. */
export async function unregister(
  connection: Connection,
  entry: EntryId,
  { segmentsToDrop, layersToDrop, force = false, signal }: UnregisterOptions,
): Promise<UnregistrationHandle> {
  const request = {
    segmentsToDrop: listOfTexts(segmentsToDrop).map((id) => ({ id })),
    layersToDrop: listOfTexts(layersToDrop),
    force,
  };
  const settings = { entry, signal, changes: true };
  const parts = await connection.collect((client, call) => client.unregisterFromDataset(request, call), settings);
  return new UnregistrationHandle(connection, [...new Set(parts.flatMap(({ taskId }) => taskId?.id ?? []))]);
}

/** Removes the properties that are stored beside segments. */
export async function deleteProperties(
  connection: Connection,
  entry: EntryId,
  segmentIds: string | readonly string[],
  { signal }: WaitOptions,
): Promise<void> {
  const request = { segments: listOfTexts(segmentIds).map((id) => ({ segmentId: { id } })) };
  await connection.call((client, call) => client.deleteSegmentProperties(request, call), { entry, signal, changes: true });
}

function listOfTexts(texts: string | readonly string[]): string[] {
  return typeof texts === "string" ? [texts] : [...texts];
}
