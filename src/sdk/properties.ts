import { type Chunk, ChunkBuilder } from "../chunk/index.js";
import { INT64, type TuidSource, UTF8 } from "../core/index.js";
import type { AsComponents, ComponentLayout } from "../types/index.js";

/** Where a recording's properties lie. */
export const RECORDING_PROPERTIES_PATH = "/__properties";

const ARCHETYPE = "rerun.archetypes.RecordingInfo";

const START_TIME: ComponentLayout = {
  descriptor: { component: "RecordingInfo:start_time", archetype: ARCHETYPE, componentType: "rerun.components.Timestamp" },
  type: INT64,
};
const NAME: ComponentLayout = {
  descriptor: { component: "RecordingInfo:name", archetype: ARCHETYPE, componentType: "rerun.components.Name" },
  type: UTF8,
};
const START_TIME_LAYOUTS: readonly ComponentLayout[] = [START_TIME];
const NAME_LAYOUTS: readonly ComponentLayout[] = [NAME];

/** The property that names a recording. */
export function nameProperty(name: string): AsComponents {
  return { layouts: NAME_LAYOUTS, data: [name] };
}

/** The property that says when the recording began, in nanoseconds since 1970. */
export function startTimeProperty(nanos: bigint): AsComponents {
  return { layouts: START_TIME_LAYOUTS, data: [nanos] };
}

/** The static chunk that a recording begins with. */
export function startTimeChunk(nanos: bigint, tuids: TuidSource): Chunk {
  const builder = new ChunkBuilder({ entityPath: RECORDING_PROPERTIES_PATH, timelines: [], tuids });
  builder.column(START_TIME).append(builder.beginRow(), nanos);
  return builder.finish();
}
