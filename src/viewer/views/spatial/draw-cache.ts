/**
 * Keeps what was built as long as it is asked for: a key names the cells (and all else) the value was made from, so the same
 * key means the same value, and time can move without anything being rebuilt. What three scenes in a row did not ask for is dropped.
 */
export class DrawCache {
  readonly #entries = new Map<string, { readonly value: unknown; usedIn: number }>();
  #scene = 0;
  /** Number of values made so far; tests and the curious read it. */
  numBuilt = 0;

  /** The value of `key`, made now if it is not known. One key must always be used with one type. */
  get<T>(key: string, make: () => T): T {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      entry.usedIn = this.#scene;
      return entry.value as T;
    }
    this.numBuilt++;
    const value = make();
    this.#entries.set(key, { value, usedIn: this.#scene });
    return value;
  }

  /** Ends one scene: forgets what was last used too long ago. */
  endScene(): void {
    for (const [key, entry] of this.#entries) if (this.#scene - entry.usedIn >= 2) this.#entries.delete(key);
    this.#scene++;
  }
}
