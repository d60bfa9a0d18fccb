/** Times from `start` to `end`, inclusive. */
export interface Interval {
  readonly start: bigint;
  readonly end: bigint;
}

interface Node<T extends Interval> {
  readonly interval: T;
  /** Heap order makes the tree balanced with high probability, whatever the order of insertion. */
  readonly priority: number;
  /** Smallest start of the subtree. */
  minStart: bigint;
  left: Node<T> | undefined;
  right: Node<T> | undefined;
}

/**
 * Intervals by their ends, and an order among equal ends, each subtree with its smallest start: a treap.
 *
 * The latest interval that ends at or before a time, and every interval that overlaps a range, cost O(log n + matches), also
 * beside an interval that spans all others; so do insertion and removal.
 */
export class IntervalTree<T extends Interval> {
  readonly #compareTies: (a: T, b: T) => number;
  #root: Node<T> | undefined;
  #size = 0;
  #seed = 0x2545f491;

  /** @param compareTies order of two intervals with one end; 0 only for the same one */
  constructor(compareTies: (a: T, b: T) => number) {
    this.#compareTies = compareTies;
  }

  get size(): number {
    return this.#size;
  }

  insert(interval: T): void {
    const [before, after] = this.#split(this.#root, interval);
    const node: Node<T> = {
      interval,
      priority: this.#nextPriority(),
      minStart: interval.start,
      left: undefined,
      right: undefined,
    };
    this.#root = join(join(before, node), after);
    this.#size += 1;
  }

  /** Whether the interval was there. */
  remove(interval: T): boolean {
    const path: Node<T>[] = [];
    let node = this.#root;
    for (let order = 0; node !== undefined; node = order < 0 ? node.left : node.right) {
      order = this.#compare(interval, node.interval);
      if (order === 0) break;
      path.push(node);
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

  /** The interval with the greatest end among those that end at or before `time`. */
  latestEndingBy(time: bigint): T | undefined {
    let best: T | undefined;
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

  /** The interval with the greatest end of all. */
  last(): T | undefined {
    let node = this.#root;
    while (node?.right !== undefined) node = node.right;
    return node?.interval;
  }

  /** The last one before `interval` in order, whether that is in the tree or not. */
  before(interval: T): T | undefined {
    let found: T | undefined;
    let node = this.#root;
    while (node !== undefined) {
      if (this.#compare(node.interval, interval) < 0) {
        found = node.interval;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return found;
  }

  /** The first one after `interval`. */
  after(interval: T): T | undefined {
    let found: T | undefined;
    let node = this.#root;
    while (node !== undefined) {
      if (this.#compare(node.interval, interval) > 0) {
        found = node.interval;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return found;
  }

  /** Calls `visit` for every interval with `start ≤ max` and `end ≥ min`, in order. */
  forEachOverlap(min: bigint, max: bigint, visit: (interval: T) => void): void {
    visitOverlaps(this.#root, min, max, visit);
  }

  #split(node: Node<T> | undefined, at: T): [before: Node<T> | undefined, after: Node<T> | undefined] {
    if (node === undefined) return [undefined, undefined];
    if (this.#compare(node.interval, at) < 0) {
      const [before, after] = this.#split(node.right, at);
      node.right = before;
      update(node);
      return [node, after];
    }
    const [before, after] = this.#split(node.left, at);
    node.left = after;
    update(node);
    return [before, node];
  }

  #compare(a: T, b: T): number {
    return a.end < b.end ? -1 : a.end > b.end ? 1 : this.#compareTies(a, b);
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

function visitOverlaps<T extends Interval>(
  node: Node<T> | undefined,
  min: bigint,
  max: bigint,
  visit: (interval: T) => void,
): void {
  if (node === undefined || node.minStart > max) return;
  const { interval } = node;
  if (interval.end >= min) {
    visitOverlaps(node.left, min, max, visit);
    if (interval.start <= max) visit(interval);
  }
  visitOverlaps(node.right, min, max, visit);
}

function join<T extends Interval>(before: Node<T> | undefined, after: Node<T> | undefined): Node<T> | undefined {
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

function update<T extends Interval>(node: Node<T> | undefined): void {
  if (node === undefined) return;
  let { start: min } = node.interval;
  if (node.left !== undefined && node.left.minStart < min) min = node.left.minStart;
  if (node.right !== undefined && node.right.minStart < min) min = node.right.minStart;
  node.minStart = min;
}
