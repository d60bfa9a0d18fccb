import type { JsonObject } from "./frames.js";

/** Delay of the `idle` of a custom message, so that it does not travel right behind the answer. */
export const IDLE_DELAY_MS = 100;
/** Held back at most while a cell runs. */
const MAX_HELD = 256;

export interface IdleHost {
  /** Publishes a `status` message with that parent. */
  publishStatus(state: "idle" | "busy", parent: JsonObject): void;
  /** Parent of the cell that runs now, when one runs. */
  runningCell(): JsonObject | undefined;
  /** Calls `run` once after `delayMs`, without keeping the process alive. */
  schedule(run: () => void, delayMs: number): void;
}

/**
 * Tells the front end that messages were handled, later and together.
 *
 * A front end forgets a message only when its `idle` arrives. Sent at once it costs the next answer 40 ms (two small
 * packets in a row meet delayed acknowledgements on the way to the browser). While a cell runs the notices wait, since each of
 * them would show the kernel as idle.
 */
export class IdleBatch {
  readonly #host: IdleHost;
  #held: JsonObject[] = [];
  #isScheduled = false;

  constructor(host: IdleHost) {
    this.#host = host;
  }

  /** Takes the header of a message that has been handled. */
  add(header: JsonObject): void {
    this.#held.push(header);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#host.schedule(() => this.#tick(), IDLE_DELAY_MS);
  }

  #tick(): void {
    this.#isScheduled = false;
    const cell = this.#host.runningCell();
    if (cell !== undefined && this.#held.length < MAX_HELD) {
      this.#schedule();
      return;
    }
    const held = this.#held;
    this.#held = [];
    for (const header of held) this.#host.publishStatus("idle", header);
    if (cell !== undefined) this.#host.publishStatus("busy", cell);
  }
}
