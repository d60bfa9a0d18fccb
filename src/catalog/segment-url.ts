import { RerunError } from "../core/index.js";
import type { IndexValue } from "../dataset/index.js";
import type { RedapUrl } from "../rpc/index.js";
import type { EntryId } from "./entry-id.js";

/** Where the viewer opens a segment. */
export interface SegmentUrlOptions {
  readonly timeline?: string | undefined;
  /** Of the cursor; and of the selected range when there is an `end`. Sequences: number or bigint; durations: bigint nanoseconds; timestamps: Date. */
  readonly start?: IndexValue | undefined;
  readonly end?: IndexValue | undefined;
}

/** `rerun+http://host/dataset/…?segment_id=…#when=frame@5&time_selection=frame@5..9`. @throws RerunError `InvalidArgument` */
export function segmentUrl(
  { href, host, port }: RedapUrl,
  entry: EntryId,
  segmentId: string,
  options: SegmentUrlOptions,
): string {
  const { timeline, start, end } = options;
  const scheme = href.slice(0, href.indexOf("://"));
  const url = `${scheme}://${host}:${port}/dataset/${entry}?segment_id=${segmentId.replace(/[%&#+]/g, encodeURIComponent)}`;
  if (timeline === undefined) {
    if (start === undefined && end === undefined) return url;
    throw new RerunError("InvalidArgument", "segmentUrl: `start` and `end` are times of a `timeline`, which is missing");
  }
  if (start === undefined) {
    if (end === undefined) return url;
    throw new RerunError("InvalidArgument", "segmentUrl: `end` without `start`");
  }
  const when = `#when=${timeline}@${timeText(start)}`;
  return end === undefined ? `${url}${when}` : `${url}${when}&time_selection=${timeline}@${timeText(start)}..${timeText(end)}`;
}

function timeText(value: IndexValue): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
