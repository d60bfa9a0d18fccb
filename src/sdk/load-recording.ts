import { type PlainValue, RerunError, type StoreId, storeIdKey, valueAt, warnOnce } from "../core/index.js";
import { readRrdFile } from "../files/index.js";
import { ChunkStore, chunkLimitsFromEnv } from "../store/index.js";
import { checkFilePath } from "./check-arguments.js";
import { RECORDING_PROPERTIES_PATH } from "./properties.js";

export interface LoadOptions {
  /** Which one of several recordings in the file. */
  readonly recordingId?: string;
}

/** A recording that is held to be shown or queried. */
export interface LoadedRecording {
  readonly applicationId: string;
  readonly recordingId: string;
  /** `RecordingInfo:name`, when it has one. */
  readonly name: string | undefined;
  /** When it began, in nanoseconds since 1970, when it says so. */
  readonly startTimeNanos: bigint | undefined;
  readonly store: ChunkStore;
}

/**
 * Reads a recording from a `.rrd` file. What is damaged is left out, with a warning; what is whole is there.
 *
 * @throws RerunError `NotFound` when the file cannot be read or holds no recording, `CorruptFile` when it is something else,
 * `InvalidArgument` when it holds several and `recordingId` names none of them
 */
export async function loadRecording(path: string, options: LoadOptions = {}): Promise<LoadedRecording> {
  checkFilePath("loadRecording", path);
  const recordings = new Map<string, { readonly id: StoreId; readonly store: ChunkStore }>();
  for await (const message of readRrdFile(path, { warn: warnOnce })) {
    if (message.kind === "blueprintActivation" || message.storeId.kind !== "recording") continue;
    const key = storeIdKey(message.storeId);
    const { store } = recordings.get(key) ?? { store: new ChunkStore({ limits: chunkLimitsFromEnv(process.env) }) };
    recordings.set(key, { id: message.storeId, store });
    if (message.kind === "chunk") store.insert(message.chunk);
  }
  const found = [...recordings.values()];
  const wanted = found.filter(({ id }) => options.recordingId === undefined || id.recordingId === options.recordingId);
  const [recording] = wanted;
  if (found.length === 0) throw new RerunError("NotFound", `loadRecording: the file holds no recording: ${path}`);
  if (recording === undefined || wanted.length > 1) {
    const ids = found.map(({ id }) => `"${id.recordingId}"`).join(", ");
    throw new RerunError("InvalidArgument", `loadRecording: recordingId: expected one of ${ids}: ${path}`);
  }
  const { id, store } = recording;
  const name = propertyOf(store, "RecordingInfo:name");
  const startTime = propertyOf(store, "RecordingInfo:start_time");
  return {
    applicationId: id.applicationId,
    recordingId: id.recordingId,
    name: typeof name === "string" ? name : undefined,
    startTimeNanos: typeof startTime === "bigint" ? startTime : undefined,
    store,
  };
}

/** The first instance of a static property. */
function propertyOf(store: ChunkStore, component: string): PlainValue {
  const cell = store.latestAt({ entityPath: RECORDING_PROPERTIES_PATH, component, timeline: undefined, at: 0n });
  const list = cell?.chunk.components.get(component)?.list;
  if (cell === undefined || list === undefined) return null;
  const instances = valueAt(list, cell.row);
  return Array.isArray(instances) ? ((instances as readonly PlainValue[])[0] ?? null) : null;
}
