import type { Contents, FrameSchema } from "../store/index.js";
import type { Connection } from "./connection.js";
import type { EntryId } from "./entry-id.js";

/** What a reader of a remote dataset knows when it is opened. */
export interface RemoteReader {
  readonly connection: Connection;
  readonly entry: EntryId;
  readonly schema: FrameSchema;
  readonly contents: Contents | undefined;
  /** `undefined` = all. */
  readonly segmentIds: readonly string[] | undefined;
  /** What chunks in memory at once may take. */
  readonly memoryLimitBytes: number;
}
