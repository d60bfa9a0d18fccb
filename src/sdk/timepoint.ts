import { type Clock, type MutableTime, readTime, type TimeSpec } from "../core/index.js";
import type { TimelineSet, TimeSlot } from "./batcher.js";

export const LOG_TIME = "log_time";
export const LOG_TICK = "log_tick";

/** A static row is on no timeline. */
export const STATIC_ROW: TimelineSet = { timelines: [], slots: [] };

/** The automatic timelines of a recording: one for all its timepoints, since rows are stamped and counted across contexts. */
export class AutomaticTimes {
  readonly logTime: TimeSlot = { timeline: { name: LOG_TIME, type: "timestamp" }, hi: 0, lo: 0 };
  readonly logTick: TimeSlot = { timeline: { name: LOG_TICK, type: "sequence" }, hi: 0, lo: 0 };
  /** Changes when one is switched on or off. */
  version = 0;
  #tick = 0;
  #hasLogTime: boolean;
  #hasLogTick: boolean;

  constructor(hasLogTime: boolean, hasLogTick: boolean) {
    this.#hasLogTime = hasLogTime;
    this.#hasLogTick = hasLogTick;
  }

  get hasLogTime(): boolean {
    return this.#hasLogTime;
  }

  set hasLogTime(enabled: boolean) {
    this.#hasLogTime = enabled;
    this.version += 1;
  }

  get hasLogTick(): boolean {
    return this.#hasLogTick;
  }

  set hasLogTick(enabled: boolean) {
    this.#hasLogTick = enabled;
    this.version += 1;
  }

  /** Counts the tick, takes the clock's last reading. */
  next(clock: Clock): void {
    const tick = this.#tick;
    this.#tick = tick + 1;
    this.logTick.hi = Math.floor(tick / 4294967296);
    this.logTick.lo = tick | 0;
    this.logTime.hi = clock.hi;
    this.logTime.lo = clock.lo | 0;
  }
}

/** The times that the next rows get: those set by the user, which stay until changed, and the automatic ones. */
export class Timepoint {
  readonly #automatic: AutomaticTimes;
  readonly #slots = new Map<string, TimeSlot>();
  readonly #sets = new Map<string, TimelineSet>();
  readonly #read: MutableTime = { type: "sequence", hi: 0, lo: 0 };
  #set: TimelineSet | undefined;
  #version = 0;

  constructor(automatic: AutomaticTimes) {
    this.#automatic = automatic;
  }

  /** The same times, to be changed on their own from now on. */
  copy(): Timepoint {
    const copy = new Timepoint(this.#automatic);
    for (const [name, slot] of this.#slots) copy.#slots.set(name, { ...slot });
    return copy;
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
    this.#set = undefined;
  }

  disable(name: string): void {
    if (this.#slots.delete(name)) this.#set = undefined;
  }

  reset(): void {
    this.#slots.clear();
    this.#set = undefined;
  }

  /** The times of a row that is logged now: counts the tick, takes the clock's last reading. */
  next(clock: Clock): TimelineSet {
    const automatic = this.#automatic;
    automatic.next(clock);
    if (this.#set === undefined || this.#version !== automatic.version) {
      this.#version = automatic.version;
      this.#set = this.#makeSet(automatic);
    }
    return this.#set;
  }

  #makeSet({ hasLogTime, hasLogTick, logTime, logTick }: AutomaticTimes): TimelineSet {
    const byName = new Map(this.#slots);
    // A timeline of the user's with an automatic one's name is overwritten by it, as in the real SDK.
    if (hasLogTime) byName.set(LOG_TIME, logTime);
    if (hasLogTick) byName.set(LOG_TICK, logTick);
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
