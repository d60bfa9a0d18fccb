/**
 * Objects whose bytes do not change: recordings that users registered where they lie, and what the server stored itself. Nothing
 * else in the server knows paths or addresses; an object's name means the same on every server.
 */
export interface SegmentStorage {
  /**
   * Exactly `length` bytes from `offset`.
   * @throws RerunError `NotFound`, or `CorruptFile` when the object is shorter
   */
  read(object: string, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** What an object is now, with its last `maxBytes` bytes (all of a small one), in one go; `undefined` when there is none. */
  readTail(object: string, maxBytes: number): Promise<ObjectTail | undefined>;
  /** `undefined` when there is no such object. */
  stat(object: string): Promise<ObjectStat | undefined>;
  /** Writes an object that is seen only when it is complete; never replaces one. */
  create(object: string, body: AsyncIterable<Uint8Array>): Promise<"created" | "exists">;
  /** Removing what is not there is no error. */
  remove(object: string): Promise<void>;
  /** Those whose name begins with `prefix`, by name; a `prefix` that ends with `/` is a folder. */
  list(prefix: string): AsyncGenerator<{ readonly object: string; readonly bytes: number }, void, undefined>;
  /** An address from which clients may read the object themselves; `undefined` where there is none. */
  directUrl(object: string, ttlSeconds: number): Promise<{ readonly url: string; readonly expiresAtMs: number } | undefined>;
}

export interface ObjectStat {
  readonly bytes: number;
  /** Differs when the contents do. */
  readonly version: string;
}

export interface ObjectTail extends ObjectStat {
  readonly tail: Uint8Array;
}
