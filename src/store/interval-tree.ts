import { type Chunk, compareRowIds } from "../chunk/index.js";

/** A chunk over the times of its rows (of one component, or all), inclusive. */
export interface Interval {
  readonly chunk: Chunk;
  readonly start: bigint;
  readonly end: bigint;
  /** The row at `end` with the greatest row id. */
  readonly lastRow: number;
}

interface Node {
  readonly interval: Interval;
  /** Heap order makes the tree balanced with high probability, whatever the order of insertion. */
  readonly priority: number;
  /** Smallest start of the subtree. */
  minStart: bigint;
  left: Node | undefined;
  right: Node | undefined;
}

/**
 * Intervals by (end, row id at the end), each subtree with its smallest start: a treap.
 *
 * The latest interval that ends at or before a time, and every interval that overlaps a range, cost O(log n + matches), also
 * beside an interval that spans all others; so do insertion and removal.
 */
export class IntervalTree {
  #root: Node | undefined;
  #size = 0;
  #seed = 0x2545f491;

  get size(): number {
    return this.#size;
  }

  insert(interval: Interval): void {
    const [before, after] = split(this.#root, interval);
    const node: Node = { interval, priority: this.#nextPriority(), minStart: interval.start, left: undefined, right: undefined };
    this.#root = join(join(before, node), after);
    this.#size += 1;
  }

  /** Whether the interval was there. Compares chunk and bounds. */
  remove(interval: Interval): boolean {
    const path: Node[] = [];
    let node = this.#root;
    while (node !== undefined && node.interval.chunk !== interval.chunk) {
      path.push(node);
      node = compare(interval, node.interval) < 0 ? node.left : node.right;
    }
    if (node === undefined) return false;
    const rest = join(node.left, node.right);
    const parent = path[path.length - 1];
    if (parent === undefined) this.#root = rest;
    else if (parent.left === node) parent.left = rest;
    else parent.right = rest;
    for (let i = path.length - 1; i >= 0; i--) update(path[i]);
    this.#size -= 1;
    return true;
  }

  /** The interval with the greatest (end, row id) among those that end at or before `time`. */
  latestEndingBy(time: bigint): Interval | undefined {
    let best: Interval | undefined;
    let node = this.#root;
    while (node !== undefined) {
      if (node.interval.end <= time) {
        best = node.interval;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return best;
  }

  /** The interval with the greatest (end, row id) of all. */
  last(): Interval | undefined {
    let node = this.#root;
    while (node?.right !== undefined) node = node.right;
    return node?.interval;
  }

  /** The last one before `interval` in (end, row id) order, whether that is in the tree or not. */
  before(interval: Interval): Interval | undefined {
    let found: Interval | undefined;
    let node = this.#root;
    while (node !== undefined) {
      if (compare(node.interval, interval) < 0) {
        found = node.interval;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return found;
  }

  /** The first one after `interval`. */
  after(interval: Interval): Interval | undefined {
    let found: Interval | undefined;
    let node = this.#root;
    while (node !== undefined) {
      if (compare(node.interval, interval) > 0) {
        found = node.interval;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return found;
  }

  /** Calls `visit` for every interval with `start ≤ max` and `end ≥ min`, by (end, row id). */
  forEachOverlap(min: bigint, max: bigint, visit: (interval: Interval) => void): void {
    visitOverlaps(this.#root, min, max, visit);
  }

  #nextPriority(): number {
    // xorshift32: good enough to balance, and the same in every run.
    let seed = this.#seed;
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    this.#seed = seed;
    return seed;
  }
}

function visitOverlaps(node: Node | undefined, min: bigint, max: bigint, visit: (interval: Interval) => void): void {
  if (node === undefined || node.minStart > max) return;
  const { interval } = node;
  if (interval.end >= min) {
    visitOverlaps(node.left, min, max, visit);
    if (interval.start <= max) visit(interval);
  }
  visitOverlaps(node.right, min, max, visit);
}

/** By end, then row id there, then chunk id, so that no two chunks compare equal. */
function compare(a: Interval, b: Interval): number {
  if (a.end !== b.end) return a.end < b.end ? -1 : 1;
  const order = compareRowIds(a.chunk, a.lastRow, b.chunk, b.lastRow);
  if (order !== 0) return order;
  return a.chunk.id < b.chunk.id ? -1 : a.chunk.id > b.chunk.id ? 1 : 0;
}

function split(node: Node | undefined, at: Interval): [before: Node | undefined, after: Node | undefined] {
  if (node === undefined) return [undefined, undefined];
  if (compare(node.interval, at) < 0) {
    const [before, after] = split(node.right, at);
    node.right = before;
    update(node);
    return [node, after];
  }
  const [before, after] = split(node.left, at);
  node.left = after;
  update(node);
  return [before, node];
}

function join(before: Node | undefined, after: Node | undefined): Node | undefined {
  if (before === undefined) return after;
  if (after === undefined) return before;
  if (before.priority > after.priority) {
    before.right = join(before.right, after);
    update(before);
    return before;
  }
  after.left = join(before, after.left);
  update(after);
  return after;
}

function update(node: Node | undefined): void {
  if (node === undefined) return;
  let { start: min } = node.interval;
  if (node.left !== undefined && node.left.minStart < min) min = node.left.minStart;
  if (node.right !== undefined && node.right.minStart < min) min = node.right.minStart;
  node.minStart = min;
}
