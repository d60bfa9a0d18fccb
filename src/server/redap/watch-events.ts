import { create } from "@bufbuild/protobuf";
import { type WatchEventsResponse, WatchEventsResponseSchema } from "../../protos/redap.js";
import { entryIdMessage } from "./entry-ids.js";
import type { Platform } from "./platform.js";

/** Tells of entries that come and go from now on. All kinds of events that exist are those of entries. */
export async function* watchEvents(platform: Platform, signal: AbortSignal): AsyncGenerator<WatchEventsResponse> {
  for await (const { entry, kind } of platform.catalog.events(signal)) {
    const id = entryIdMessage(entry);
    yield create(WatchEventsResponseSchema, {
      kind: kind === "created" ? { case: "entryCreated", value: { id } } : { case: "entryDeleted", value: { id } },
    });
  }
}
