/** Draws fewer of many: which instances stay, and how the reduction is said. */

/**
 * `shown` of `total` indices, ascending and evenly spread: one from each of `shown` equal stretches, at a seeded place in it,
 * so that data in rows do not turn into stripes. The same arguments give the same indices.
 */
export function sampleIndices(total: number, shown: number, seed = 1): Uint32Array {
  const count = Math.min(total, Math.max(0, Math.floor(shown)));
  const out = new Uint32Array(count);
  let state = seed >>> 0 || 1;
  const stretch = total / Math.max(count, 1);
  for (let i = 0; i < count; i++) {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const within = (state >>> 0) / 4294967296;
    out[i] = Math.min(total - 1, Math.floor((i + within) * stretch));
  }
  return out;
}

/** How many of each cloud to draw so that all together stay within `budget`: every cloud gives the same share. */
export function shareBudget(counts: readonly number[], budget: number): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= budget) return counts;
  return counts.map((count) => Math.min(count, Math.max(1, Math.floor((count * budget) / total))));
}

/** `200 k of 3.1 M points`, or `undefined` when all are shown. */
export function reductionText(shown: number, total: number, noun = "points"): string | undefined {
  return shown >= total ? undefined : `${shortCount(shown)} of ${shortCount(total)} ${noun}`;
}

/** A count in three digits: `950`, `20 k`, `3.1 M`. */
export function shortCount(count: number): string {
  if (count < 1000) return String(count);
  const [value, unit] = count < 999_500 ? [count / 1000, "k"] : [count / 1e6, "M"];
  return `${value >= 100 ? Math.round(value) : trimZero(value.toFixed(1))} ${unit}`;
}

function trimZero(text: string): string {
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}
