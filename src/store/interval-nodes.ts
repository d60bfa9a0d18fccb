/** Entries of a node. Few, so that a search in the last level touches neighbouring memory. */
const MAX_ENTRIES = 16;

/** One entry. Bounds as in `IntervalNodes`. */
export interface IntervalEntry<T, N> {
  readonly end: number;
  readonly start: number;
  readonly item: T;
  readonly link: N | number;
}

/**
 * The nodes of an interval tree, all of them in three arrays: node `n` has the slots from `16 n` on. Objects of their own would
 * lie apart in memory, and a search in many chunks costs what it touches there, not what it compares.
 *
 * Entries of a leaf are items. Those of an inner node stand for its children: the last item, and the smallest start, of each.
 */
export class IntervalNodes<T, N> {
  /** End and start of each slot. */
  readonly bounds: number[] = [];
  readonly items: (T | undefined)[] = [];
  /** In a leaf what is noted of the item, else the child. */
  readonly links: (N | number | undefined)[] = [];
  /** Entries of each node. */
  readonly #counts: number[] = [];
  readonly #free: number[] = [];

  /** @returns the number of an empty node */
  add(): number {
    const node = this.#free.pop() ?? this.#counts.length;
    this.#counts[node] = 0;
    return node;
  }

  /** The first slot of a node. */
  first(node: number): number {
    return node * MAX_ENTRIES;
  }

  /** The slot after the last entry of a node. */
  stop(node: number): number {
    return node * MAX_ENTRIES + (this.#counts[node] as number);
  }

  count(node: number): number {
    return this.#counts[node] as number;
  }

  isFull(node: number): boolean {
    return this.#counts[node] === MAX_ENTRIES;
  }

  /** Whether two nodes are so empty that they should be one. */
  areSparse(a: number, b: number): boolean {
    return this.count(a) + this.count(b) <= MAX_ENTRIES / 2;
  }

  /** Puts an entry into a node that is not full. */
  insert(node: number, slot: number, { end, start, item, link }: IntervalEntry<T, N>): void {
    const stop = this.stop(node);
    // The arrays grow with what is used, a tree of one entry is small.
    while (this.items.length <= stop) {
      this.bounds.push(0, 0);
      this.items.push(undefined);
      this.links.push(undefined);
    }
    for (let at = stop; at > slot; at--) this.#copy(at - 1, at);
    this.bounds[2 * slot] = end;
    this.bounds[2 * slot + 1] = start;
    this.items[slot] = item;
    this.links[slot] = link;
    this.#counts[node] = this.count(node) + 1;
  }

  /** A node without entries is not needed: its number is free for others. */
  drop(node: number): void {
    this.#free.push(node);
  }

  remove(node: number, slot: number): void {
    const last = this.stop(node) - 1;
    for (let at = slot; at < last; at++) this.#copy(at + 1, at);
    this.#forget(last);
    this.#counts[node] = this.count(node) - 1;
  }

  /** Leaves the entries before `slot` in the node. @returns a node with the others */
  cut(node: number, slot: number): number {
    const right = this.add();
    this.#move(node, slot, right);
    return right;
  }

  /** Moves the entries of `next` to the end of `node`. */
  join(node: number, next: number): void {
    this.#move(next, this.first(next), node);
    this.drop(next);
  }

  /** An entry of a parent for a node that has entries. */
  summarize(node: number): IntervalEntry<T, N> {
    const last = this.stop(node) - 1;
    let start = Number.POSITIVE_INFINITY;
    for (let slot = this.first(node); slot <= last; slot++) start = Math.min(start, this.bounds[2 * slot + 1] as number);
    return { end: this.bounds[2 * last] as number, start, item: this.items[last] as T, link: node };
  }

  /** Writes the summary of a child whose entries changed into its parent. */
  update(slot: number, child: number): void {
    const { end, start, item } = this.summarize(child);
    this.bounds[2 * slot] = end;
    this.bounds[2 * slot + 1] = start;
    this.items[slot] = item;
  }

  #move(from: number, slot: number, to: number): void {
    const stop = this.stop(from);
    for (let at = slot; at < stop; at++) {
      const entry = { end: this.bounds[2 * at] as number, start: this.bounds[2 * at + 1] as number };
      this.insert(to, this.stop(to), { ...entry, item: this.items[at] as T, link: this.links[at] as N | number });
      this.#forget(at);
    }
    this.#counts[from] = slot - this.first(from);
  }

  #copy(from: number, to: number): void {
    this.bounds[2 * to] = this.bounds[2 * from] as number;
    this.bounds[2 * to + 1] = this.bounds[2 * from + 1] as number;
    this.items[to] = this.items[from];
    this.links[to] = this.links[from];
  }

  /** An item that is gone is not kept alive. */
  #forget(slot: number): void {
    this.items[slot] = undefined;
    this.links[slot] = undefined;
  }
}
