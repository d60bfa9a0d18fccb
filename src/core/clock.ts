/**
 * Wall-clock time in nanoseconds since 1970 as two 32-bit halves, so that the logging path needs no bigint.
 * `read()` refreshes `hi` and `lo`; values never decrease.
 */
export interface Clock {
  /** Upper 32 bits, unsigned. */
  readonly hi: number;
  /** Lower 32 bits, unsigned. */
  readonly lo: number;
  read(): void;
}

const TWO_32 = 4294967296;
/** Beyond this distance from the system's time of day, the clock is set anew (sleep, a corrected clock). */
const MAX_DRIFT_NANOS = 50_000_000;
const READS_BETWEEN_CHECKS = 1024;
/** Kept, because the global variable is an accessor in Node. */
const timer: { now(): number } = performance;

class SystemClock implements Clock {
  hi = 0;
  lo = 0;
  #originHi = 0;
  #originLo = 0;
  #originNanos = 0;
  #readsLeft = 0;

  read(): void {
    const monotonic = timer.now();
    if (--this.#readsLeft < 0) this.#check(monotonic);
    const nanos = Math.floor(monotonic * 1e6);
    // No remainder: that of two floating point numbers is a call.
    const upper = Math.floor(nanos / TWO_32);
    const lo = this.#originLo + (nanos - upper * TWO_32);
    const carry = lo >= TWO_32 ? 1 : 0;
    const hi = this.#originHi + upper + carry;
    const lower = lo - carry * TWO_32;
    // After the time of day was set back, time stands still until it has caught up: order is worth more.
    if (hi > this.hi || (hi === this.hi && lower > this.lo)) {
      this.hi = hi;
      this.lo = lower;
    }
  }

  #check(monotonic: number): void {
    this.#readsLeft = READS_BETWEEN_CHECKS;
    const wall = Date.now() * 1e6 - monotonic * 1e6;
    if (this.#originNanos !== 0 && Math.abs(wall - this.#originNanos) < MAX_DRIFT_NANOS) return;
    const exact = BigInt(Math.floor((this.#originNanos === 0 ? performance.timeOrigin : Date.now() - monotonic) * 1000)) * 1000n;
    this.#originNanos = Number(exact);
    this.#originHi = Number(exact >> 32n);
    this.#originLo = Number(exact & 0xffffffffn);
  }
}

/** A clock of the machine's time of day with the resolution of `performance.now()`. */
export function createClock(): Clock {
  return new SystemClock();
}

/** Time as one bigint of nanoseconds since 1970. */
export function clockNanos(clock: Clock): bigint {
  clock.read();
  return (BigInt(clock.hi) << 32n) | BigInt(clock.lo);
}
