/**
 * A chunk as it travels to the viewer: one block of bytes whose columns become zero-copy views in the browser.
 *
 * Layout, little-endian, offsets from the start of the block:
 * - u32 magic `RRC1`, u32 length of the header in bytes
 * - header: JSON that names the columns; a buffer is `[offset, length in bytes]`, `null` = absent
 * - the buffers, each at a multiple of 8
 *
 * Only what the rows refer to travels: a slice of a large list is written with its own items alone.
 */
import { type ArrayData, type DataType, RerunError, TUID_BYTES, type TypedArray, valuesPerElement } from "../core/index.js";
import { allocateValues, offsetsOf, spanOf, viewValues } from "./array-layout.js";
import { sliceArray } from "./array-ops.js";
import { checkArray } from "./check-array.js";
import type { Chunk } from "./chunk.js";
import { makeChunk } from "./make-chunk.js";
import {
  asArray,
  asCount,
  asRecord,
  asText,
  dataTypeFromJson,
  dataTypeToJson,
  descriptorFromJson,
  descriptorToJson,
  type JsonValue,
  oneOf,
} from "./wire-types.js";

const MAGIC = 0x31435252;
const PREFIX_BYTES = 8;
const ALIGNMENT = 8;

/** The chunk as one block of bytes, owned by the caller. Its start must stay 8-byte aligned for zero-copy reading. */
export function encodeChunk(chunk: Chunk): Uint8Array {
  const writer = new BufferList();
  const header: JsonValue = {
    id: chunk.id,
    path: chunk.entityPath,
    rowIds: writer.add(chunk.rowIds),
    timelines: [...chunk.timelines.values()].map(({ timeline, times }) => ({ ...timeline, times: writer.add(times) })),
    components: [...chunk.components.values()].map(({ descriptor, list }) => ({
      descriptor: descriptorToJson(descriptor),
      type: dataTypeToJson(list.type),
      array: arrayToJson(list, writer),
    })),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = align(PREFIX_BYTES + text.length);
  const block = new Uint8Array(start + writer.size);
  const view = new DataView(block.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, text.length, true);
  block.set(text, PREFIX_BYTES);
  writer.writeTo(block, start);
  return block;
}

/**
 * The chunk in `block`. Its columns are views of `block`, which must not change afterwards; a block that does not start at a
 * multiple of 8 is copied first.
 *
 * @throws RerunError `InvalidData` when the block is damaged
 */
export function decodeChunk(block: Uint8Array): Chunk {
  const bytes = block.byteOffset % ALIGNMENT === 0 ? block : block.slice();
  if (bytes.length < PREFIX_BYTES) throw damaged(`${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw damaged("no chunk at its start");
  const headerLength = view.getUint32(4, true);
  if (headerLength > bytes.length - PREFIX_BYTES) throw damaged(`a header of ${headerLength} bytes in ${bytes.length}`);
  const header = asRecord(parseJson(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + headerLength)), "chunk header");
  const reader = new BufferReader(bytes, align(PREFIX_BYTES + headerLength));
  return makeChunk({
    id: asText(header.id, "chunk id"),
    entityPath: asText(header.path, "entity path"),
    rowIds: reader.bytes(header.rowIds, TUID_BYTES),
    timelines: asArray(header.timelines, "timelines").map((json) => {
      const timeline = asRecord(json, "timeline");
      const name = asText(timeline.name, "timeline name");
      const type = oneOf(timeline.type, ["sequence", "duration", "timestamp"] as const);
      const times = reader.bytes(timeline.times, 8);
      return { timeline: { name, type }, times: viewValues(INT64_VALUES, times) as BigInt64Array };
    }),
    components: asArray(header.components, "components").map((json) => {
      const column = asRecord(json, "component");
      const list = arrayFromJson(dataTypeFromJson(column.type), column.array, reader);
      checkArray(list);
      return { descriptor: descriptorFromJson(column.descriptor), list };
    }),
  });
}

const INT64_VALUES: DataType = { kind: "int", bits: 64, signed: true };

type BufferRef = readonly [offset: number, length: number];

/** Buffers to be written one after the other, each aligned. */
class BufferList {
  readonly #buffers: { readonly buffer: TypedArray; readonly offset: number }[] = [];
  size = 0;

  add(buffer: TypedArray): BufferRef {
    const offset = this.size;
    this.#buffers.push({ buffer, offset });
    this.size = align(offset + buffer.byteLength);
    return [offset, buffer.byteLength];
  }

  writeTo(block: Uint8Array, start: number): void {
    for (const { buffer, offset } of this.#buffers) {
      block.set(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength), start + offset);
    }
  }
}

/** `[length, nullCount, validity, offsets, values, typeIds, children]` */
function arrayToJson(array: ArrayData, writer: BufferList): JsonValue {
  const { length, nullCount, validity, typeIds } = array;
  const { offsets, values, children } = compact(array);
  return [
    length,
    nullCount,
    validity === undefined ? null : writer.add(validity.subarray(0, (length + 7) >> 3)),
    offsets === undefined ? null : writer.add(offsets),
    values === undefined ? null : writer.add(values),
    typeIds === undefined ? null : writer.add(typeIds.subarray(0, length)),
    (children ?? []).map((child) => arrayToJson(child, writer)),
  ];
}

/** Buffers and children cut down to what the elements need; offsets count from 0. */
function compact(array: ArrayData): Pick<ArrayData, "offsets" | "values" | "children"> {
  const { type, length } = array;
  switch (type.kind) {
    case "null":
      return {};
    case "utf8":
    case "binary": {
      const span = spanOf(array, 0, length);
      return { offsets: rebased(array), values: (array.values as Uint8Array).subarray(span.start, span.start + span.length) };
    }
    case "list": {
      const span = spanOf(array, 0, length);
      return {
        offsets: rebased(array),
        children: (array.children ?? []).map((child) => sliceArray(child, span.start, span.length)),
      };
    }
    case "fixedSizeList":
      return { children: (array.children ?? []).map((child) => sliceArray(child, 0, length * type.size)) };
    case "struct":
      return { children: (array.children ?? []).map((child) => sliceArray(child, 0, length)) };
    case "union":
      return type.mode === "dense"
        ? { offsets: offsetsOf(array).subarray(0, length), ...(array.children && { children: array.children }) }
        : { children: (array.children ?? []).map((child) => sliceArray(child, 0, length)) };
    default: {
      const expected = allocateValues(type, 0);
      const count = type.kind === "bool" ? (length + 7) >> 3 : length * valuesPerElement(type);
      return { values: (array.values ?? expected).subarray(0, count) };
    }
  }
}

function rebased(array: ArrayData): Int32Array {
  const offsets = offsetsOf(array).subarray(0, array.length + 1);
  const first = offsets[0] ?? 0;
  if (offsets.length === 0) return new Int32Array(1);
  return first === 0 ? offsets : offsets.map((offset) => offset - first);
}

/** Gives the buffers that a header names, within bounds. */
class BufferReader {
  readonly #block: Uint8Array;
  readonly #start: number;

  constructor(block: Uint8Array, start: number) {
    this.#block = block;
    this.#start = start;
  }

  /** The named buffer, whose length must be a multiple of `width`. */
  bytes(json: unknown, width: number): Uint8Array {
    const ref = asArray(json, "buffer");
    const offset = asCount(ref[0], "buffer offset");
    const length = asCount(ref[1], "buffer length");
    const start = this.#start + offset;
    if (offset % ALIGNMENT !== 0 || length % width !== 0 || start + length > this.#block.length) {
      throw damaged(`a buffer of ${length} bytes at ${offset} in ${this.#block.length}`);
    }
    return this.#block.subarray(start, start + length);
  }
}

function arrayFromJson(type: DataType, json: unknown, reader: BufferReader): ArrayData {
  const [length, nullCount, validity, offsets, values, typeIds, children] = asArray(json, "array");
  const below = asArray(children, "children");
  const types = childTypes(type);
  if (below.length !== types.length) throw damaged(`${below.length} children of a ${type.kind}`);
  return {
    type,
    length: asCount(length, "array length"),
    nullCount: asCount(nullCount, "null count"),
    ...(validity !== null && { validity: reader.bytes(validity, 1) }),
    ...(offsets !== null && { offsets: viewValues(INT32_VALUES, reader.bytes(offsets, 4)) as Int32Array }),
    ...(values !== null && { values: readValues(type, values, reader) }),
    ...(typeIds !== null && { typeIds: viewValues(INT8_VALUES, reader.bytes(typeIds, 1)) as Int8Array }),
    ...(types.length > 0 && { children: below.map((child, i) => arrayFromJson(types[i] ?? type, child, reader)) }),
  };
}

const INT32_VALUES: DataType = { kind: "int", bits: 32, signed: true };
const INT8_VALUES: DataType = { kind: "int", bits: 8, signed: true };

function readValues(type: DataType, json: unknown, reader: BufferReader): TypedArray {
  return viewValues(type, reader.bytes(json, allocateValues(type, 0).BYTES_PER_ELEMENT));
}

function childTypes(type: DataType): readonly DataType[] {
  switch (type.kind) {
    case "list":
    case "fixedSizeList":
      return [type.item.type];
    case "struct":
    case "union":
      return type.fields.map((f) => f.type);
    default:
      return [];
  }
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new RerunError("InvalidData", "Damaged chunk body: its header is not JSON", { cause });
  }
}

function damaged(problem: string): RerunError {
  return new RerunError("InvalidData", `Damaged chunk body: ${problem}`);
}
