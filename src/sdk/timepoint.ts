import { type Clock, type MutableTime, readTime, type TimeSpec } from "../core/index.js";
import type { TimelineSet, TimeSlot } from "./batcher.js";

export const LOG_TIME = "log_time";
export const LOG_TICK = "log_tick";

/** A static row is on no timeline. */
export const STATIC_ROW: TimelineSet = { timelines: [], slots: [] };

/** The times that the next rows get: those set by the user, which stay until changed, and the automatic ones. */
export class Timepoint {
  readonly #slots = new Map<string, TimeSlot>();
  readonly #sets = new Map<string, TimelineSet>();
  readonly #read: MutableTime = { type: "sequence", hi: 0, lo: 0 };
  readonly #logTime: TimeSlot = { timeline: { name: LOG_TIME, type: "timestamp" }, hi: 0, lo: 0 };
  readonly #logTick: TimeSlot = { timeline: { name: LOG_TICK, type: "sequence" }, hi: 0, lo: 0 };
  #tick = 0;
  #hasLogTime: boolean;
  #hasLogTick: boolean;
  #set: TimelineSet | undefined;

  constructor(hasLogTime: boolean, hasLogTick: boolean) {
    this.#hasLogTime = hasLogTime;
    this.#hasLogTick = hasLogTick;
  }

  /** @throws RerunError `InvalidTime` */
  set(name: string, spec: TimeSpec): void {
    const read = this.#read;
    readTime(spec, read, "setTime");
    const slot = this.#slots.get(name);
    if (slot !== undefined && slot.timeline.type === read.type) {
      slot.hi = read.hi;
      slot.lo = read.lo;
      return;
    }
    this.#slots.set(name, { timeline: { name, type: read.type }, hi: read.hi, lo: read.lo });
    this.#changed();
  }

  disable(name: string): void {
    if (this.#slots.delete(name)) this.#changed();
  }

  reset(): void {
    this.#slots.clear();
    this.#changed();
  }

  setLogTimeEnabled(enabled: boolean): void {
    this.#hasLogTime = enabled;
    this.#changed();
  }

  setLogTickEnabled(enabled: boolean): void {
    this.#hasLogTick = enabled;
    this.#changed();
  }

  /** The times of a row that is logged now: counts the tick, takes the clock's last reading. */
  next(clock: Clock): TimelineSet {
    const tick = this.#tick;
    this.#tick = tick + 1;
    this.#logTick.hi = Math.floor(tick / 4294967296);
    this.#logTick.lo = tick | 0;
    this.#logTime.hi = clock.hi;
    this.#logTime.lo = clock.lo | 0;
    this.#set ??= this.#makeSet();
    return this.#set;
  }

  #changed(): void {
    this.#set = undefined;
  }

  #makeSet(): TimelineSet {
    const byName = new Map(this.#slots);
    // A timeline of the user's with an automatic one's name is overwritten by it, as in the real SDK.
    if (this.#hasLogTime) byName.set(LOG_TIME, this.#logTime);
    if (this.#hasLogTick) byName.set(LOG_TICK, this.#logTick);
    const slots = [...byName.values()].sort((a, b) => (a.timeline.name < b.timeline.name ? -1 : 1));
    const timelines = slots.map((slot) => slot.timeline);
    const key = JSON.stringify(timelines);
    const known = this.#sets.get(key);
    if (known?.slots.every((slot, i) => slot === slots[i])) return known;
    const set: TimelineSet = { timelines, slots };
    this.#sets.set(key, set);
    return set;
  }
}
