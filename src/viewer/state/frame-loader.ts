import type { Recording } from "./recording.js";
import type { FrameWish, RecordingQuery } from "./recording-query.js";

/**
 * Turns wishes into queries that can be drawn without holes.
 *
 * A new query is first asked what the last one was asked; while a chunk of it is on its way the old picture stays. When
 * wishes come faster than chunks, the frames between are skipped: one is completed, drawn, then the newest is taken.
 * Only a picture that has holes itself (the first one) is completed step by step.
 */
export class FrameLoader {
  readonly #recording: Recording;
  readonly #publish: (query: RecordingQuery) => void;
  #wish: FrameWish | undefined;
  #target: FrameWish | undefined;
  #shown: RecordingQuery | undefined;

  constructor(recording: Recording, publish: (query: RecordingQuery) => void) {
    this.#recording = recording;
    this.#publish = publish;
  }

  /** Whether the newest wish is not drawn yet. */
  get isWaiting(): boolean {
    return this.#target !== undefined;
  }

  /** What the query now drawn was asked. */
  asked(): Iterable<readonly [string, string]> {
    return this.#shown?.asked() ?? [];
  }

  /** From now on this is to be drawn. */
  request(wish: FrameWish): void {
    this.#wish = wish;
    if (this.#target === undefined || this.#isHere(wish)) this.#start(wish);
  }

  /** The index changed, or chunks came. */
  retry(): void {
    if (this.#target !== undefined) this.#tryTarget();
    else if (this.#wish !== undefined) this.#start(this.#wish);
  }

  #start(wish: FrameWish): void {
    this.#recording.startFrame();
    this.#target = wish;
    this.#tryTarget();
  }

  #tryTarget(): void {
    const target = this.#target;
    if (target === undefined) return;
    const query = this.#recording.query(target);
    for (const [entityPath, component] of this.asked()) query.latestAt(entityPath, component);
    if (query.isPending && this.#shown !== undefined && !this.#shown.isPending) return;
    this.#target = undefined;
    this.#shown = query;
    this.#publish(query);
    if (this.#wish !== undefined && this.#wish !== target) this.#start(this.#wish);
  }

  #isHere(wish: FrameWish): boolean {
    const query = this.#recording.query(wish, false);
    for (const [entityPath, component] of this.asked()) query.latestAt(entityPath, component);
    return !query.isPending;
  }
}
