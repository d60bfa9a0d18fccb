import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { RecordingIndex, ViewerEvent } from "../../link/client.js";
import { type Arrangement, append, arrange } from "./arrangement.js";
import type { ConnectionStatus } from "./connection.js";
import { type StepAnswer, stepToData } from "./data-times.js";
import { FrameLoader } from "./frame-loader.js";
import { growViews, planViews } from "./layout.js";
import type { Recording } from "./recording.js";
import type { Segments } from "./segments.js";
import { isSameItem, selectionAfterClick, selectionEvent } from "./selection.js";
import type { Theme } from "./theme.js";
import {
  chooseTimeline,
  currentTime,
  INITIAL_TIME,
  moveTo,
  type TimeState,
  withTimelines,
  withTimelinesOfPast,
} from "./time-control.js";
import { isShown, toggleHidden } from "./tree.js";
import type { Item, ViewQuery, ViewSpec } from "./view-query.js";

const PREFETCH_BYTES: number = 64 * 1024 * 1024;
const PREFETCH_SEC = 3;

/** What the pointer is over, and where on the page. */
export interface Hover {
  readonly item: Item;
  readonly clientX: number;
  readonly clientY: number;
}

/**
 * All a viewer knows and shows, as signals; the user interface draws them and calls the methods. No DOM in here.
 * Owns nothing that runs by itself: time passes by `tick`.
 */
export class ViewerModel {
  readonly index: Signal<RecordingIndex>;
  /** There when a dataset is shown. */
  readonly segments: Signal<Segments | undefined> = signal(undefined);
  readonly time: Signal<TimeState> = signal(INITIAL_TIME);
  readonly query: Signal<ViewQuery | undefined> = signal(undefined);
  readonly views: Signal<readonly ViewSpec[]> = signal([]);
  readonly arrangement: Signal<Arrangement | undefined> = signal(undefined);
  readonly hidden: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly selection: Signal<readonly Item[]> = signal([]);
  readonly hover: Signal<Hover | undefined> = signal(undefined);
  readonly maximized: Signal<string | undefined> = signal(undefined);
  readonly focusedView: Signal<string | undefined> = signal(undefined);
  readonly focusRequest: Signal<{ readonly entityPath: string; readonly nonce: number } | undefined> = signal(undefined);
  /** Counted up by view id when a view shall go back to how it began. */
  readonly resets: Signal<ReadonlyMap<string, number>> = signal(new Map<string, number>());
  readonly isTreeOpen: Signal<boolean> = signal(false);
  readonly isSegmentsOpen: Signal<boolean> = signal(false);
  readonly isSelectionOpen: Signal<boolean> = signal(false);
  readonly isHelpOpen: Signal<boolean> = signal(false);
  readonly theme: Signal<Theme> = signal("light");
  readonly status: Signal<ConnectionStatus> = signal("open");
  /** Why the last request failed, in words. */
  readonly problem: Signal<string | undefined> = signal(undefined);
  /** How many bytes the picture waits for, as far as it is known; `undefined` = for nothing. */
  readonly waitingBytes: Signal<number | undefined> = signal(undefined);
  /** Views that drew a first frame with data. */
  readonly drawnViews: Signal<ReadonlySet<string>> = signal(new Set<string>());
  /** Whether the viewer can be seen; nothing moves while it cannot. */
  readonly isOnScreen: Signal<boolean> = signal(true);
  /** Whether a first picture with data was drawn. */
  readonly isReady: ReadonlySignal<boolean>;
  /** Timeline to begin on, as soon as it exists. */
  wantedTimeline: string | undefined;
  readonly #recording: Signal<Recording>;
  readonly #eventListeners = new Set<(event: ViewerEvent) => void>();
  /** Where the cursor was in recordings that were shown before. */
  readonly #pastTimes = new Map<string, ReadonlyMap<string, bigint>>();
  #loader: FrameLoader;
  #unsubscribe: () => void;
  #wasReady = false;
  /** How the views of the last recording were laid out: they may be those of the next one. */
  #lastLayout: Layout | undefined;
  #waitingSinceMs: number | undefined;
  #pendingStep: { readonly direction: "next" | "previous"; readonly from: bigint } | undefined;

  constructor(recording: Recording) {
    this.#recording = signal(recording);
    this.index = signal(recording.index);
    this.#loader = this.#loaderOf(recording);
    this.#unsubscribe = this.#follow(recording);
    // Once ready it stays so. Views without data at the current time have nothing to draw: they are not waited for.
    this.isReady = computed(() => {
      const isDrawn = this.drawnViews.value.size > 0 && this.query.value?.isPending === false;
      this.#wasReady ||= isDrawn;
      return this.#wasReady;
    });
  }

  get recording(): Recording {
    return this.#recording.value;
  }

  /** Shows another recording of the dataset in place of the present one, which is closed. */
  show(recording: Recording): void {
    const { timelines: _, timeline, times, isTimelineChosen, loop, speed, fps } = this.time.value;
    this.#unsubscribe();
    this.recording.close();
    batch(() => {
      this.#pastTimes.set(this.index.value.info.recordingId, times);
      if (this.views.value.length > 0) {
        this.#lastLayout = {
          views: this.views.value,
          arrangement: this.arrangement.value,
          maximized: this.maximized.value,
        };
      }
      this.#wasReady = false;
      this.#pendingStep = undefined;
      this.#recording.value = recording;
      this.index.value = recording.index;
      this.time.value = { ...INITIAL_TIME, timeline, isTimelineChosen, loop: loop === "all" ? loop : "off", speed, fps };
      this.query.value = undefined;
      this.views.value = [];
      this.arrangement.value = undefined;
      this.maximized.value = undefined;
      this.focusedView.value = undefined;
      this.focusRequest.value = undefined;
      this.hover.value = undefined;
      this.selection.value = [];
      this.drawnViews.value = new Set();
      this.problem.value = undefined;
      this.waitingBytes.value = undefined;
      this.#loader = this.#loaderOf(recording);
    });
    this.#unsubscribe = this.#follow(recording);
    recording.refresh();
  }

  /** @returns the function that ends the subscription */
  onEvent(listener: (event: ViewerEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => void this.#eventListeners.delete(listener);
  }

  emit(event: ViewerEvent): void {
    for (const listener of [...this.#eventListeners]) listener(event);
  }

  /** Takes a new time state over, draws it and tells what changed. */
  setTime(next: TimeState): void {
    const before = this.time.value;
    if (next === before) return;
    batch(() => {
      this.time.value = next;
      const time = currentTime(next);
      const isMoved = next.timeline !== before.timeline || time !== currentTime(before);
      if (isMoved) this.#request();
      if (next.timeline !== undefined && time !== undefined) {
        const place = { timeline: next.timeline, time: time.toString() };
        if (before.timeline !== undefined && next.timeline !== before.timeline) this.emit({ type: "timelineChange", ...place });
        else if (isMoved) this.emit({ type: "timeUpdate", ...place });
      }
      if (next.isPlaying !== before.isPlaying) this.emit({ type: next.isPlaying ? "play" : "pause" });
      if (isMoved && next.isPlaying) this.#prefetch();
    });
  }

  /** Whether playing shall go on now: not while the picture waits for data longer than a moment. */
  mayAdvance(nowMs: number): boolean {
    if (!this.#loader.isWaiting) this.#waitingSinceMs = undefined;
    else this.#waitingSinceMs ??= nowMs;
    return this.isOnScreen.value && (this.#waitingSinceMs === undefined || nowMs - this.#waitingSinceMs < 300);
  }

  /** Moves the cursor to the next or previous time at which anything was logged; fetches what it needs to know. */
  step(direction: "next" | "previous"): void {
    const time = currentTime(this.time.value);
    if (time === undefined) return;
    this.#pendingStep = { direction, from: time };
    for (const id of this.#findStep(direction, time)?.needed ?? []) this.recording.chunk(id);
    this.#finishStep();
  }

  toggleVisible(entityPath: string): void {
    this.hidden.value = toggleHidden(this.hidden.value, entityPath);
    this.#request();
  }

  setHidden(hidden: ReadonlySet<string>): void {
    this.hidden.value = hidden;
    this.#request();
  }

  /** The user clicked on something. */
  click(item: Item | undefined, isAdditive: boolean): void {
    this.select(selectionAfterClick(this.selection.value, item, isAdditive));
  }

  select(selection: readonly Item[]): void {
    const before = this.selection.value;
    if (selection.length === before.length && selection.every((item, i) => isSameItem(item, before[i]))) return;
    this.selection.value = selection;
    this.emit(selectionEvent(selection));
  }

  setHover(hover: Hover | undefined): void {
    if (hover === undefined && this.hover.value === undefined) return;
    this.hover.value = hover;
  }

  focusEntity(entityPath: string): void {
    this.focusRequest.value = { entityPath, nonce: (this.focusRequest.value?.nonce ?? 0) + 1 };
  }

  resetView(viewId: string | undefined): void {
    if (viewId === undefined) return;
    const resets = this.resets.value;
    this.resets.value = new Map(resets).set(viewId, (resets.get(viewId) ?? 0) + 1);
  }

  markDrawn(viewId: string): void {
    if (!this.drawnViews.value.has(viewId)) this.drawnViews.value = new Set(this.drawnViews.value).add(viewId);
  }

  close(): void {
    this.#eventListeners.clear();
    this.segments.value?.close();
    this.recording.close();
  }

  #loaderOf(recording: Recording): FrameLoader {
    return new FrameLoader(recording, (query) => {
      this.query.value = query;
    });
  }

  #follow(recording: Recording): () => void {
    return recording.subscribe((change) => {
      batch(() => {
        if (change === "index") this.#takeIndex();
        if (change === "error") this.problem.value = describeProblem(recording.lastError);
        else if (change !== "waiting") {
          this.problem.value = undefined;
          this.#loader.retry();
        }
        if (change === "chunks") this.#finishStep();
        this.waitingBytes.value = recording.waitingBytes;
      });
    });
  }

  #takeIndex(): void {
    const { index } = this.recording;
    const before = this.index.value;
    this.index.value = index;
    const weights = before.timelines.length === index.timelines.length ? undefined : rowsByTimeline(index);
    const time = index.isLive
      ? withTimelines(this.time.value, index.timelines, weights)
      : withTimelinesOfPast(this.#withPastTimes(index), index.timelines, weights);
    const chosen = this.wantedTimeline === undefined ? time : chooseTimeline(time, this.wantedTimeline);
    if (chosen !== time) this.wantedTimeline = undefined;
    this.setTime(chosen);
    const { applicationId, recordingId } = index.info;
    if (recordingId !== before.info.recordingId) this.emit({ type: "recordingOpen", applicationId, recordingId });
    if (before.entities !== index.entities) this.#growLayout(index);
    this.#request();
  }

  #growLayout(index: RecordingIndex): void {
    const before = this.views.value;
    const views = growViews(before, planViews(index.entities));
    if (views === before) return;
    const arranged = views.map((view) => ({ id: view.id, isSpatial: view.viewClass === "3d" || view.viewClass === "2d" }));
    const last = before.length === 0 ? this.#lastLayout : undefined;
    if (last !== undefined && hasSameViews(last.views, views)) {
      this.arrangement.value = last.arrangement;
      this.maximized.value = last.maximized;
    } else {
      this.arrangement.value =
        before.length === 0 ? arrange(arranged) : append(this.arrangement.value, arranged.slice(before.length));
    }
    this.views.value = views;
  }

  #withPastTimes(index: RecordingIndex): TimeState {
    const past = this.#pastTimes.get(index.info.recordingId);
    return past === undefined || this.time.value.times.size > 0 ? this.time.value : { ...this.time.value, times: past };
  }

  #request(): void {
    const { timeline } = this.time.value;
    const hidden = this.hidden.value;
    this.#loader.request({
      timeline,
      time: currentTime(this.time.value),
      isVisible: (entityPath) => isShown(hidden, entityPath),
    });
    this.waitingBytes.value = this.recording.waitingBytes;
  }

  #prefetch(): void {
    const state = this.time.value;
    const time = currentTime(state);
    const timeline = state.timelines.find(({ name }) => name === state.timeline);
    if (time === undefined || timeline === undefined) return;
    const perSec = timeline.type === "sequence" ? state.fps * state.speed : 1e9 * state.speed;
    const to = time + BigInt(Math.ceil(perSec * PREFETCH_SEC));
    this.recording.prefetch(this.#loader.asked(), timeline.name, { from: time, to }, PREFETCH_BYTES);
  }

  #findStep(direction: "next" | "previous", from: bigint): StepAnswer | undefined {
    const { timeline } = this.time.value;
    if (timeline === undefined) return undefined;
    return stepToData(this.index.value.chunks.values(), timeline, from, direction, (id) => this.recording.peek(id));
  }

  #finishStep(): void {
    const step = this.#pendingStep;
    if (step === undefined) return;
    if (currentTime(this.time.value) !== step.from) {
      this.#pendingStep = undefined;
      return;
    }
    const answer = this.#findStep(step.direction, step.from);
    if (answer === undefined || answer.needed.length > 0) return;
    this.#pendingStep = undefined;
    if (answer.time !== undefined) this.setTime(moveTo(this.time.value, answer.time));
  }
}

interface Layout {
  readonly views: readonly ViewSpec[];
  readonly arrangement: Arrangement | undefined;
  readonly maximized: string | undefined;
}

function hasSameViews(a: readonly ViewSpec[], b: readonly ViewSpec[]): boolean {
  const ids = new Set(a.map(({ id }) => id));
  return a.length === b.length && b.every(({ id }) => ids.has(id));
}

function rowsByTimeline(index: RecordingIndex): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (const summary of index.chunks.values()) {
    for (const timeline of summary.timelines.keys()) rows.set(timeline, (rows.get(timeline) ?? 0) + summary.numRows);
  }
  return rows;
}

function describeProblem(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
