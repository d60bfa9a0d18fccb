/**
 * What the platform remembers, as an interface: embedded it is one libSQL file, later it may be a database server. No caller keeps
 * anything between two calls but ids, so that any number of server processes can share one catalog.
 */

export type EntryKind = "dataset" | "table" | "blueprintDataset" | "assetDataset";

/** A dataset or a table. Ids are 32 lower-case hexadecimal digits. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly kind: EntryKind;
  readonly createdAtNs: bigint;
  readonly updatedAtNs: bigint;
  /** Grows by one with each change of what the entry holds. */
  readonly revision: bigint;
  /** The entry that this hidden one belongs to; deleted with it. */
  readonly owner?: string;
  readonly details: EntryDetails;
}

export interface EntryDetails {
  readonly blueprintDataset?: string;
  readonly assetDataset?: string;
  readonly defaultBlueprint?: string;
  readonly defaultSegmentTableBlueprint?: string;
  /** Of tables: the place where they lie, as `TableStorage` calls it; without one it is a table of the server itself. */
  readonly table?: { readonly provider: "lance"; readonly url: string } | { readonly provider: "entries" };
}

export interface EntryFilter {
  readonly id?: string;
  readonly name?: string;
  readonly kinds?: readonly EntryKind[];
}

export interface LayerKey {
  readonly dataset: string;
  readonly segment: string;
  readonly layer: string;
}

/** One recording of a file, registered as a layer of a segment. */
export interface LayerRow extends LayerKey {
  /** The object that holds the chunks, and what it looked like when it was registered. */
  readonly object: string;
  readonly objectBytes: bigint;
  readonly objectVersion: string;
  /** Where the manifest lies: in `manifestObject`, which is `object` itself when the file has a footer. */
  readonly manifestObject: string;
  readonly manifestOffset: bigint;
  readonly manifestBytes: bigint;
  readonly numChunks: bigint;
  readonly sizeBytes: bigint;
  /** Of the recording's columns; 64 hexadecimal digits. */
  readonly schemaSha256: string;
  readonly registeredAtNs: bigint;
  readonly updatedAtNs: bigint;
  /** Position in the order of registration; given by the store. */
  readonly order: bigint;
  /** Inclusive ranges of the timelines. */
  readonly ranges: readonly IndexRange[];
  /** One row of property columns as an Arrow IPC stream. */
  readonly properties?: Uint8Array;
}

export interface IndexRange {
  readonly timeline: string;
  readonly type: "sequence" | "timestamp" | "duration";
  readonly min: bigint;
  readonly max: bigint;
}

export type NewLayer = Omit<LayerRow, "order">;

export type OnDuplicate = "error" | "skip" | "overwrite";
/** What became of a layer that was put. */
export type PutOutcome = "added" | "replaced" | "skipped" | "exists";

export interface SegmentProperties {
  readonly segment: string;
  /** One row of property columns as an Arrow IPC stream. */
  readonly row: Uint8Array;
  readonly revision: bigint;
}

export type TaskStatus = "pending" | "running" | "success" | "failed" | "cancelled";

export interface TaskSpec {
  readonly id: string;
  readonly kind: string;
  /** JSON. */
  readonly payload: string;
}

export interface TaskState extends TaskSpec {
  readonly status: TaskStatus;
  /** What went wrong, or how far the work is. */
  readonly message?: string;
  readonly attempts: number;
  readonly leaseOwner?: string;
  readonly leaseUntilNs?: bigint;
  readonly createdAtNs: bigint;
  readonly updatedAtNs: bigint;
}

export interface TaskResult {
  readonly id: string;
  readonly status: "success" | "failed";
  readonly message?: string;
}

export interface CatalogEvent {
  readonly seq: bigint;
  readonly entry: string;
  readonly kind: "created" | "deleted";
}

/** What can be asked, of the store or within a transaction. Results are in a stable order. */
export interface CatalogReads {
  /** By name. */
  entries(filter: EntryFilter): Promise<Entry[]>;
  entry(id: string): Promise<Entry | undefined>;
  /** In order of registration. */
  layers(dataset: string, filter?: { readonly segments?: readonly string[] }): Promise<LayerRow[]>;
  /** The distinct schemas of a dataset's layers. */
  schemaIds(dataset: string): Promise<string[]>;
  schema(sha256: string): Promise<Uint8Array | undefined>;
  properties(dataset: string, segments?: readonly string[]): Promise<SegmentProperties[]>;
  /** Those that exist, in the order asked for. */
  tasks(ids: readonly string[]): Promise<TaskState[]>;
  setting(key: string): Promise<string | undefined>;
}

export interface CatalogTx extends CatalogReads {
  /** @throws RerunError `AlreadyExists` when another entry has the name */
  putEntry(entry: Entry): Promise<void>;
  /** With what it owns and all that they hold. Says whether there was one. */
  deleteEntry(id: string): Promise<boolean>;
  /** One outcome per row. A dataset's revision grows by one when anything changed. */
  putLayers(rows: readonly NewLayer[], onDuplicate: OnDuplicate): Promise<PutOutcome[]>;
  /** Those with one of the segments and one of the layers; an empty list stands for all. Gives how many. */
  removeLayers(dataset: string, segments: readonly string[], layers: readonly string[]): Promise<number>;
  putSchema(sha256: string, schema: Uint8Array): Promise<void>;
  putProperties(dataset: string, properties: SegmentProperties): Promise<void>;
  removeProperties(dataset: string, segment: string): Promise<void>;
  enqueue(tasks: readonly TaskSpec[]): Promise<void>;
  /** Ends tasks that are still running; those that were cancelled meanwhile stay so. */
  finishTasks(results: readonly TaskResult[]): Promise<void>;
  /** How far running tasks are; seen by who asks for their state. */
  noteProgress(ids: readonly string[], message: string): Promise<void>;
  cancelTasks(ids: readonly string[]): Promise<void>;
  /** Forgets tasks that ended before a time, and all but the last events. */
  forgetOld(endedBeforeNs: bigint): Promise<void>;
  putSetting(key: string, value: string): Promise<void>;
}

export interface WorkOptions {
  readonly kinds: readonly string[];
  /** Most tasks that one call of `run` gets. */
  readonly batch: number;
  /** Ends the work; tasks in hand are given back. */
  readonly signal: AbortSignal;
  /** Hears of what `run` threw; the tasks in hand are tried again later. */
  readonly onError: (error: unknown) => void;
}

export interface CatalogStore extends CatalogReads {
  /**
   * Runs `fn` as one transaction; may run it AGAIN after a conflict, so that `fn` must do nothing but use `tx`.
   * @param lock ids of the entries that it changes
   */
  write<T>(lock: readonly string[], fn: (tx: CatalogTx) => Promise<T>): Promise<T>;
  /** Events after `after` (default: from now on) without gaps, until `signal` fires. */
  events(signal: AbortSignal, after?: bigint): AsyncGenerator<CatalogEvent, void, undefined>;
  /** Resolves when something was committed since `seen`, with the new count; at the latest after `timeoutMs`. */
  changed(seen: number, timeoutMs: number, signal: AbortSignal): Promise<number>;
  /**
   * Takes tasks under a lease and runs them until `signal` fires. A task that `run` did not finish within a transaction comes
   * back, as does one whose worker died: each runs at least once. One whose worker threw five times has failed.
   */
  work(options: WorkOptions, run: (tasks: readonly TaskSpec[], signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}
