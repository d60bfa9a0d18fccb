import { MINUS, nanosFromSeconds, RerunError } from "../core/index.js";
import type { IndexValue } from "../dataset/index.js";
import type { RedapUrl } from "../rpc/index.js";
import type { EntryId } from "./entry-id.js";

/** Where the viewer opens a segment. */
export interface SegmentUrlOptions {
  readonly timeline?: string | undefined;
  /** Of the cursor; and of the selected range when there is an `end`. */
  readonly start?: SegmentTime | undefined;
  readonly end?: SegmentTime | undefined;
}

/** Sequences: number or bigint; timestamps: Date; durations: seconds, or exactly. */
export type SegmentTime = IndexValue | { readonly duration: number } | { readonly durationNanos: bigint };

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

function timeText(value: SegmentTime): string {
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  if (typeof value !== "object") return String(value);
  return durationText("durationNanos" in value ? value.durationNanos : nanosFromSeconds(value.duration, "segmentUrl"));
}

/** As Rerun's links have it, units without a value left out: `+1h1m1.5s`. */
function durationText(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const parts = UNITS.flatMap(([unit, seconds, limit]) => {
    const count = (size / (seconds * NANOS_PER_SEC)) % limit;
    return count === 0n ? [] : `${count}${unit}`;
  });
  const rest = size % (60n * NANOS_PER_SEC);
  if (rest > 0n || parts.length === 0) parts.push(`${rest / NANOS_PER_SEC}${fractionText(rest % NANOS_PER_SEC)}s`);
  return `${nanos < 0n ? MINUS : "+"}${parts.join("")}`;
}

const NANOS_PER_SEC = 1_000_000_000n;
/** Each with its seconds, and how many the next one takes. */
const UNITS = [
  ["d", 86_400n, 1n << 64n],
  ["h", 3600n, 24n],
  ["m", 60n, 60n],
] as const;
const THIN_SPACE = "\u2009";

/** `.5`, or groups of three digits. */
function fractionText(nanos: bigint): string {
  if (nanos === 0n) return "";
  if (nanos % 100_000_000n === 0n) return `.${nanos / 100_000_000n}`;
  const groups = nanos.toString().padStart(9, "0").match(/\d{3}/g) ?? [];
  while (groups.at(-1) === "000") groups.pop();
  return `.${groups.join(THIN_SPACE)}`;
}
