import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { WaitOptions } from "../dataset/index.js";
import type { Connection } from "./connection.js";
import type { EntryId } from "./entry-id.js";

/** What is tidied. Default of each: false, or nothing. */
export interface MaintenanceOptions extends WaitOptions {
  readonly optimizeIndexes?: boolean | undefined;
  readonly retrainIndexes?: boolean | undefined;
  readonly compactFragments?: boolean | undefined;
  /** What is older is removed. */
  readonly cleanupBefore?: Date | undefined;
  /** Also what was written just now, which others may still be reading. */
  readonly unsafeAllowRecentCleanup?: boolean | undefined;
}

/** Tidies what the server keeps of a dataset. */
export async function maintainDataset(connection: Connection, entry: EntryId, options: MaintenanceOptions): Promise<void> {
  const { optimizeIndexes = false, retrainIndexes = false, compactFragments = false, cleanupBefore, signal } = options;
  const { unsafeAllowRecentCleanup = false } = options;
  const request = {
    optimizeIndexes,
    retrainIndexes,
    compactFragments,
    unsafeAllowRecentCleanup,
    ...(cleanupBefore !== undefined && { cleanupBefore: timestampFromDate(cleanupBefore) }),
  };
  await connection.call((client, call) => client.doMaintenance(request, call), { entry, signal, changes: true });
}
