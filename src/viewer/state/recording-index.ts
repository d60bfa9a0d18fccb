import type { ChunkSummary, IndexDelta, RecordingIndex } from "../../link/client.js";

/** The index of a recording of which nothing is known yet. */
export const EMPTY_INDEX: RecordingIndex = {
  info: { applicationId: "", recordingId: "" },
  revision: 0,
  isLive: true,
  timelines: [],
  entities: [],
  chunks: new Map(),
};

/** `index` as it is after `delta`. */
export function applyDelta(index: RecordingIndex, delta: IndexDelta): RecordingIndex {
  const unchanged = !delta.reset && delta.added.length === 0 && delta.removed.length === 0;
  const chunks = unchanged ? index.chunks : changedChunks(delta.reset ? undefined : index.chunks, delta);
  return {
    info: delta.info,
    revision: delta.revision,
    isLive: delta.isLive,
    timelines: delta.timelines,
    entities: delta.entities ?? (delta.reset ? [] : index.entities),
    chunks,
  };
}

function changedChunks(before: ReadonlyMap<string, ChunkSummary> | undefined, delta: IndexDelta): Map<string, ChunkSummary> {
  const chunks = new Map(before);
  for (const id of delta.removed) chunks.delete(id);
  for (const summary of delta.added) chunks.set(summary.id, summary);
  return chunks;
}
