import type { ChunkSummary } from "../../link/client.js";

/**
 * The chunks that hold one component of one entity on one timeline, ordered by their first time.
 *
 * Answers which of them a latest-at query may need without looking into any of them. A tree of maxima over the last
 * times makes that O((1 + answers) · log n) even when a few chunks span the whole recording.
 */
export class ChunkTimeline {
  readonly #ids: readonly string[];
  readonly #mins: BigInt64Array;
  /** Segment tree: leaf `#leaves + i` is the last time of chunk `i`. */
  readonly #maxTree: BigInt64Array;
  readonly #leaves: number;

  /** @param summaries chunks that all have `timeline` */
  constructor(summaries: readonly ChunkSummary[], timeline: string) {
    const entries: { id: string; min: bigint; max: bigint }[] = [];
    for (const summary of summaries) {
      const range = summary.timelines.get(timeline);
      if (range !== undefined) entries.push({ id: summary.id, min: range.min, max: range.max });
    }
    entries.sort((a, b) => (a.min < b.min ? -1 : a.min > b.min ? 1 : a.id < b.id ? -1 : 1));
    this.#ids = entries.map((entry) => entry.id);
    this.#mins = BigInt64Array.from(entries, (entry) => entry.min);
    let leaves = 1;
    while (leaves < entries.length) leaves *= 2;
    this.#leaves = leaves;
    const tree = new BigInt64Array(2 * leaves).fill(-(2n ** 63n));
    entries.forEach((entry, i) => {
      tree[leaves + i] = entry.max;
    });
    for (let node = leaves - 1; node > 0; node--) {
      const left = tree[2 * node] ?? 0n;
      const right = tree[2 * node + 1] ?? 0n;
      tree[node] = left > right ? left : right;
    }
    this.#maxTree = tree;
  }

  get numChunks(): number {
    return this.#ids.length;
  }

  /** Ids of all chunks that can hold the latest row at or before `time`; the answer is surely in one of them, if there is one. */
  candidatesAt(time: bigint): readonly string[] {
    const upper = this.#upperBound(time) - 1;
    if (upper < 0) return [];
    const found: { id: string; max: bigint }[] = [];
    // A chunk that ends at or before `time` holds a row at or after its first time, so what ends before that cannot win.
    let lowest = -(2n ** 63n);
    const visit = (node: number, from: number, width: number): void => {
      const max = this.#maxTree[node] ?? lowest;
      if (from > upper || from >= this.#ids.length || max < lowest) return;
      if (width === 1) {
        const id = this.#ids[from];
        const min = this.#mins[from];
        if (id === undefined || min === undefined) return;
        found.push({ id, max });
        if (max <= time && min > lowest) lowest = min;
        return;
      }
      const half = width / 2;
      visit(2 * node + 1, from + half, half);
      visit(2 * node, from, half);
    };
    visit(1, 0, this.#leaves);
    return found.filter((chunk) => chunk.max >= lowest).map((chunk) => chunk.id);
  }

  /** Ids of the chunks that begin after `from` and at or before `to`, in that order. */
  startingIn(from: bigint, to: bigint): readonly string[] {
    const last = this.#upperBound(to);
    const first = this.#upperBound(from);
    return this.#ids.slice(first, last);
  }

  /** Number of chunks that begin at or before `time`. */
  #upperBound(time: bigint): number {
    let low = 0;
    let high = this.#mins.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#mins[middle] ?? 0n) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
