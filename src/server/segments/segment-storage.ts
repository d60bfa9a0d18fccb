/**
 * Objects whose bytes do not change: recordings that users registered where they lie, and what the server stored itself. Nothing
 * else in the server knows paths or addresses of them; an object's name means the same on every server.
 */
export interface SegmentStorage {
  /**
   * Exactly `length` bytes from `offset`.
   * @throws RerunError `NotFound`, `CorruptFile` when the object is shorter, `FailedPrecondition` for another version than the one
   * asked for, `Unavailable` when what holds it does not answer
   */
  read(object: string, offset: number, length: number, options?: ReadOptions): Promise<Uint8Array>;
  /** What an object is now, with its last `maxBytes` bytes (all of a small one), in one go; `undefined` when there is none. */
  readTail(object: string, maxBytes: number, signal?: AbortSignal): Promise<ObjectTail | undefined>;
  /** `undefined` when there is no such object. */
  stat(object: string): Promise<ObjectStat | undefined>;
  /** Those whose name begins with `prefix`, by name; a `prefix` that ends with `/` is a folder. */
  list(prefix: string, signal?: AbortSignal): AsyncGenerator<ListedObject, void, undefined>;
  /** An address from which clients may read the object themselves; `undefined` where there is none. */
  directUrl(object: string, ttlSeconds: number): Promise<DirectUrl | undefined>;
}

/** Objects that users name by URLs, and may register. */
export interface SourceStorage extends SegmentStorage {
  /** The object's name for what a user calls it; `undefined` for what is not of this storage. */
  objectOf(uri: string): string | undefined;
  /** What users call the object. */
  urlOf(object: string): string;
  /**
   * Whether an object or a folder may be read by who registers it.
   * @throws RerunError `PermissionDenied` outside of what the server was started for
   */
  checkAllowed(object: string): Promise<void>;
  /** Whether there is such a folder, or anything in it. */
  isFolder(object: string, signal?: AbortSignal): Promise<boolean>;
}

/** Objects that the server stores itself. The others are only read. */
export interface ObjectStorage extends SourceStorage {
  /** Writes an object that is seen only when it is complete; never replaces one. */
  create(object: string, body: AsyncIterable<Uint8Array>): Promise<"created" | "exists">;
  /** Removing what is not there is no error. */
  remove(object: string): Promise<void>;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** The version that is meant, as `stat` told it; not given: whichever is there. */
  readonly version?: string | undefined;
}

export interface ObjectStat {
  readonly bytes: number;
  /** Differs when the contents do. At most 255 bytes of UTF-8. */
  readonly version: string;
}

export interface ObjectTail extends ObjectStat {
  readonly tail: Uint8Array;
}

export interface ListedObject {
  readonly object: string;
  readonly bytes: number;
}

export interface DirectUrl {
  readonly url: string;
  readonly expiresAtMs: number;
}
