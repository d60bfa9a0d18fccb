import { type ArrayData, type TypedArray, valuesPerElement } from "../../core/index.js";
import { childOf, offsetsOf, typeIdsOf, valuesOf } from "../array-layout.js";
import { countUnsetBits, sliceBits } from "../bits.js";

/**
 * The buffers of a record batch in the order of the Arrow IPC format, as references into the arrays: nothing is copied until
 * the batch is written. Lists that refer to a part of their items contribute that part only.
 */
export class BatchPlan {
  /** Length and null count of every array, parents before children. */
  readonly nodes: number[] = [];
  /** Source of every buffer; `undefined` = absent. */
  readonly sources: (TypedArray | undefined)[] = [];
  /** Where the buffer begins in its source, and how long it is, in bytes. */
  readonly starts: number[] = [];
  readonly lengths: number[] = [];
  /** Size of all buffers, each padded to 8 bytes. */
  bodyBytes = 0;

  /** Adds elements `start … start + length - 1` of `array`. */
  add(array: ArrayData, start: number, length: number): void {
    const { type } = array;
    if (type.kind === "null") {
      this.nodes.push(length, length);
      return;
    }
    if (type.kind === "union") {
      this.#addUnion(array, start, length);
      return;
    }
    this.#addValidity(array, start, length);
    switch (type.kind) {
      case "bool":
        if (start === 0) this.buffer(valuesOf(array), 0, (length + 7) >> 3);
        else this.buffer(sliceBits(valuesOf(array) as Uint8Array, start, length), 0, (length + 7) >> 3);
        return;
      case "utf8":
      case "binary": {
        const offsets = offsetsOf(array);
        const first = offsets[start] as number;
        this.#addOffsets(offsets, first, start, length);
        this.buffer(valuesOf(array), first, (offsets[start + length] as number) - first);
        return;
      }
      case "list": {
        const offsets = offsetsOf(array);
        const first = offsets[start] as number;
        this.#addOffsets(offsets, first, start, length);
        this.add(childOf(array, 0), first, (offsets[start + length] as number) - first);
        return;
      }
      case "fixedSizeList":
        this.add(childOf(array, 0), start * type.size, length * type.size);
        return;
      case "struct":
        for (let i = 0; i < type.fields.length; i++) this.add(childOf(array, i), start, length);
        return;
      default: {
        const values = valuesOf(array);
        const width = values.BYTES_PER_ELEMENT * valuesPerElement(type);
        this.buffer(values, start * width, length * width);
      }
    }
  }

  /** Adds a buffer: `length` bytes of `source` from byte `start`. */
  buffer(source: TypedArray | undefined, start: number, length: number): void {
    this.sources.push(source);
    this.starts.push(start);
    this.lengths.push(length);
    this.bodyBytes += Math.ceil(length / 8) * 8;
  }

  #addUnion(array: ArrayData, start: number, length: number): void {
    if (array.type.kind !== "union") return;
    this.nodes.push(length, 0);
    this.buffer(typeIdsOf(array), start, length);
    if (array.type.mode === "dense") this.buffer(offsetsOf(array), 4 * start, 4 * length);
    for (let i = 0; i < array.type.fields.length; i++) {
      const child = childOf(array, i);
      if (array.type.mode === "dense") this.add(child, 0, child.length);
      else this.add(child, start, length);
    }
  }

  #addValidity(array: ArrayData, start: number, length: number): void {
    const { validity } = array;
    const isWhole = start === 0 && length === array.length;
    const nulls = validity === undefined ? 0 : isWhole ? array.nullCount : countUnsetBits(validity, start, length);
    this.nodes.push(length, nulls);
    if (validity === undefined || nulls === 0) this.buffer(undefined, 0, 0);
    else this.buffer(start === 0 ? validity : sliceBits(validity, start, length), 0, (length + 7) >> 3);
  }

  /** Offsets are written as if the items began at 0. */
  #addOffsets(offsets: Int32Array, first: number, start: number, length: number): void {
    if (first === 0) {
      this.buffer(offsets, 4 * start, 4 * (length + 1));
      return;
    }
    const shifted = new Int32Array(length + 1);
    for (let i = 0; i <= length; i++) shifted[i] = (offsets[start + i] as number) - first;
    this.buffer(shifted, 0, shifted.byteLength);
  }
}
