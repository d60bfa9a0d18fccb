import type { TimeRange } from "../../core/index.js";

/** Whether times never decrease, and the smallest and greatest of them (`0 … -1` when there are none). */
export interface TimesSummary {
  readonly isSorted: boolean;
  readonly range: TimeRange;
}

/**
 * Looks once at every time. Compares the two 32-bit halves as numbers: reading bigints costs a heap object each
 * (about ten times as slow).
 */
export function summarizeTimes(times: BigInt64Array): TimesSummary {
  const count = times.length;
  if (count === 0) return { isSorted: true, range: { min: 0n, max: -1n } };
  const first = times[0]!;
  if (count === 1) return { isSorted: true, range: { min: first, max: first } };
  const hi = new Int32Array(times.buffer, times.byteOffset, 2 * count);
  const lo = new Uint32Array(times.buffer, times.byteOffset, 2 * count);
  let isSorted = true;
  let min = 0;
  let max = 0;
  for (let i = 1; i < count; i++) {
    if (isLess(hi, lo, i, max)) {
      isSorted = false;
      if (isLess(hi, lo, i, min)) min = i;
    } else {
      max = i;
    }
  }
  return { isSorted, range: { min: times[min]!, max: times[max]! } };
}

function isLess(hi: Int32Array, lo: Uint32Array, a: number, b: number): boolean {
  const hiA = hi[2 * a + 1]!;
  const hiB = hi[2 * b + 1]!;
  return hiA < hiB || (hiA === hiB && lo[2 * a]! < lo[2 * b]!);
}

/** Whether 16-byte ids never decrease. */
export function idsAscend(ids: Uint8Array): boolean {
  if (ids.length <= 16) return true;
  const view = new DataView(ids.buffer, ids.byteOffset, ids.byteLength);
  for (let at = 16; at < ids.length; at += 16) {
    for (let word = 0; word < 16; word += 4) {
      const previous = view.getUint32(at - 16 + word);
      const current = view.getUint32(at + word);
      if (current > previous) break;
      if (current < previous) return false;
    }
  }
  return true;
}
