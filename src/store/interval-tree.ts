/** Times from `start` to `end`, inclusive. */
export interface Interval {
  readonly start: bigint;
  readonly end: bigint;
}

/** Entries of a node. Few levels and neighbouring numbers: a search in 100 000 intervals touches three nodes. */
const MAX_ENTRIES = 64;

/**
 * Entries in order. Those of a leaf are intervals; those of an inner node stand for its children: the last interval and the
 * smallest start of each.
 *
 * `bounds` holds end and start of each entry as doubles: what is smaller as a double is smaller, what is equal is compared
 * exactly. They lie side by side because a search in many chunks costs what it reads from memory, not what it compares.
 */
interface Node<T extends Interval> {
  readonly bounds: number[];
  readonly items: T[];
  /** Absent in a leaf. */
  readonly children: Node<T>[] | undefined;
}

/**
 * Intervals by their ends, and by an order among equal ends, in a B+ tree whose nodes know the smallest start below them.
 *
 * The latest interval that ends at or before a time, and every interval that overlaps a range, cost O(log n + matches), also
 * beside an interval that spans all others; so do insertion and removal.
 */
export class IntervalTree<T extends Interval> {
  readonly #compareTies: (a: T, b: T) => number;
  #root: Node<T> = { bounds: [], items: [], children: undefined };
  #size = 0;

  /** @param compareTies order of two intervals with one end; 0 only for the same one */
  constructor(compareTies: (a: T, b: T) => number) {
    this.#compareTies = compareTies;
  }

  get size(): number {
    return this.#size;
  }

  insert(interval: T): void {
    const right = this.#insert(this.#root, interval);
    if (right !== undefined) {
      const root: Node<T> = { bounds: [], items: [], children: [] };
      addChild(root, 0, this.#root);
      addChild(root, 1, right);
      this.#root = root;
    }
    this.#size += 1;
  }

  /** Whether the interval was there. */
  remove(interval: T): boolean {
    if (!this.#remove(this.#root, interval)) return false;
    for (let root = this.#root; root.children?.length === 1; root = this.#root) this.#root = root.children[0] ?? root;
    this.#size -= 1;
    return true;
  }

  /** The last interval in order among those that end at or before `time`; `undefined` when it ends before `since`. */
  latestEndingBy(time: bigint, since?: bigint): T | undefined {
    let found: Node<T> | undefined;
    let at = 0;
    for (let node: Node<T> | undefined = this.#root; node !== undefined; ) {
      const place: number = countEndingBy(node, time);
      if (place > 0) {
        found = node;
        at = place - 1;
      }
      node = node.children?.[place];
    }
    // The interval itself is not looked at when its end as a double tells enough.
    if (found === undefined || (since !== undefined && (found.bounds[2 * at] as number) < Number(since))) return undefined;
    const interval = found.items[at];
    return interval === undefined || (since !== undefined && interval.end < since) ? undefined : interval;
  }

  /** The last interval in order. */
  last(): T | undefined {
    return this.#root.items[this.#root.items.length - 1];
  }

  /** The last one before `interval` in order, whether that is in the tree or not. */
  before(interval: T): T | undefined {
    let found: T | undefined;
    for (let node: Node<T> | undefined = this.#root; node !== undefined; ) {
      const place: number = this.#place(node, interval, 0);
      if (place > 0) found = node.items[place - 1];
      node = node.children?.[place];
    }
    return found;
  }

  /** The first one after `interval`. */
  after(interval: T): T | undefined {
    let found: T | undefined;
    for (let node: Node<T> | undefined = this.#root; node !== undefined; ) {
      const place: number = this.#place(node, interval, 1);
      found = node.items[place];
      node = node.children?.[place];
    }
    return found;
  }

  /** Calls `visit` for every interval with `start ≤ max` and `end ≥ min`, in order. */
  forEachOverlap(min: bigint, max: bigint, visit: (interval: T) => void): void {
    visitOverlaps(this.#root, min, max, Number(max), visit);
  }

  /** @returns the right half of the node when it had to be cut */
  #insert(node: Node<T>, interval: T): Node<T> | undefined {
    const { children, items } = node;
    if (children === undefined) {
      const place = this.#place(node, interval, 0);
      node.bounds.splice(2 * place, 0, Number(interval.end), Number(interval.start));
      items.splice(place, 0, interval);
    } else {
      const place = Math.min(this.#place(node, interval, 0), children.length - 1);
      const child = children[place];
      if (child === undefined) return undefined;
      const right = this.#insert(child, interval);
      summarizeChild(node, place, child);
      if (right !== undefined) addChild(node, place + 1, right);
    }
    return items.length > MAX_ENTRIES ? cutNode(node) : undefined;
  }

  #remove(node: Node<T>, interval: T): boolean {
    const { children, items } = node;
    const place = this.#place(node, interval, 0);
    const item = items[place];
    if (item === undefined) return false;
    if (children === undefined) {
      if (this.#compare(item, interval) !== 0) return false;
      node.bounds.splice(2 * place, 2);
      items.splice(place, 1);
      return true;
    }
    const child = children[place];
    if (child === undefined || !this.#remove(child, interval)) return false;
    if (child.items.length > 0) summarizeChild(node, place, child);
    else removeChild(node, place);
    joinWithNext(node, Math.max(0, place - 1));
    return true;
  }

  /** Number of entries before `interval`; with `least` = 1 also an equal one. */
  #place(node: Node<T>, interval: T, least: 0 | 1): number {
    const { bounds, items } = node;
    const end = Number(interval.end);
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = bounds[2 * middle] as number;
      if (other < end || (other === end && this.#compare(items[middle] as T, interval) < least)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compare(a: T, b: T): number {
    return a.end < b.end ? -1 : a.end > b.end ? 1 : this.#compareTies(a, b);
  }
}

/** Number of entries that end at or before `time`. */
function countEndingBy<T extends Interval>({ bounds, items }: Node<T>, time: bigint): number {
  const rounded = Number(time);
  let low = 0;
  let high = bounds.length >>> 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const end = bounds[2 * middle] as number;
    if (end < rounded || (end === rounded && (items[middle] as T).end <= time)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function visitOverlaps<T extends Interval>(
  node: Node<T>,
  min: bigint,
  max: bigint,
  roundedMax: number,
  visit: (interval: T) => void,
): void {
  const { bounds, items, children } = node;
  for (let i = countEndingBy(node, min - 1n); 2 * i < bounds.length; i++) {
    const start = bounds[2 * i + 1] as number;
    if (start > roundedMax) continue;
    const child = children?.[i];
    if (child !== undefined) visitOverlaps(child, min, max, roundedMax, visit);
    else if (start < roundedMax || (items[i] as T).start <= max) visit(items[i] as T);
  }
}

function summarizeChild<T extends Interval>(node: Node<T>, place: number, { bounds, items }: Node<T>): void {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 1; at < bounds.length; at += 2) least = Math.min(least, bounds[at] as number);
  node.bounds[2 * place] = bounds[bounds.length - 2] as number;
  node.bounds[2 * place + 1] = least;
  node.items[place] = items[items.length - 1] as T;
}

function addChild<T extends Interval>(node: Node<T>, place: number, child: Node<T>): void {
  node.bounds.splice(2 * place, 0, 0, 0);
  node.items.splice(place, 0, child.items[0] as T);
  node.children?.splice(place, 0, child);
  summarizeChild(node, place, child);
}

function removeChild<T extends Interval>(node: Node<T>, place: number): void {
  node.bounds.splice(2 * place, 2);
  node.items.splice(place, 1);
  node.children?.splice(place, 1);
}

/** Leaves the left half in the node. @returns the right half */
function cutNode<T extends Interval>({ bounds, items, children }: Node<T>): Node<T> {
  const half = items.length >>> 1;
  return { bounds: bounds.splice(2 * half), items: items.splice(half), children: children?.splice(half) };
}

/** Makes one node of two neighbours that are both nearly empty. */
function joinWithNext<T extends Interval>(node: Node<T>, place: number): void {
  const [child, next] = [node.children?.[place], node.children?.[place + 1]];
  if (child === undefined || next === undefined || child.items.length + next.items.length > MAX_ENTRIES / 2) return;
  child.bounds.push(...next.bounds);
  child.items.push(...next.items);
  child.children?.push(...(next.children ?? []));
  removeChild(node, place + 1);
  summarizeChild(node, place, child);
}
