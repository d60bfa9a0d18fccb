import { RerunError } from "../../core/index.js";

/** More frames than that (a year at 1000 frames a second has more) are a fault of the file. */
const MAX_FRAMES = 1 << 26;

/**
 * When the frames of a video (mp4, mov) are shown: nanoseconds, ascending, the first at 0.
 *
 * @throws RerunError `CorruptFile` when it is no such video, or has none in it
 */
export async function videoFrameTimes(video: Uint8Array): Promise<BigInt64Array> {
  const { BufferSource, EncodedPacketSink, Input, MP4, QTFF } = await import("mediabunny");
  const input = new Input({ source: new BufferSource(video), formats: [MP4, QTFF] });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (track === null) throw new RerunError("CorruptFile", "the file holds no video track");
    const ticksPerSec = track.timeResolution;
    const seconds: number[] = [];
    // Only the tables are read, not the frames.
    for await (const { timestamp } of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
      if (seconds.length >= MAX_FRAMES) throw new RerunError("LimitExceeded", `a video has more than ${MAX_FRAMES} frames`);
      seconds.push(timestamp);
    }
    return nanosOf(seconds, ticksPerSec);
  } catch (cause) {
    if (cause instanceof RerunError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RerunError("CorruptFile", `the frames of the video cannot be read: ${reason}`, { cause });
  } finally {
    input.dispose();
  }
}

/** Times are whole ticks in the file: from these, nanoseconds are exact. */
function nanosOf(seconds: readonly number[], ticksPerSec: number): BigInt64Array {
  const ticks = Float64Array.from(seconds, (time) => Math.round(time * ticksPerSec)).sort();
  const first = ticks[0] ?? 0;
  return BigInt64Array.from(ticks, (tick) => BigInt(Math.round(((tick - first) / ticksPerSec) * 1e9)));
}
