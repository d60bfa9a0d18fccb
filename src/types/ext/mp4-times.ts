import { boxesIn, boxIn, corruptVideo, type Mp4Box, Mp4Reader } from "./mp4-boxes.js";

/** What is known of the video track. */
interface Track {
  readonly id: number;
  readonly ticksPerSec: number;
  /** Of the samples of fragments that do not say it themselves. */
  readonly defaultDuration: number;
}

/** Presentation times in ticks; never more than the file has bytes, whatever it says. */
class Ticks {
  readonly values: number[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(tick: number): void {
    if (this.values.length >= this.#limit) corruptVideo("it claims to have more frames than bytes");
    this.values.push(tick);
  }
}

/**
 * When the frames of an mp4 (or mov) video are shown: nanoseconds, ascending, the first at 0. Only the tables are looked at.
 *
 * @throws RerunError `CorruptFile` when it is no such video, or has no frames
 */
export function videoFrameTimes(video: Uint8Array): BigInt64Array {
  const view = new DataView(video.buffer, video.byteOffset, video.byteLength);
  const file: Mp4Box = { type: "file", start: 0, end: view.byteLength };
  const moov = boxIn(view, file, "moov") ?? corruptVideo("it has no box with tables (moov)");
  const { track, stbl } = videoTrack(view, moov);
  const ticks = new Ticks(video.length);
  if (stbl !== undefined) readTable(view, stbl, ticks);
  readFragments(view, file, track, ticks);
  if (ticks.values.length === 0) corruptVideo("its video track has no frames");
  const sorted = Float64Array.from(ticks.values).sort();
  const first = sorted[0] ?? 0;
  return BigInt64Array.from(sorted, (tick) => BigInt(Math.round(((tick - first) / track.ticksPerSec) * 1e9)));
}

function videoTrack(view: DataView, moov: Mp4Box): { readonly track: Track; readonly stbl: Mp4Box | undefined } {
  for (const trak of boxesIn(view, moov.start, moov.end)) {
    const mdia = trak.type === "trak" ? boxIn(view, trak, "mdia") : undefined;
    const handler = mdia === undefined ? undefined : boxIn(view, mdia, "hdlr");
    if (mdia === undefined || handler === undefined || handlerOf(view, handler) !== "vide") continue;
    const id = trackId(view, trak);
    const ticksPerSec = timescale(view, mdia);
    const minf = boxIn(view, mdia, "minf");
    const stbl = minf === undefined ? undefined : boxIn(view, minf, "stbl");
    return { track: { id, ticksPerSec, defaultDuration: defaultDuration(view, moov, id) }, stbl };
  }
  return corruptVideo("it has no video track");
}

function handlerOf(view: DataView, box: Mp4Box): string {
  const reader = new Mp4Reader(view, box);
  reader.skip(8);
  const letters = reader.uint32();
  return String.fromCharCode(letters >>> 24, (letters >>> 16) & 255, (letters >>> 8) & 255, letters & 255);
}

function trackId(view: DataView, trak: Mp4Box): number {
  const reader = new Mp4Reader(view, boxIn(view, trak, "tkhd") ?? corruptVideo('its video track has no box "tkhd"'));
  reader.skip(versionOf(reader) === 1 ? 16 : 8);
  return reader.uint32();
}

function timescale(view: DataView, mdia: Mp4Box): number {
  const reader = new Mp4Reader(view, boxIn(view, mdia, "mdhd") ?? corruptVideo('its video track has no box "mdhd"'));
  reader.skip(versionOf(reader) === 1 ? 16 : 8);
  return reader.uint32() || corruptVideo("its video track has no ticks per second");
}

/** Reads version and flags. */
function versionOf(reader: Mp4Reader): number {
  return reader.uint32() >>> 24;
}

function defaultDuration(view: DataView, moov: Mp4Box, id: number): number {
  const mvex = boxIn(view, moov, "mvex");
  if (mvex === undefined) return 0;
  for (const box of boxesIn(view, mvex.start, mvex.end)) {
    if (box.type !== "trex") continue;
    const reader = new Mp4Reader(view, box);
    reader.skip(4);
    if (reader.uint32() !== id) continue;
    reader.skip(4);
    return reader.uint32();
  }
  return 0;
}

/** The samples that the track's own tables tell of: runs of one duration, runs of one offset from decoding to showing. */
function readTable(view: DataView, stbl: Mp4Box, ticks: Ticks): void {
  const stts = boxIn(view, stbl, "stts");
  if (stts === undefined) return;
  const durations = new Mp4Reader(view, stts);
  durations.skip(4);
  const nextOffset = offsetsOf(view, boxIn(view, stbl, "ctts"));
  let time = 0;
  for (let runs = durations.uint32(); runs > 0; runs--) {
    const count = durations.uint32();
    const duration = durations.uint32();
    for (let i = 0; i < count; i++, time += duration) ticks.add(time + nextOffset());
  }
}

/** The offset of one sample after the other; 0 where the table has no more. */
function offsetsOf(view: DataView, box: Mp4Box | undefined): () => number {
  if (box === undefined) return () => 0;
  const reader = new Mp4Reader(view, box);
  reader.skip(4);
  let runs = reader.uint32();
  let left = 0;
  let offset = 0;
  return () => {
    while (left === 0 && runs > 0) {
      left = reader.uint32();
      // Signed in version 1; version 0 is written with negative ones too.
      offset = reader.int32();
      runs -= 1;
    }
    if (left === 0) return 0;
    left -= 1;
    return offset;
  };
}

/** The samples of the track's fragments. */
function readFragments(view: DataView, file: Mp4Box, track: Track, ticks: Ticks): void {
  let time = 0;
  for (const moof of boxesIn(view, file.start, file.end)) {
    if (moof.type !== "moof") continue;
    for (const traf of boxesIn(view, moof.start, moof.end)) {
      const head = traf.type === "traf" ? fragmentHead(view, traf, track) : undefined;
      if (head === undefined) continue;
      time = head.startTime ?? time;
      for (const box of boxesIn(view, traf.start, traf.end)) {
        if (box.type === "trun") time = readRun(view, box, time, head.duration, ticks);
      }
    }
  }
}

interface FragmentHead {
  readonly duration: number;
  readonly startTime: number | undefined;
}

/** `undefined` when the fragment is of another track. */
function fragmentHead(view: DataView, traf: Mp4Box, { id, defaultDuration }: Track): FragmentHead | undefined {
  const tfhd = boxIn(view, traf, "tfhd");
  if (tfhd === undefined) return undefined;
  const reader = new Mp4Reader(view, tfhd);
  const flags = reader.uint32();
  if (reader.uint32() !== id) return undefined;
  reader.skip((flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0));
  const duration = flags & 0x8 ? reader.uint32() : defaultDuration;
  const tfdt = boxIn(view, traf, "tfdt");
  if (tfdt === undefined) return { duration, startTime: undefined };
  const start = new Mp4Reader(view, tfdt);
  return { duration, startTime: versionOf(start) === 1 ? start.uint64() : start.uint32() };
}

/** @returns the time behind the run */
function readRun(view: DataView, box: Mp4Box, start: number, defaultDuration: number, ticks: Ticks): number {
  const reader = new Mp4Reader(view, box);
  const flags = reader.uint32();
  const count = reader.uint32();
  reader.skip((flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0));
  const passed = (flags & 0x200 ? 4 : 0) + (flags & 0x400 ? 4 : 0);
  let time = start;
  for (let i = 0; i < count; i++) {
    const duration = flags & 0x100 ? reader.uint32() : defaultDuration;
    reader.skip(passed);
    ticks.add(time + (flags & 0x800 ? reader.int32() : 0));
    time += duration;
  }
  return time;
}
