import type { ArrayData, TypedArray } from "../core/index.js";
import { type DataType, dataTypeKey, sameDataType } from "../core/index.js";
import type { ComponentData } from "../types/index.js";
import { arraySizeBytes } from "./array-layout.js";
import { concatArrays, concatPieces } from "./array-ops.js";
import { grown, grownCapacity, type TypedArrayClass, trimmed, typedArrayClass } from "./typed-buffer.js";

/** Grows the instances of one component from what `log()` is given. Each value is copied once, into its place. */
export interface InstanceBuffer {
  /** Number of instances so far. */
  readonly length: number;
  /** Bytes taken so far. */
  readonly sizeBytes: number;
  /** Why `data` cannot be appended, with what was expected and what came; `undefined` when it can. */
  problem(data: ComponentData): string | undefined;
  /** Copies `data`, which has no `problem`, behind the instances so far. */
  append(data: ComponentData): void;
  /** All instances. The buffer is empty afterwards and can be used again. */
  finish(): ArrayData;
}

/** The fastest buffer for instances of `type`. */
export function instanceBuffer(type: DataType): InstanceBuffer {
  const leaf = leafOf(type);
  const valuesClass = typedArrayClass(leaf.type);
  if (valuesClass !== undefined) return new FixedWidthBuffer(type, leaf.type, valuesClass, leaf.width);
  if (type.kind === "utf8") return new TextBuffer(type);
  if (type.kind === "bool") return new BoolBuffer(type);
  return new GeneralBuffer(type);
}

/** Whether `data` is an `ArrayData` (and neither a value, a list nor a typed array). */
export function isArrayData(data: ComponentData): data is ArrayData {
  return typeof data === "object" && !Array.isArray(data) && !ArrayBuffer.isView(data);
}

function leafOf(type: DataType): { readonly type: DataType; readonly width: number } {
  let width = 1;
  let leaf = type;
  while (leaf.kind === "fixedSizeList") {
    width *= leaf.size;
    leaf = leaf.item.type;
  }
  return { type: leaf, width };
}

function mismatch(type: DataType, came: string): string {
  return `expected values of ${dataTypeKey(type)}, got ${came}`;
}

function nameOf(data: ComponentData): string {
  if (typeof data !== "object") return `a ${typeof data}`;
  if (Array.isArray(data)) return `a list of ${data.length}`;
  if (ArrayBuffer.isView(data)) return `${data.constructor.name} of ${data.length}`;
  const { type } = data as ArrayData;
  return type === undefined ? "an object" : `an array of ${dataTypeKey(type)}`;
}

/** Copying element by element beats `set` up to about this many elements (measured: 9 elements 20 ns against 60 ns). */
const LOOP_LIMIT = 48;
/** Room kept for the next filling after `finish`: as much as this one took, but not for big ones. */
const MAX_HINT_BYTES = 1 << 18;

class FixedWidthBuffer implements InstanceBuffer {
  readonly #type: DataType;
  readonly #leaf: DataType;
  readonly #class: TypedArrayClass;
  readonly #width: number;
  readonly #isBig: boolean;
  readonly #isHalf: boolean;
  #values: TypedArray;
  #used = 0;
  #hint = 16;
  /** Takes over when an instance is null. */
  #general: GeneralBuffer | undefined;

  constructor(type: DataType, leaf: DataType, valuesClass: TypedArrayClass, width: number) {
    this.#type = type;
    this.#leaf = leaf;
    this.#class = valuesClass;
    this.#width = width;
    this.#isHalf = leaf.kind === "float" && leaf.bits === 16;
    this.#isBig = valuesClass === BigInt64Array || valuesClass === BigUint64Array;
    this.#values = new valuesClass(0);
  }

  get length(): number {
    return this.#general === undefined ? this.#used / this.#width : this.#general.length;
  }

  get sizeBytes(): number {
    return this.#general === undefined ? this.#used * this.#values.BYTES_PER_ELEMENT : this.#general.sizeBytes;
  }

  problem(data: ComponentData): string | undefined {
    if (typeof data === "number") {
      if (this.#width !== 1 || this.#isHalf) return mismatch(this.#type, `the number ${data}`);
      return this.#isBig && !Number.isSafeInteger(data) ? mismatch(this.#type, `the number ${data}`) : undefined;
    }
    if (ArrayBuffer.isView(data)) {
      const view = data as TypedArray;
      // The common case: what is stored, as it is stored.
      if (view.constructor === this.#class && view.length % this.#width === 0) return undefined;
      return this.#viewProblem(view);
    }
    if (Array.isArray(data)) {
      const isWhole = data.length % this.#width === 0;
      if (isWhole && (data.length === 0 || this.#accepts(data[0]))) return undefined;
      return mismatch(this.#type, nameOf(data));
    }
    if (typeof data === "bigint")
      return this.#width === 1 && this.#isBig ? undefined : mismatch(this.#type, `the bigint ${data}n`);
    if (isArrayData(data) && data.type !== undefined && sameDataType(data.type, this.#type)) return undefined;
    return mismatch(this.#type, nameOf(data));
  }

  #viewProblem(data: TypedArray): string | undefined {
    const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
    if (isBig !== this.#isBig || (this.#isHalf && !(data instanceof Uint16Array))) return mismatch(this.#type, nameOf(data));
    return data.length % this.#width === 0 ? undefined : mismatch(this.#type, nameOf(data));
  }

  #accepts(element: unknown): boolean {
    if (this.#isBig) return typeof element === "bigint" || Number.isSafeInteger(element);
    return typeof element === "number" && !this.#isHalf;
  }

  append(data: ComponentData): void {
    if (this.#general !== undefined) {
      this.#appendGeneral(data);
    } else if (typeof data === "number") {
      const used = this.#used;
      this.#room(used + 1);
      this.#values[used] = (this.#isBig ? BigInt(data) : data) as never;
      this.#used = used + 1;
    } else if (ArrayBuffer.isView(data)) {
      this.#appendView(data as TypedArray);
    } else if (Array.isArray(data)) {
      this.#appendList(data as readonly number[]);
    } else if (typeof data === "bigint") {
      this.#room(this.#used + 1);
      this.#values[this.#used++] = data as never;
    } else {
      this.#appendArray(data as ArrayData);
    }
  }

  #appendView(data: TypedArray): void {
    const { length } = data;
    const used = this.#used;
    this.#room(used + length);
    const values = this.#values;
    if (length <= LOOP_LIMIT) for (let i = 0; i < length; i++) values[used + i] = data[i] as never;
    else values.set(data as never, used);
    this.#used = used + length;
  }

  #appendList(data: readonly number[]): void {
    const { length } = data;
    const used = this.#used;
    this.#room(used + length);
    const values = this.#values;
    if (this.#isBig) for (let i = 0; i < length; i++) values[used + i] = BigInt(data[i]!) as never;
    else for (let i = 0; i < length; i++) values[used + i] = data[i]! as never;
    this.#used = used + length;
  }

  #appendArray(array: ArrayData): void {
    let level = array;
    let count = array.length;
    let hasNulls = level.nullCount > 0;
    while (level.type.kind === "fixedSizeList") {
      count *= level.type.size;
      level = level.children?.[0] as ArrayData;
      hasNulls ||= level.nullCount > 0;
    }
    if (hasNulls) this.#appendGeneral(array);
    else this.#appendView((level.values as TypedArray).subarray(0, count));
  }

  #appendGeneral(data: ComponentData): void {
    if (this.#general === undefined) {
      const general = new GeneralBuffer(this.#type);
      general.append(this.finish());
      this.#general = general;
    }
    if (isArrayData(data)) {
      this.#general.append(data);
    } else {
      const flat = new FixedWidthBuffer(this.#type, this.#leaf, this.#class, this.#width);
      flat.append(data);
      this.#general.append(flat.finish());
    }
  }

  finish(): ArrayData {
    if (this.#general !== undefined) {
      const array = this.#general.finish();
      this.#general = undefined;
      return array;
    }
    const array = wrap(this.#type, this.#used, trimmed(this.#values, this.#used));
    this.#hint = this.sizeBytes <= MAX_HINT_BYTES ? Math.max(16, this.#used + (this.#used >> 2)) : 16;
    this.#values = new this.#class(0);
    this.#used = 0;
    return array;
  }

  #room(needed: number): void {
    const { length, BYTES_PER_ELEMENT } = this.#values;
    if (needed <= length) return;
    this.#values = grown(this.#values, this.#used, grownCapacity(length, needed, BYTES_PER_ELEMENT, this.#hint));
  }
}

/** Scalars `values` as the innermost level of a (nested) fixed-size list. */
function wrap(type: DataType, count: number, values: TypedArray): ArrayData {
  if (type.kind !== "fixedSizeList") return { type, length: count, nullCount: 0, values };
  const child = wrap(type.item.type, count, values);
  return { type, length: type.size === 0 ? 0 : child.length / type.size, nullCount: 0, children: [child] };
}

const encoder = new TextEncoder();

class TextBuffer implements InstanceBuffer {
  readonly #type: DataType;
  #bytes = new Uint8Array(0);
  #offsets = new Int32Array(1);
  #length = 0;
  #general: GeneralBuffer | undefined;

  constructor(type: DataType) {
    this.#type = type;
  }

  get length(): number {
    return this.#general?.length ?? this.#length;
  }

  get sizeBytes(): number {
    return this.#general?.sizeBytes ?? this.#offsets[this.#length]! + 4 * this.#length;
  }

  problem(data: ComponentData): string | undefined {
    if (typeof data === "string") return undefined;
    if (Array.isArray(data))
      return data.every((text) => typeof text === "string") ? undefined : mismatch(this.#type, nameOf(data));
    if (isArrayData(data) && data.type !== undefined && sameDataType(data.type, this.#type)) return undefined;
    return mismatch(this.#type, nameOf(data));
  }

  append(data: ComponentData): void {
    if (this.#general !== undefined || isArrayData(data)) this.#appendGeneral(data);
    else if (typeof data === "string") this.#appendText(data);
    else for (const text of data as readonly string[]) this.#appendText(text);
  }

  #appendText(text: string): void {
    const used = this.#offsets[this.#length]!;
    // One UTF-16 unit takes at most three bytes.
    const needed = used + text.length * 3;
    if (needed > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, used, grownCapacity(this.#bytes.length, needed, 1, 64));
    }
    if (this.#length + 2 > this.#offsets.length) {
      this.#offsets = grown(this.#offsets, this.#length + 1, grownCapacity(this.#offsets.length, this.#length + 2, 4, 16));
    }
    this.#offsets[this.#length + 1] = used + encoder.encodeInto(text, this.#bytes.subarray(used)).written;
    this.#length += 1;
  }

  #appendGeneral(data: ComponentData): void {
    if (this.#general === undefined) {
      const general = new GeneralBuffer(this.#type);
      general.append(this.finish());
      this.#general = general;
    }
    if (isArrayData(data)) {
      this.#general.append(data);
    } else {
      const flat = new TextBuffer(this.#type);
      flat.append(data);
      this.#general.append(flat.finish());
    }
  }

  finish(): ArrayData {
    if (this.#general !== undefined) {
      const array = this.#general.finish();
      this.#general = undefined;
      return array;
    }
    const length = this.#length;
    const values = trimmed(this.#bytes, this.#offsets[length]!);
    const array: ArrayData = { type: this.#type, length, nullCount: 0, offsets: trimmed(this.#offsets, length + 1), values };
    this.#bytes = new Uint8Array(0);
    this.#offsets = new Int32Array(1);
    this.#length = 0;
    return array;
  }
}

/** Booleans, kept as an array of their own kind: they come one at a time. */
class BoolBuffer implements InstanceBuffer {
  readonly #type: DataType;
  readonly #general: GeneralBuffer;

  constructor(type: DataType) {
    this.#type = type;
    this.#general = new GeneralBuffer(type);
  }

  get length(): number {
    return this.#general.length;
  }

  get sizeBytes(): number {
    return this.#general.sizeBytes;
  }

  problem(data: ComponentData): string | undefined {
    if (typeof data === "boolean") return undefined;
    if (Array.isArray(data))
      return data.every((bit) => typeof bit === "boolean") ? undefined : mismatch(this.#type, nameOf(data));
    return this.#general.problem(data);
  }

  append(data: ComponentData): void {
    if (isArrayData(data)) {
      this.#general.append(data);
      return;
    }
    const bits = typeof data === "boolean" ? [data] : (data as readonly boolean[]);
    const values = new Uint8Array((bits.length + 7) >> 3);
    for (let i = 0; i < bits.length; i++) if (bits[i]) values[i >> 3]! |= 1 << (i & 7);
    this.#general.append({ type: this.#type, length: bits.length, nullCount: 0, values });
  }

  finish(): ArrayData {
    return this.#general.finish();
  }
}

/** Instances of any type, given as Arrow arrays: copied one by one, joined at the end. */
class GeneralBuffer implements InstanceBuffer {
  readonly #type: DataType;
  #pieces: ArrayData[] = [];
  length = 0;
  sizeBytes = 0;

  constructor(type: DataType) {
    this.#type = type;
  }

  problem(data: ComponentData): string | undefined {
    if (isArrayData(data) && data.type !== undefined && sameDataType(data.type, this.#type)) return undefined;
    return Array.isArray(data) && data.length === 0 ? undefined : mismatch(this.#type, nameOf(data));
  }

  append(data: ComponentData): void {
    if (!isArrayData(data) || data.length === 0) return;
    this.#pieces.push(concatPieces(this.#type, [{ array: data, start: 0, length: data.length }]));
    this.length += data.length;
    this.sizeBytes += arraySizeBytes(data);
  }

  finish(): ArrayData {
    const array = concatArrays(this.#type, this.#pieces);
    this.#pieces = [];
    this.length = 0;
    this.sizeBytes = 0;
    return array;
  }
}
