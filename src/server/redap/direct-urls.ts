import type { LayerRow } from "../catalog/catalog-store.js";
import type { DirectUrl } from "../segments/segment-storage.js";
import type { Platform } from "./platform.js";

/** As long as a query may take that was asked with it. */
const LIFETIME_SECONDS = 3600;

/** Where a client may read a layer's object itself: when it asks for that, the server allows it, and there is such an address. */
export async function directUrlOf(platform: Platform, { object }: LayerRow, isWanted: boolean): Promise<DirectUrl | undefined> {
  return isWanted && platform.hasDirectUrls ? platform.storage.directUrl(object, LIFETIME_SECONDS) : undefined;
}
