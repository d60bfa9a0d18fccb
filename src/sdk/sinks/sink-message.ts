import { planChunkIpc, writeChunkIpc } from "../../chunk/arrow.js";
import type { Chunk } from "../../chunk/index.js";
import type { StoreId } from "../../core/index.js";
import type { StoreMessage } from "./sink.js";

/** One message of a recording on its way to another thread, in the order of the recording. */
export type SinkMessage =
  /** A store begins. */
  | { readonly kind: "store"; readonly storeId: StoreId }
  | { readonly kind: "chunk"; readonly storeId: StoreId; readonly chunk: PackedChunk }
  /** All chunks of a blueprint are there. */
  | { readonly kind: "activation"; readonly storeId: StoreId; readonly makeActive: boolean; readonly makeDefault: boolean };

/** A chunk as bytes. */
export interface PackedChunk {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string;
  readonly isStatic: boolean;
  readonly numRows: number;
  /** Size in memory, as in `Chunk`. */
  readonly sizeBytes: number;
  /** The Arrow IPC stream, not compressed; at a multiple of 8 in a buffer that it shares with the other chunks of its pack. */
  readonly ipc: Uint8Array;
}

/** Messages that travel together: their bytes lie in one buffer. */
export interface SinkPack {
  readonly messages: readonly SinkMessage[];
  readonly buffer: ArrayBuffer;
}

/** Small chunks share a pack up to this size. */
const PACK_BYTES = 1 << 20;

/** Chunks of one store as packs, one at a time: every value is copied once, into its place. */
export function* packChunks(storeId: StoreId, chunks: readonly Chunk[]): Generator<SinkPack, void, undefined> {
  for (let start = 0; start < chunks.length; ) {
    let end = start;
    let size = 0;
    const plans = [];
    while (end < chunks.length && (size === 0 || size < PACK_BYTES)) {
      const plan = planChunkIpc(chunks[end] as Chunk);
      if (size > 0 && size + plan.numBytes > PACK_BYTES) break;
      plans.push({ plan, at: size });
      size += Math.ceil(plan.numBytes / 8) * 8;
      end++;
    }
    const bytes = new Uint8Array(size);
    const messages = plans.map(({ plan, at }): SinkMessage => {
      writeChunkIpc(plan, bytes, at);
      const { id, numRows, sizeBytes, timelines } = plan.chunk;
      const ipc = bytes.subarray(at, at + plan.numBytes);
      return { kind: "chunk", storeId, chunk: { id, isStatic: timelines.size === 0, numRows, sizeBytes, ipc } };
    });
    yield { messages, buffer: bytes.buffer };
    start = end;
  }
}

/** The beginning of a store. */
export function packStore(storeId: StoreId): SinkPack {
  return { messages: [{ kind: "store", storeId }], buffer: new ArrayBuffer(0) };
}

/** A store beside the recording: a blueprint and what shall become of it, or another recording. */
export function packStoreMessage({ storeId, chunks, makeActive, makeDefault }: StoreMessage): readonly SinkPack[] {
  const activation = { kind: "activation", storeId, makeActive, makeDefault } as const;
  const end = storeId.kind === "blueprint" ? [{ messages: [activation], buffer: new ArrayBuffer(0) }] : [];
  return [packStore(storeId), ...packChunks(storeId, chunks), ...end];
}
