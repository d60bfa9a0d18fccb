import type { TypedArray } from "../../core/index.js";
import { CONTINUATION, MESSAGE_RECORD_BATCH, METADATA_V5 } from "./arrow-ids.js";
import type { BatchPlan } from "./batch-plan.js";

const TWO_32 = 4294967296;
/** Fixed part of the batch's flatbuffer: tables and vtables, before the two vectors of structs. */
const HEAD_BYTES = 76;
const PREFIX_BYTES = 8;
const END_OF_STREAM_BYTES = 8;

/** Size of the record batch message and the end-of-stream marker for a plan. */
export function batchBytes(plan: BatchPlan): number {
  return PREFIX_BYTES + flatbufferBytes(plan) + plan.bodyBytes + END_OF_STREAM_BYTES;
}

function flatbufferBytes(plan: BatchPlan): number {
  return HEAD_BYTES + 4 + 8 * plan.nodes.length + 8 + 16 * plan.sources.length;
}

/**
 * Writes the record batch message and the end-of-stream marker at `at` (a multiple of 8) into zeroed bytes.
 *
 * The flatbuffer's layout never changes but for the lengths of its two vectors, so it is written without a builder:
 * 16 Message, 40 the RecordBatch's vtable, 56 RecordBatch, 76 vector of nodes, then vector of buffers.
 */
export function writeBatch(plan: BatchPlan, numRows: number, out: Uint8Array, view: DataView, at: number): void {
  const metadataBytes = flatbufferBytes(plan);
  view.setUint32(at, CONTINUATION, true);
  view.setInt32(at + 4, metadataBytes, true);
  const base = at + PREFIX_BYTES;
  view.setUint32(base, 16, true);
  // Message: vtable of 4 slots (version, header type, header, body length) and its table of 20 bytes.
  view.setUint16(base + 4, 12, true);
  view.setUint16(base + 6, 20, true);
  view.setUint16(base + 8, 16, true);
  view.setUint16(base + 10, 18, true);
  view.setUint16(base + 12, 4, true);
  view.setUint16(base + 14, 8, true);
  view.setInt32(base + 16, 12, true);
  view.setUint32(base + 20, 36, true);
  setInt64(view, base + 24, plan.bodyBytes);
  view.setInt16(base + 32, METADATA_V5, true);
  view.setUint8(base + 34, MESSAGE_RECORD_BATCH);
  // RecordBatch: vtable of 3 slots (length, nodes, buffers) and its table of 20 bytes.
  view.setUint16(base + 40, 10, true);
  view.setUint16(base + 42, 20, true);
  view.setUint16(base + 44, 8, true);
  view.setUint16(base + 46, 4, true);
  view.setUint16(base + 48, 16, true);
  view.setInt32(base + 56, 16, true);
  view.setUint32(base + 60, HEAD_BYTES - 60, true);
  setInt64(view, base + 64, numRows);
  const { nodes, sources, starts, lengths } = plan;
  const buffersAt = HEAD_BYTES + 4 + 8 * nodes.length;
  view.setUint32(base + 72, buffersAt - 72, true);
  view.setUint32(base + HEAD_BYTES, nodes.length / 2, true);
  for (let i = 0; i < nodes.length; i++) setInt64(view, base + HEAD_BYTES + 4 + 8 * i, nodes[i]!);
  view.setUint32(base + buffersAt, sources.length, true);
  const body = base + metadataBytes;
  let offset = 0;
  for (let i = 0; i < sources.length; i++) {
    const length = lengths[i]!;
    const entry = base + buffersAt + 4 + 16 * i;
    setInt64(view, entry, offset);
    setInt64(view, entry + 8, length);
    const source = sources[i];
    if (length > 0 && source !== undefined) copyBytes(source, starts[i]!, length, out, body + offset);
    offset += Math.ceil(length / 8) * 8;
  }
  view.setUint32(body + offset, CONTINUATION, true);
}

/** Small copies are done byte by byte: making a view costs more than they do (measured below about 24 bytes). */
function copyBytes(source: TypedArray, start: number, length: number, out: Uint8Array, at: number): void {
  if (source instanceof Uint8Array) {
    if (length <= 24) for (let i = 0; i < length; i++) out[at + i] = source[start + i]!;
    else out.set(start === 0 && length === source.length ? source : source.subarray(start, start + length), at);
    return;
  }
  out.set(new Uint8Array(source.buffer, source.byteOffset + start, length), at);
}

function setInt64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  if (value >= TWO_32) view.setUint32(at + 4, value / TWO_32, true);
}
