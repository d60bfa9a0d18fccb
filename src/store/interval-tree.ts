import type { TimeRange } from "../core/index.js";
import { IntervalNodes } from "./interval-nodes.js";

/** What a tree asks of its items. */
export interface IntervalOrder<T> {
  /** First and last time of an item, inclusive. Must not change. */
  boundsOf(item: T): TimeRange;
  /** Order of two items with one end; 0 only for the same one. */
  compareTies(a: T, b: T): number;
}

/**
 * Hears what holds at a time. Since when it began or ended, and how long it lasts, come as exact numbers; `NaN` when a bound lies
 * too far from the others for that (52 days when times are nanoseconds).
 */
export interface IntervalVisitor<T, N> {
  /** Begins by the time and ends after it. */
  open(item: T, note: N, since: number, length: number): void;
  /** Called last, at most once: the last in order of those that end by the time. */
  ended(item: T, note: N, since: number): void;
}

/** An item in search of its place. */
interface Key<T> {
  readonly item: T;
  readonly max: bigint;
  readonly end: number;
  readonly start: number;
}

/** A time, and as a double relative to the base. */
interface Bound {
  readonly at: number;
  readonly time: bigint;
}

/** What a range begins after, and its last time. */
interface Range {
  readonly before: Bound;
  readonly last: Bound;
}

const NONE = -1;

/** Whether a bound is the time itself. Else it is rounded: what is smaller as a double is smaller. */
function isExact(bound: number): boolean {
  return Math.abs(bound) < 2 ** 52;
}

/** `later - earlier` where that is exact. */
function difference(later: number, earlier: number): number {
  return isExact(later) && isExact(earlier) ? later - earlier : Number.NaN;
}

/**
 * Intervals by their ends, and by an order among equal ends, in a B+ tree whose nodes know the smallest start below them. Beside
 * each item lies a note, so that a query need not look into the item.
 *
 * What holds at a time, and every interval that overlaps a range, cost O(log n + matches), also beside an interval that spans
 * all others; so do insertion and removal.
 */
export class IntervalTree<T, N> {
  readonly #order: IntervalOrder<T>;
  readonly #nodes: IntervalNodes<T, N> = new IntervalNodes();
  #root: number;
  /** Levels above the leaves. */
  #height = 0;
  #size = 0;
  /** Bounds are relative to it, so that they are exact. */
  #base = 0n;

  constructor(order: IntervalOrder<T>) {
    this.#order = order;
    this.#root = this.#nodes.add();
  }

  get size(): number {
    return this.#size;
  }

  insert(item: T, note: N): void {
    if (this.#size === 0) this.#base = this.#order.boundsOf(item).min;
    this.#insert(this.#root, this.#height, this.#key(item), note);
    if (this.#nodes.isFull(this.#root)) {
      const left = this.#root;
      const right = this.#cut(left, false);
      this.#root = this.#nodes.add();
      this.#nodes.insert(this.#root, this.#nodes.stop(this.#root), this.#nodes.summarize(left));
      this.#nodes.insert(this.#root, this.#nodes.stop(this.#root), this.#nodes.summarize(right));
      this.#height += 1;
    }
    this.#size += 1;
  }

  /** Whether the item was there. */
  remove(item: T): boolean {
    if (!this.#remove(this.#root, this.#height, this.#key(item))) return false;
    this.#size -= 1;
    while (this.#height > 0 && this.#nodes.count(this.#root) === 1) {
      const child = this.#child(this.#nodes.first(this.#root));
      this.#nodes.remove(this.#root, this.#nodes.first(this.#root));
      this.#nodes.drop(this.#root);
      this.#root = child;
      this.#height -= 1;
    }
    return true;
  }

  /** Shows what holds at `time`. */
  visitAt(time: bigint, visitor: IntervalVisitor<T, N>): void {
    const at = this.#bound(time);
    let node = this.#root;
    let ended = NONE;
    let endedLevel = 0;
    for (let level = this.#height; level >= 0; level--) {
      const slot = this.#endingBy(node, at);
      if (slot > this.#nodes.first(node)) {
        ended = slot - 1;
        endedLevel = level;
      }
      this.#visitOpen(node, level === 0 ? slot : slot + 1, level, at, visitor);
      if (slot === this.#nodes.stop(node)) break;
      if (level > 0) node = this.#child(slot);
    }
    if (ended === NONE) return;
    for (; endedLevel > 0; endedLevel--) ended = this.#nodes.stop(this.#child(ended)) - 1;
    const { bounds, items, links } = this.#nodes;
    visitor.ended(items[ended] as T, links[ended] as N, difference(at.at, bounds[2 * ended] as number));
  }

  /** The greatest end at or before `time`. */
  latestEnd(time: bigint): bigint | undefined {
    const at = this.#bound(time);
    const found = this.#before((node) => this.#endingBy(node, at));
    return found === undefined ? undefined : this.#order.boundsOf(found).max;
  }

  /** The last item in order. */
  last(): T | undefined {
    return this.#size === 0 ? undefined : this.#nodes.items[this.#nodes.stop(this.#root) - 1];
  }

  /** The last one before `item` in order, whether that is in the tree or not. */
  before(item: T): T | undefined {
    const key = this.#key(item);
    return this.#before((node) => this.#place(node, key, 0));
  }

  /** The first one after `item`. */
  after(item: T): T | undefined {
    const key = this.#key(item);
    let node = this.#root;
    for (let level = this.#height; level >= 0; level--) {
      const slot = this.#place(node, key, 1);
      if (slot === this.#nodes.stop(node)) return undefined;
      if (level === 0) return this.#nodes.items[slot];
      node = this.#child(slot);
    }
    return undefined;
  }

  /** Calls `visit` for every item with first time ≤ `max` and last time ≥ `min`, in order. */
  forEachOverlap(min: bigint, max: bigint, visit: (item: T, note: N) => void): void {
    this.#visitOverlaps(this.#root, this.#height, { before: this.#bound(min - 1n), last: this.#bound(max) }, visit);
  }

  #insert(node: number, level: number, key: Key<T>, note: N): void {
    const nodes = this.#nodes;
    const slot = this.#place(node, key, 0);
    if (level === 0) {
      nodes.insert(node, slot, { end: key.end, start: key.start, item: key.item, link: note });
      return;
    }
    const isLast = slot === nodes.stop(node);
    const childSlot = isLast ? slot - 1 : slot;
    const child = this.#child(childSlot);
    this.#insert(child, level - 1, key, note);
    const right = nodes.isFull(child) ? this.#cut(child, isLast) : undefined;
    nodes.update(childSlot, child);
    if (right !== undefined) nodes.insert(node, childSlot + 1, nodes.summarize(right));
  }

  /** @returns the right part of a full node. What comes in order fills its nodes: the next one goes to the right. */
  #cut(node: number, isLast: boolean): number {
    const count = this.#nodes.count(node);
    return this.#nodes.cut(node, this.#nodes.first(node) + (isLast ? count - 1 : count >>> 1));
  }

  #remove(node: number, level: number, key: Key<T>): boolean {
    const nodes = this.#nodes;
    const slot = this.#place(node, key, 0);
    if (slot === nodes.stop(node)) return false;
    if (level === 0) {
      if (nodes.bounds[2 * slot] !== key.end || this.#compare(nodes.items[slot] as T, key) !== 0) return false;
      nodes.remove(node, slot);
      return true;
    }
    const child = this.#child(slot);
    if (!this.#remove(child, level - 1, key)) return false;
    if (nodes.count(child) > 0) {
      nodes.update(slot, child);
    } else {
      nodes.remove(node, slot);
      nodes.drop(child);
    }
    const left = Math.max(nodes.first(node), slot - 1);
    if (left + 1 < nodes.stop(node) && nodes.areSparse(this.#child(left), this.#child(left + 1))) {
      nodes.join(this.#child(left), this.#child(left + 1));
      nodes.remove(node, left + 1);
      nodes.update(left, this.#child(left));
    }
    return true;
  }

  /** The item before the slot that `find` gives in each node. */
  #before(find: (node: number) => number): T | undefined {
    let node = this.#root;
    let found = NONE;
    for (let level = this.#height; level >= 0; level--) {
      const slot = find(node);
      if (slot > this.#nodes.first(node)) found = slot - 1;
      if (slot === this.#nodes.stop(node)) break;
      if (level > 0) node = this.#child(slot);
    }
    return found === NONE ? undefined : this.#nodes.items[found];
  }

  #child(slot: number): number {
    return this.#nodes.links[slot] as number;
  }

  #bound(time: bigint): Bound {
    return { at: this.#relative(time), time };
  }

  #relative(time: bigint): number {
    return Number(time - this.#base);
  }

  #key(item: T): Key<T> {
    const { min, max } = this.#order.boundsOf(item);
    return { item, max, end: this.#relative(max), start: this.#relative(min) };
  }

  /** The slot of the first entry not before `key`; with `least` = 1 of the first one after it. */
  #place(node: number, key: Key<T>, least: 0 | 1): number {
    const { bounds, items } = this.#nodes;
    const { end } = key;
    let low = this.#nodes.first(node);
    let high = this.#nodes.stop(node);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = bounds[2 * middle] as number;
      if (other < end || (other === end && this.#compare(items[middle] as T, key) < least)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Order of an item and a key whose ends are equal as doubles. */
  #compare(item: T, { item: other, end, max }: Key<T>): number {
    const itemMax = isExact(end) ? max : this.#order.boundsOf(item).max;
    return itemMax < max ? -1 : itemMax > max ? 1 : this.#order.compareTies(item, other);
  }

  /** The slot after the entries that end at or before a time. */
  #endingBy(node: number, { at, time }: Bound): number {
    const { bounds, items } = this.#nodes;
    let low = this.#nodes.first(node);
    let high = this.#nodes.stop(node);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const end = bounds[2 * middle] as number;
      if (end < at || (end === at && (isExact(at) || this.#order.boundsOf(items[middle] as T).max <= time))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether an entry of a leaf begins by a time. */
  #beginsBy(slot: number, { at, time }: Bound): boolean {
    const { bounds, items } = this.#nodes;
    const start = bounds[2 * slot + 1] as number;
    return start < at || (start === at && (isExact(at) || this.#order.boundsOf(items[slot] as T).min <= time));
  }

  /** Shows what begins by a time from slot `first` on. */
  #visitOpen(node: number, first: number, level: number, time: Bound, visitor: IntervalVisitor<T, N>): void {
    const { bounds, items, links } = this.#nodes;
    const stop = this.#nodes.stop(node);
    for (let slot = first; slot < stop; slot++) {
      const start = bounds[2 * slot + 1] as number;
      if (start > time.at) continue;
      if (level > 0) {
        const child = this.#child(slot);
        this.#visitOpen(child, this.#nodes.first(child), level - 1, time, visitor);
      } else if (this.#beginsBy(slot, time)) {
        const length = difference(bounds[2 * slot] as number, start);
        visitor.open(items[slot] as T, links[slot] as N, difference(time.at, start), length);
      }
    }
  }

  #visitOverlaps(node: number, level: number, range: Range, visit: (item: T, note: N) => void): void {
    const { bounds, items, links } = this.#nodes;
    const stop = this.#nodes.stop(node);
    for (let slot = this.#endingBy(node, range.before); slot < stop; slot++) {
      if ((bounds[2 * slot + 1] as number) > range.last.at) continue;
      if (level > 0) this.#visitOverlaps(this.#child(slot), level - 1, range, visit);
      else if (this.#beginsBy(slot, range.last)) visit(items[slot] as T, links[slot] as N);
    }
  }
}
