import type { Clock } from "../core/index.js";

/** The time that another clock showed last: a row's id and its `log_time` share one reading. */
export class LastReading implements Clock {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get hi(): number {
    return this.#clock.hi;
  }

  get lo(): number {
    return this.#clock.lo;
  }

  read(): void {
    // The recording reads the clock.
  }
}
