import { type ChunkIpcPlan, planChunkIpc, writeChunkIpc } from "../chunk/arrow.js";
import type { Chunk } from "../chunk/index.js";
import { createTuidSource, joinBytes, newTuid, RerunError, type StoreId, storeIdKey, type TuidSource } from "../core/index.js";
import { type ArrowMsgHead, arrowMsgSize, Compression, writeArrowMsg } from "../protos/index.js";
import { encodeFooter } from "./footer.js";
import {
  FRAME_HEADER_BYTES,
  frame,
  KIND_ARROW_MSG,
  KIND_BLUEPRINT_ACTIVATION,
  KIND_END,
  KIND_SET_STORE_INFO,
  RRD_VERSION,
  type RrdCompression,
  type RrdVersion,
  streamFooter,
  streamHeader,
  writeFrameHeader,
} from "./frames.js";
import { isOfWords } from "./is-of-words.js";
import { lz4CompressInto, lz4MaxSize } from "./lz4.js";
import { compressBlock, looksCompressible, nativeLz4For } from "./lz4-codec.js";
import { lz4CompressWordsInto } from "./lz4-words.js";
import { ManifestRows, type ManifestRowsState } from "./manifest-rows.js";
import { encodeBlueprintActivation, encodeStoreId, encodeStoreInfo, type RrdStoreInfo } from "./messages.js";

export interface RrdEncoderOptions {
  /** Default `lz4`. */
  readonly compression?: RrdCompression;
  /** Whether `finish` writes the index of chunks. Default true. */
  readonly writeFooter?: boolean;
  /** Default 0.41.0. */
  readonly version?: RrdVersion;
  /** Where the row ids of store infos come from. Default: the machine's clock. */
  readonly rowIds?: TuidSource;
  /** Where another encoder stopped. Default: at the beginning. */
  readonly resume?: RrdEncoderState | undefined;
}

/** What an encoder knows of the recording so far, as plain values. */
export interface RrdEncoderState {
  readonly position: number;
  readonly stores: readonly { readonly id: StoreId; readonly rows: ManifestRowsState }[];
}

/** A place to go back to, see `RrdEncoder.mark`. */
export interface RrdMark {
  readonly position: number;
  /** Chunks of each store. */
  readonly numRows: ReadonlyMap<string, number>;
}

interface Store {
  readonly id: StoreId;
  /** The encoded id. */
  readonly message: Uint8Array;
  readonly rows: ManifestRows;
}

/** From this size on, samples decide first whether a chunk is worth compressing; no buffers are kept for chunks as large. */
const PROBED_BYTES = 1 << 18;
const SLAB_BYTES = 1 << 18;

/**
 * Makes the bytes of a recording: `start`, any number of stores and chunks, `finish`. Does no I/O: whoever calls it appends what
 * it gets to a file, in order. Keeps a few hundred bytes of index per chunk, never the chunk.
 */
export class RrdEncoder {
  readonly #compression: RrdCompression;
  readonly #writeFooter: boolean;
  readonly #version: RrdVersion;
  readonly #rowIds: TuidSource;
  readonly #stores = new Map<string, Store>();
  #lastStore: Store | undefined;
  /** Size of everything made so far. */
  #position: number;
  #isFinished = false;
  #raw: Uint8Array = new Uint8Array(0);
  #compressed: Uint8Array = new Uint8Array(0);
  #slab: Uint8Array = new Uint8Array(0);
  #slabUsed = 0;

  constructor(options: RrdEncoderOptions = {}) {
    this.#compression = options.compression ?? "lz4";
    this.#writeFooter = options.writeFooter ?? true;
    this.#version = options.version ?? RRD_VERSION;
    this.#rowIds = options.rowIds ?? createTuidSource();
    this.#position = options.resume?.position ?? 0;
    for (const { id, rows } of options.resume?.stores ?? []) this.#addStore(id, new ManifestRows(rows));
  }

  /** Announces a store; the first time with the file's header before it. Belongs before the store's chunks. */
  start(info: RrdStoreInfo): Uint8Array {
    this.#checkOpen();
    const message = frame(KIND_SET_STORE_INFO, encodeStoreInfo(info, newTuid(this.#rowIds), this.#version));
    return this.#position === 0
      ? this.#emit(joinBytes([streamHeader(this.#version, this.#compression), message]))
      : this.#emit(message);
  }

  /**
   * One chunk of a store.
   * @throws RerunError `InvalidArgument` before `start`, `LimitExceeded` for a chunk of 2 GiB or more
   */
  chunk(storeId: StoreId, chunk: Chunk): Uint8Array {
    const plan = planChunkIpc(chunk);
    return this.#message(storeId, chunk, plan.numBytes, (head) => this.#arrowMsg(head, plan));
  }

  /**
   * The same for a chunk that is in Arrow IPC form already.
   *
   * @param ipc what `chunkToIpc` made of `chunk`, at a multiple of 8 in its buffer
   */
  ipcChunk(storeId: StoreId, chunk: Chunk, ipc: Uint8Array): Uint8Array {
    return this.#message(storeId, chunk, ipc.length, (head) => this.#arrowMsgOf(head, ipc, isOfWords(chunk)));
  }

  #message(storeId: StoreId, chunk: Chunk, uncompressedSize: number, make: (head: Head) => FramedMessage): Uint8Array {
    this.#checkOpen();
    if (this.#position === 0)
      throw new RerunError("InvalidArgument", "A recording begins with a store: call start() before chunk()");
    if (uncompressedSize > 0x7fffffff) {
      throw new RerunError(
        "LimitExceeded",
        `A chunk has ${uncompressedSize} bytes, a file holds chunks of less than 2 GiB: ${chunk.entityPath}`,
      );
    }
    const store = this.#store(storeId);
    const { out, size } = make({
      storeId: store.message,
      uncompressedSize,
      chunkId: chunk.id,
      isStatic: chunk.timelines.size === 0,
    });
    if (this.#writeFooter) store.rows.add(chunk, { offset: this.#position + FRAME_HEADER_BYTES, size, uncompressedSize });
    return this.#emit(out);
  }

  /** Where the recording is now, for `rewind`. */
  mark(): RrdMark {
    const numRows = new Map<string, number>();
    for (const [key, store] of this.#stores) numRows.set(key, store.rows.numRows);
    return { position: this.#position, numRows };
  }

  /** Forgets what was made since `mark`: it could not be written. */
  rewind(mark: RrdMark): void {
    this.#position = mark.position;
    this.#isFinished = false;
    for (const [key, store] of this.#stores) store.rows.truncate(mark.numRows.get(key) ?? 0);
  }

  /** For an encoder that goes on with the recording, perhaps in another thread; this one is not used any more. */
  get state(): RrdEncoderState {
    const stores = [...this.#stores.values()].map(({ id, rows }) => ({ id, rows: rows.state }));
    return { position: this.#position, stores };
  }

  /** What shall become of a blueprint; belongs behind its last chunk. */
  blueprintActivation(
    blueprintId: StoreId,
    options: { readonly makeActive: boolean; readonly makeDefault: boolean },
  ): Uint8Array {
    this.#checkOpen();
    return this.#emit(frame(KIND_BLUEPRINT_ACTIVATION, encodeBlueprintActivation({ blueprintId, ...options })));
  }

  /** The end of the file with the index of its chunks. Nothing can be added afterwards; a second call gives no bytes. */
  finish(): Uint8Array {
    if (this.#isFinished) return new Uint8Array(0);
    this.#isFinished = true;
    if (!this.#writeFooter) return frame(KIND_END, new Uint8Array(0));
    const stores = [...this.#stores.values()].map((store) => [store.id, store.rows] as const);
    const footer = encodeFooter(stores, this.#compression);
    return joinBytes([frame(KIND_END, footer), streamFooter(footer, this.#position + FRAME_HEADER_BYTES)]);
  }

  #emit(bytes: Uint8Array): Uint8Array {
    this.#position += bytes.length;
    return bytes;
  }

  #checkOpen(): void {
    if (this.#isFinished) throw new RerunError("Closed", "The recording is finished: nothing can be added to it");
  }

  #store(id: StoreId): Store {
    const last = this.#lastStore;
    if (last !== undefined && (last.id === id || sameStore(last.id, id))) return last;
    const store = this.#stores.get(storeIdKey(id)) ?? this.#addStore(id, new ManifestRows());
    this.#lastStore = store;
    return store;
  }

  #addStore(id: StoreId, rows: ManifestRows): Store {
    const store = { id, message: encodeStoreId(id), rows };
    this.#stores.set(storeIdKey(id), store);
    return store;
  }

  /** The framed message of a chunk: compressed where that makes it smaller. */
  #arrowMsg(head: Head, plan: ChunkIpcPlan): FramedMessage {
    const size = plan.numBytes;
    if (this.#compression === "lz4" && size < PROBED_BYTES) {
      if (this.#raw.length < size) this.#raw = new Uint8Array(2 ** Math.ceil(Math.log2(size)));
      const raw = this.#raw.subarray(0, size).fill(0);
      writeChunkIpc(plan, raw, 0);
      return this.#arrowMsgOf(head, raw, isOfWords(plan.chunk));
    }
    // A large payload is written where it stays when it is not worth compressing: noise is copied once and never compressed.
    const message = this.#framed(head, Compression.NONE, size);
    writeChunkIpc(plan, message.out, message.payloadAt);
    if (this.#compression !== "lz4") return message;
    const block = compressedLarge(message.out.subarray(message.payloadAt, message.payloadAt + size));
    return block === undefined ? message : this.#messageOf(head, Compression.LZ4, block);
  }

  /** The same for a payload that is there. */
  #arrowMsgOf(head: Head, payload: Uint8Array, hasWords: boolean): FramedMessage {
    const block = this.#compression === "lz4" ? this.#compress(payload, hasWords) : undefined;
    if (block !== undefined) return this.#messageOf(head, Compression.LZ4, block);
    return this.#messageOf(head, Compression.NONE, payload);
  }

  /** The block of a payload, as a view that the next call overwrites; `undefined` when it would not be smaller. */
  #compress(payload: Uint8Array, hasWords: boolean): Uint8Array | undefined {
    const size = payload.length;
    if (size >= PROBED_BYTES) return compressedLarge(payload);
    const native = hasWords ? undefined : nativeLz4For(size);
    if (native === undefined && this.#compressed.length < lz4MaxSize(size)) {
      this.#compressed = new Uint8Array(lz4MaxSize(2 ** Math.ceil(Math.log2(size))));
    }
    const compress = hasWords ? lz4CompressWordsInto : lz4CompressInto;
    const block = native?.compress(payload) ?? this.#compressed.subarray(0, compress(payload, this.#compressed));
    return block.length < size ? block : undefined;
  }

  #messageOf(head: Head, compression: Compression, payload: Uint8Array): FramedMessage {
    const message = this.#framed(head, compression, payload.length);
    message.out.set(payload, message.payloadAt);
    return message;
  }

  #framed(
    { storeId, uncompressedSize, chunkId, isStatic }: Head,
    compression: Compression,
    payloadLength: number,
  ): FramedMessage {
    // Field by field: this runs for each chunk, and a spread is slower.
    const head = { storeId, compression, uncompressedSize, chunkId, isStatic };
    const size = arrowMsgSize(head, payloadLength);
    const out = this.#allocate(FRAME_HEADER_BYTES + size);
    writeFrameHeader(out, 0, KIND_ARROW_MSG, size);
    return { out, size, payloadAt: writeArrowMsg(head, payloadLength, out, FRAME_HEADER_BYTES) };
  }

  /** Zeroed bytes that are handed out once. Small ones lie side by side: one allocation for many messages. */
  #allocate(size: number): Uint8Array {
    if (size > SLAB_BYTES / 8) return new Uint8Array(size);
    if (this.#slabUsed + size > this.#slab.length) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#slabUsed = 0;
    }
    this.#slabUsed += size;
    return this.#slab.subarray(this.#slabUsed - size, this.#slabUsed);
  }
}

/** The block of a large payload; `undefined` when samples say that it would not be smaller, or it is not. */
function compressedLarge(payload: Uint8Array): Uint8Array | undefined {
  const block = looksCompressible(payload) ? compressBlock(payload) : undefined;
  return block !== undefined && block.length < payload.length ? block : undefined;
}

type Head = Omit<ArrowMsgHead, "compression">;

interface FramedMessage {
  readonly out: Uint8Array;
  /** Size of the message without its frame. */
  readonly size: number;
  readonly payloadAt: number;
}

function sameStore(a: StoreId, b: StoreId): boolean {
  return a.recordingId === b.recordingId && a.applicationId === b.applicationId && a.kind === b.kind;
}
