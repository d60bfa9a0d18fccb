import type { SegmentInfo, SegmentSet } from "../../link/index.js";
import type { LazyStore } from "../../store/index.js";

interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What a viewer needs of a dataset: those of `rerun-ts/catalog` have it. */
export interface ShownDataset {
  /** Of a dataset on a server. */
  readonly name?: string;
  segmentTable(): { rows(options: WaitOptions): Promise<readonly Readonly<Record<string, unknown>>[]> };
  segmentStore(segmentId: string, options: WaitOptions): Promise<LazyStore>;
}

const ID_COLUMN = "rerun_segment_id";
const NAME_COLUMN = "property:RecordingInfo:name";

/** The segments of a dataset for the viewer: listed by the segment table, their chunks fetched on demand. */
export function segmentsOf(dataset: ShownDataset, name: string): SegmentSet {
  return {
    name,
    async list(signal) {
      const rows = await dataset.segmentTable().rows({ signal });
      return rows.map(segmentOfRow);
    },
    open: (segmentId, signal) => dataset.segmentStore(segmentId, { signal }),
  };
}

function segmentOfRow(row: Readonly<Record<string, unknown>>): SegmentInfo {
  const id = String(row[ID_COLUMN]);
  const cell = row[NAME_COLUMN];
  const name: unknown = Array.isArray(cell) ? cell[0] : undefined;
  return typeof name === "string" && name !== "" ? { id, name } : { id };
}
