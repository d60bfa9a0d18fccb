import type { Timeline, TimeRange } from "../../core/index.js";

export type LoopMode = "off" | "all" | "selection";

/** A timeline with all the times there are on it. */
export type TimelineSpan = Timeline & { readonly range: TimeRange };

/** Where the viewer stands in time and how it moves. Immutable; the functions below make the next one. */
export interface TimeState {
  readonly timelines: readonly TimelineSpan[];
  /** Name of the current timeline; `undefined` when everything is static. */
  readonly timeline: string | undefined;
  /** Where the cursor stands, by timeline. */
  readonly times: ReadonlyMap<string, bigint>;
  readonly isPlaying: boolean;
  readonly loop: LoopMode;
  /** Selected ranges, by timeline. */
  readonly selections: ReadonlyMap<string, TimeRange>;
  /** Seconds of data per second. */
  readonly speed: number;
  /** Steps per second on sequence timelines. */
  readonly fps: number;
  /** Whether the cursor stays at the newest data. */
  readonly isFollowing: boolean;
  /** Whether the user (or code) chose the timeline; until then a better one may take over. */
  readonly isTimelineChosen: boolean;
  /** Part of a step that playing has not made yet, in [0, 1). */
  readonly remainder: number;
}

export const SPEEDS: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10];

/** At the start: nothing known, following the newest data. */
export const INITIAL_TIME: TimeState = {
  timelines: [],
  timeline: undefined,
  times: new Map(),
  isPlaying: false,
  loop: "off",
  selections: new Map(),
  speed: 1,
  fps: 30,
  isFollowing: true,
  isTimelineChosen: false,
  remainder: 0,
};

export function currentTimeline(state: TimeState): TimelineSpan | undefined {
  return state.timelines.find((timeline) => timeline.name === state.timeline);
}

export function currentTime(state: TimeState): bigint | undefined {
  return state.timeline === undefined ? undefined : state.times.get(state.timeline);
}

/** The range playing stays in: the selection when it is looped, else all data. */
export function playRange(state: TimeState): TimeRange | undefined {
  const all = currentTimeline(state)?.range;
  if (state.loop !== "selection" || state.timeline === undefined) return all;
  return state.selections.get(state.timeline) ?? all;
}

/**
 * Takes over what timelines exist now. A cursor that follows goes to the newest time; one that was never set begins there.
 *
 * @param weights how many rows each timeline has: the best covered one is shown first, timelines of the user's own before `log_time` and `log_tick`
 */
export function withTimelines(
  state: TimeState,
  timelines: readonly TimelineSpan[],
  weights: ReadonlyMap<string, number> = new Map(),
): TimeState {
  const exists = timelines.some((timeline) => timeline.name === state.timeline);
  const timeline = exists && state.isTimelineChosen ? state.timeline : preferredTimeline(timelines, weights, state.timeline);
  const times = new Map(state.times);
  for (const { name, range } of timelines) if (state.isFollowing || !times.has(name)) times.set(name, range.max);
  return { ...state, timelines, timeline, times };
}

/** For a recording that does not grow: the cursor begins at the first time, wherever it was not set before. */
export function withTimelinesOfPast(
  state: TimeState,
  timelines: readonly TimelineSpan[],
  weights?: ReadonlyMap<string, number>,
): TimeState {
  const times = new Map(timelines.map(({ name, range }) => [name, state.times.get(name) ?? range.min]));
  return withTimelines({ ...state, isFollowing: false, times }, timelines, weights);
}

/** Own timelines first, then the one with the most rows; the current one stays when it is as good in kind. */
function preferredTimeline(
  timelines: readonly TimelineSpan[],
  weights: ReadonlyMap<string, number>,
  current: string | undefined,
): string | undefined {
  const rank = (name: string): number => (name === "log_tick" ? 2 : name === "log_time" ? 1 : 0);
  const kept = timelines.find((timeline) => timeline.name === current);
  const sorted = [...timelines].sort(
    (a, b) =>
      rank(a.name) - rank(b.name) || (weights.get(b.name) ?? 0) - (weights.get(a.name) ?? 0) || (a.name < b.name ? -1 : 1),
  );
  const best = sorted[0];
  return kept !== undefined && best !== undefined && rank(kept.name) === rank(best.name) ? kept.name : best?.name;
}

export function chooseTimeline(state: TimeState, name: string): TimeState {
  if (!state.timelines.some((timeline) => timeline.name === name)) return state;
  return { ...state, timeline: name, isTimelineChosen: true, remainder: 0 };
}

/** Puts the cursor somewhere: playing and following end. */
export function moveTo(state: TimeState, time: bigint): TimeState {
  if (state.timeline === undefined) return state;
  const times = new Map(state.times).set(state.timeline, time);
  return { ...state, times, isFollowing: false, isPlaying: false, remainder: 0 };
}

/** Keeps the cursor at the newest data, or leaves it where it is. */
export function follow(state: TimeState, isFollowing: boolean): TimeState {
  const next = { ...state, isFollowing, isPlaying: false, remainder: 0 };
  return isFollowing ? withTimelines(next, state.timelines) : next;
}

/** Starts playing; at the end of the range it starts over. */
export function play(state: TimeState): TimeState {
  const range = playRange(state);
  const time = currentTime(state);
  if (range === undefined || time === undefined || state.timeline === undefined) return state;
  const isInside = time >= range.min && time < range.max;
  const times = isInside ? state.times : new Map(state.times).set(state.timeline, range.min);
  return { ...state, times, isPlaying: true, isFollowing: false, remainder: 0 };
}

export function pause(state: TimeState): TimeState {
  return state.isPlaying ? { ...state, isPlaying: false, remainder: 0 } : state;
}

/** The state after `elapsedMs` of playing: the cursor moves on, loops or stops at the end. */
export function advance(state: TimeState, elapsedMs: number): TimeState {
  const timeline = currentTimeline(state);
  const range = playRange(state);
  const time = currentTime(state);
  if (!state.isPlaying || timeline === undefined || range === undefined || time === undefined) return state;
  const exact =
    timeline.type === "sequence"
      ? (elapsedMs / 1000) * state.fps * state.speed + state.remainder
      : elapsedMs * 1e6 * state.speed + state.remainder;
  const whole = Math.floor(exact);
  let next = time + BigInt(whole);
  let isPlaying = true;
  if (next > range.max) {
    const span = range.max - range.min;
    if (state.loop === "off" || span === 0n) {
      next = range.max;
      isPlaying = false;
    } else {
      // On a sequence the last step is shown as long as any other.
      next = range.min + ((next - range.min) % (timeline.type === "sequence" ? span + 1n : span));
    }
  }
  const times = new Map(state.times).set(timeline.name, next);
  return { ...state, times, isPlaying, remainder: isPlaying ? exact - whole : 0 };
}

/** Selects a range to loop; `undefined` takes the selection away. */
export function selectRange(state: TimeState, range: TimeRange | undefined): TimeState {
  if (state.timeline === undefined) return state;
  const selections = new Map(state.selections);
  if (range === undefined) selections.delete(state.timeline);
  else selections.set(state.timeline, range);
  const loop = range === undefined && state.loop === "selection" ? "off" : range === undefined ? state.loop : "selection";
  return { ...state, selections, loop };
}

/** Off → all → the selection, when there is one → off. */
export function nextLoopMode(state: TimeState): TimeState {
  const hasSelection = state.timeline !== undefined && state.selections.has(state.timeline);
  const loop: LoopMode = state.loop === "off" ? "all" : state.loop === "all" && hasSelection ? "selection" : "off";
  return { ...state, loop };
}

/** Position of the time in the range, 0 … 1. */
export function fractionOf(range: TimeRange, time: bigint): number {
  if (range.max <= range.min) return 0;
  return Math.min(1, Math.max(0, Number(time - range.min) / Number(range.max - range.min)));
}

/** The time at that position, exact at both ends. */
export function timeAt(range: TimeRange, fraction: number): bigint {
  if (fraction <= 0) return range.min;
  if (fraction >= 1) return range.max;
  return range.min + BigInt(Math.round(Number(range.max - range.min) * fraction));
}
