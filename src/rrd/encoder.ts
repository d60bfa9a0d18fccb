import { type ChunkIpcPlan, planChunkIpc, writeChunkIpc } from "../chunk/arrow.js";
import type { Chunk } from "../chunk/index.js";
import { createTuidSource, RerunError, type StoreId, storeIdKey, type TuidSource } from "../core/index.js";
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
import { lz4CompressInto, lz4MaxSize } from "./lz4.js";
import { compressBlock, looksCompressible, nativeLz4For } from "./lz4-codec.js";
import { lz4CompressWordsInto } from "./lz4-words.js";
import { ManifestRows } from "./manifest-rows.js";
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
}

interface Store {
  readonly id: StoreId;
  /** The encoded id. */
  readonly message: Uint8Array;
  readonly rows: ManifestRows;
}

/** From this size on, samples decide first whether a chunk is worth compressing; no buffers are kept for chunks as large. */
const PROBED_BYTES = 1 << 18;

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
  #position = 0;
  #isFinished = false;
  #raw: Uint8Array = new Uint8Array(0);
  #compressed: Uint8Array = new Uint8Array(0);

  constructor(options: RrdEncoderOptions = {}) {
    this.#compression = options.compression ?? "lz4";
    this.#writeFooter = options.writeFooter ?? true;
    this.#version = options.version ?? RRD_VERSION;
    this.#rowIds = options.rowIds ?? createTuidSource();
  }

  /** Announces a store; the first time with the file's header before it. Belongs before the store's chunks. */
  start(info: RrdStoreInfo): Uint8Array {
    this.#checkOpen();
    const rowId = new Uint8Array(16);
    this.#rowIds.nextInto(rowId, 0);
    const message = frame(KIND_SET_STORE_INFO, encodeStoreInfo(info, rowId, this.#version));
    return this.#position === 0
      ? this.#emit(concat([streamHeader(this.#version, this.#compression), message]))
      : this.#emit(message);
  }

  /**
   * One chunk of a store.
   * @throws RerunError `InvalidArgument` before `start`, `LimitExceeded` for a chunk of 2 GiB or more
   */
  chunk(storeId: StoreId, chunk: Chunk): Uint8Array {
    this.#checkOpen();
    if (this.#position === 0)
      throw new RerunError("InvalidArgument", "A recording begins with a store: call start() before chunk()");
    const store = this.#store(storeId);
    const plan = planChunkIpc(chunk);
    const uncompressedSize = plan.numBytes;
    if (uncompressedSize > 0x7fffffff) {
      throw new RerunError(
        "LimitExceeded",
        `A chunk has ${uncompressedSize} bytes, a file holds chunks of less than 2 GiB: ${chunk.entityPath}`,
      );
    }
    const head = { storeId: store.message, uncompressedSize, chunkId: chunk.id, isStatic: chunk.timelines.size === 0 };
    const { out, size } = this.#arrowMsg(head, plan);
    if (this.#writeFooter) store.rows.add(chunk, { offset: this.#position + FRAME_HEADER_BYTES, size, uncompressedSize });
    return this.#emit(out);
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
    return concat([frame(KIND_END, footer), streamFooter(footer, this.#position + FRAME_HEADER_BYTES)]);
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
    const key = storeIdKey(id);
    let store = this.#stores.get(key);
    if (store === undefined) {
      store = { id, message: encodeStoreId(id), rows: new ManifestRows() };
      this.#stores.set(key, store);
    }
    this.#lastStore = store;
    return store;
  }

  /** The framed message of a chunk: compressed where that makes it smaller. */
  #arrowMsg(head: Omit<ArrowMsgHead, "compression">, plan: ChunkIpcPlan): FramedMessage {
    if (this.#compression === "lz4" && plan.numBytes < PROBED_BYTES) {
      const block = this.#compressSmall(plan);
      if (block !== undefined) return compressedMessage(head, block);
    }
    const message = framedMessage({ ...head, compression: Compression.NONE }, plan.numBytes);
    writeChunkIpc(plan, message.out, message.payloadAt);
    if (this.#compression !== "lz4" || plan.numBytes < PROBED_BYTES) return message;
    // A large payload is written where it stays when it is not worth compressing: noise is copied once and never compressed.
    const payload = message.out.subarray(message.payloadAt, message.payloadAt + plan.numBytes);
    if (!looksCompressible(payload)) return message;
    const block = compressBlock(payload);
    return block.length < payload.length ? compressedMessage(head, block) : message;
  }

  /** The block of a chunk, as a view that the next call overwrites; `undefined` when it would not be smaller. */
  #compressSmall(plan: ChunkIpcPlan): Uint8Array | undefined {
    const size = plan.numBytes;
    if (this.#raw.length < size) {
      this.#raw = new Uint8Array(2 ** Math.ceil(Math.log2(size)));
      this.#compressed = new Uint8Array(lz4MaxSize(this.#raw.length));
    }
    const raw = this.#raw.subarray(0, size).fill(0);
    writeChunkIpc(plan, raw, 0);
    const native = isOfWords(plan) ? undefined : nativeLz4For(size);
    const compress = isOfWords(plan) ? lz4CompressWordsInto : lz4CompressInto;
    const block = native?.compress(raw) ?? this.#compressed.subarray(0, compress(raw, this.#compressed));
    return block.length < size ? block : undefined;
  }
}

/** Whether next to nothing but row ids, times and numbers of 32 or 64 bits is in it: no texts, no bytes. */
function isOfWords({ batch, chunk, numBytes }: ChunkIpcPlan): boolean {
  const { sources, lengths } = batch;
  let others = 0;
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i];
    if (source !== undefined && source !== chunk.rowIds && source.BYTES_PER_ELEMENT < 4) others += lengths[i] as number;
  }
  return others * 16 < numBytes;
}

interface FramedMessage {
  readonly out: Uint8Array;
  /** Size of the message without its frame. */
  readonly size: number;
  readonly payloadAt: number;
}

function framedMessage(head: ArrowMsgHead, payloadLength: number): FramedMessage {
  const size = arrowMsgSize(head, payloadLength);
  const out = new Uint8Array(FRAME_HEADER_BYTES + size);
  writeFrameHeader(out, 0, KIND_ARROW_MSG, size);
  return { out, size, payloadAt: writeArrowMsg(head, payloadLength, out, FRAME_HEADER_BYTES) };
}

function compressedMessage(head: Omit<ArrowMsgHead, "compression">, block: Uint8Array): FramedMessage {
  const message = framedMessage({ ...head, compression: Compression.LZ4 }, block.length);
  message.out.set(block, message.payloadAt);
  return message;
}

function sameStore(a: StoreId, b: StoreId): boolean {
  return a.recordingId === b.recordingId && a.applicationId === b.applicationId && a.kind === b.kind;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
