import { type Chunk, isStatic } from "../../chunk/index.js";
import { RerunError, type StoreId, storeIdKey } from "../../core/index.js";
import { RrdEncoder, type RrdMessage } from "../../rrd/index.js";
import { ChunkStore, NO_LIMITS } from "../../store/index.js";
import { logMsgOfFrame } from "../log-msg-codec.js";
import { EntryQueue, type QueueEntry } from "./entry-queue.js";

/** A message that readers get: of a recording, or a table. */
export interface ProxyEntry extends QueueEntry {
  readonly kind: "log" | "table";
  /** The message in parts. */
  parts(): readonly Uint8Array[];
}

/** Static data: kept as a chunk, made a message again for each reader. */
interface StaticEntry extends ProxyEntry {
  readonly storeKey: string;
  readonly chunk: Chunk;
}

interface BlueprintEntry extends ProxyEntry {
  readonly blueprintKey?: string;
}

/** A message as it came, and what it says. */
export interface ProxyMessage {
  readonly seq: number;
  /** Nobody else writes to them. */
  readonly bytes: Uint8Array;
  readonly message: RrdMessage;
}

/** What an entry weighs beside its bytes. */
const ENTRY_OVERHEAD_BYTES = 200;
/** What blueprints and announcements of recordings may take at least, whatever the limit is. */
const MIN_PERSISTENT_BYTES = 256 * 2 ** 20;

/**
 * What a message proxy remembers for readers that come later, in three queues:
 * - persistent: stores and blueprints, never dropped;
 * - static: chunks without times, where newer data take the place of older ones per entity and component;
 * - disposable: all else, the oldest of which is dropped first.
 */
export class ProxyHistory {
  readonly persistent: EntryQueue<BlueprintEntry> = new EntryQueue();
  readonly statics: EntryQueue<StaticEntry> = new EntryQueue();
  readonly disposable: EntryQueue<ProxyEntry> = new EntryQueue();
  readonly #memoryLimitBytes: number;
  /** Static chunks by store. */
  readonly #stores = new Map<string, ChunkStore>();
  readonly #staticById = new Map<string, StaticEntry>();
  /** The announcement of each store. */
  readonly #infos = new Map<string, ProxyEntry>();
  /** Blueprints in use: the last to become active and default, by application. */
  readonly #used = new Map<string, string>();
  #numDropped = 0;

  constructor(memoryLimitBytes: number) {
    this.#memoryLimitBytes = memoryLimitBytes;
  }

  get sizeBytes(): number {
    return this.persistent.sizeBytes + this.statics.sizeBytes + this.disposable.sizeBytes;
  }

  /** Entries that the memory limit has cost. */
  get numDropped(): number {
    return this.#numDropped;
  }

  /**
   * Remembers a message.
   *
   * @returns what readers of now get
   * @throws RerunError `LimitExceeded` when blueprints alone are beyond all limits
   */
  add({ seq, bytes, message }: ProxyMessage): ProxyEntry {
    const entry = { seq, kind: "log" as const, sizeBytes: bytes.length + ENTRY_OVERHEAD_BYTES, parts: () => [bytes] };
    switch (message.kind) {
      case "storeInfo":
        this.#addInfo(entry, storeIdKey(message.storeId));
        break;
      case "blueprintActivation":
        this.#addBlueprint(entry, message.blueprintId);
        this.#noteUse(message.blueprintId, message);
        break;
      case "chunk":
        if (message.storeId.kind === "blueprint") this.#addBlueprint(entry, message.storeId);
        else if (isStatic(message.chunk)) this.#addStatic(seq, message.storeId, message.chunk);
        else this.disposable.push(entry);
    }
    return entry;
  }

  /** Remembers a table. */
  addTable(seq: number, bytes: Uint8Array): ProxyEntry {
    const sizeBytes = bytes.length + ENTRY_OVERHEAD_BYTES;
    const entry: ProxyEntry = { seq, kind: "table", sizeBytes, parts: () => [bytes] };
    this.disposable.push(entry);
    return entry;
  }

  /**
   * Drops the oldest disposable entries, then the oldest static ones, until the memory limit is kept.
   *
   * @param untilSeq entries from this number on are kept: somebody has still to read them
   */
  collect(untilSeq: number): void {
    for (;;) {
      const oldest = this.#isOver() ? this.disposable.first() : undefined;
      if (oldest === undefined || oldest.seq >= untilSeq) break;
      this.disposable.remove(oldest);
      this.#numDropped += 1;
    }
    const stores = new Set<string>();
    for (;;) {
      const oldest = this.#isOver() && this.disposable.length === 0 ? this.statics.first() : undefined;
      if (oldest === undefined || oldest.seq >= untilSeq) break;
      this.#forgetStatic(oldest);
      stores.add(oldest.storeKey);
      this.#numDropped += 1;
    }
    for (const key of stores) this.#rebuild(key);
  }

  #isOver(): boolean {
    return this.sizeBytes > this.#memoryLimitBytes;
  }

  /** Writers announce a store again and again: the last word counts. */
  #addInfo(entry: ProxyEntry, storeKey: string): void {
    const before = this.#infos.get(storeKey);
    const kept = before === undefined ? entry : { ...entry, seq: before.seq };
    if (before !== undefined) this.persistent.replace(before, kept);
    else this.persistent.push(kept);
    this.#infos.set(storeKey, kept);
    this.#checkPersistent();
  }

  #addBlueprint(entry: ProxyEntry, blueprintId: StoreId): void {
    this.persistent.push({ ...entry, blueprintKey: storeIdKey(blueprintId) });
    this.#checkPersistent();
  }

  #noteUse(id: StoreId, { makeActive, makeDefault }: { readonly makeActive: boolean; readonly makeDefault: boolean }): void {
    if (makeActive) this.#used.set(`active ${id.applicationId}`, storeIdKey(id));
    if (makeDefault) this.#used.set(`default ${id.applicationId}`, storeIdKey(id));
  }

  /** Blueprints are never dropped while they are in use; those that others have replaced are, before memory runs out. */
  #checkPersistent(): void {
    const limit = Math.max(this.#memoryLimitBytes, MIN_PERSISTENT_BYTES);
    if (this.persistent.sizeBytes <= limit) return;
    const used = new Set(this.#used.values());
    const last = [...this.persistent].at(-1)?.blueprintKey;
    for (const entry of this.persistent) {
      const key = entry.blueprintKey;
      if (key !== undefined && key !== last && !used.has(key)) this.persistent.remove(entry);
    }
    if (this.persistent.sizeBytes <= limit) return;
    throw new RerunError("LimitExceeded", `blueprints take more than ${limit} bytes: no more are taken`);
  }

  #addStatic(seq: number, storeId: StoreId, chunk: Chunk): void {
    const storeKey = storeIdKey(storeId);
    // A store ignores a chunk it has seen.
    if (!this.#storeOf(storeKey).insert(chunk)) return;
    const entry: StaticEntry = {
      seq,
      kind: "log",
      sizeBytes: chunk.sizeBytes + ENTRY_OVERHEAD_BYTES,
      storeKey,
      chunk,
      parts: () => encodeChunk(storeId, chunk),
    };
    this.statics.push(entry);
    this.#staticById.set(entryId(storeKey, chunk.id), entry);
  }

  #storeOf(storeKey: string): ChunkStore {
    let store = this.#stores.get(storeKey);
    if (store === undefined) {
      store = new ChunkStore({ limits: NO_LIMITS });
      store.subscribe(({ removed }) => {
        for (const { chunk } of removed) {
          const entry = this.#staticById.get(entryId(storeKey, chunk.id));
          if (entry !== undefined) this.#forgetStatic(entry);
        }
      });
      this.#stores.set(storeKey, store);
    }
    return store;
  }

  #forgetStatic(entry: StaticEntry): void {
    this.statics.remove(entry);
    this.#staticById.delete(entryId(entry.storeKey, entry.chunk.id));
  }

  /** A store lets go of static chunks only for newer ones: what is left moves to a new one. */
  #rebuild(storeKey: string): void {
    this.#stores.delete(storeKey);
    const left = [...this.statics].filter((entry) => entry.storeKey === storeKey);
    if (left.length === 0) return;
    const store = this.#storeOf(storeKey);
    for (const { chunk } of left) store.insert(chunk);
  }
}

function entryId(storeKey: string, chunkId: string): string {
  return `${chunkId} ${storeKey}`;
}

function encodeChunk(storeId: StoreId, chunk: Chunk): readonly Uint8Array[] {
  const encoder = new RrdEncoder({ compression: "none", writeFooter: false });
  encoder.start({ storeId, source: "" });
  return logMsgOfFrame(encoder.chunk(storeId, chunk));
}
