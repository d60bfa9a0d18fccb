/** Puts arrays together from runs of elements of several others. Columns of any type, without an object per element. */
import { type ArrayData, type DataType, RerunError, type TypedArray, valuesPerElement } from "../core/index.js";
import { allocateValues, childOf, nullArray, offsetsOf, typeIdsOf, valuesOf } from "./array-layout.js";
import { copyBits, countUnsetBits, setBits } from "./bits.js";

/** Runs below this length are copied element by element: making a view costs more. */
const SHORT_RUN = 24;

/**
 * Which elements make an array: `lengths[i]` elements of source `sources[i]` from element `starts[i]` on, run after run.
 * Source -1 stands for nulls, which only lists and texts can take. Grows; a run that continues the one before it becomes part of it.
 */
export class Runs {
  sources: Int32Array;
  starts: Int32Array;
  lengths: Int32Array;
  /** Number of runs. */
  count = 0;
  /** Number of elements. */
  total = 0;

  constructor(capacity = 16) {
    this.sources = new Int32Array(capacity);
    this.starts = new Int32Array(capacity);
    this.lengths = new Int32Array(capacity);
  }

  /** Adds `length` elements of `source` from `start` on. */
  add(source: number, start: number, length: number): void {
    this.total += length;
    const last = this.count - 1;
    if (last >= 0 && this.sources[last] === source && (source < 0 || this.starts[last]! + this.lengths[last]! === start)) {
      this.lengths[last] = this.lengths[last]! + length;
      return;
    }
    if (this.count === this.sources.length) this.#grow();
    this.sources[this.count] = source;
    this.starts[this.count] = start;
    this.lengths[this.count] = length;
    this.count += 1;
  }

  #grow(): void {
    const capacity = 2 * this.count + 16;
    for (const name of ["sources", "starts", "lengths"] as const) {
      const larger = new Int32Array(capacity);
      larger.set(this[name]);
      this[name] = larger;
    }
  }
}

/**
 * The elements of `runs` as one array of type `type`, which is that of all sources. Copies: the result holds nothing else.
 *
 * @throws RerunError `LimitExceeded` when a list or text would need offsets beyond 2^31 - 1
 */
export function gatherArray(type: DataType, sources: readonly ArrayData[], runs: Runs): ArrayData {
  const length = runs.total;
  if (length === 0) return nullArray(type, 0);
  if (type.kind === "null") return { type, length, nullCount: length };
  if (type.kind === "union") return gatherUnion(type, sources, runs);
  const base = { type, length, ...gatherValidity(sources, runs) };
  switch (type.kind) {
    case "bool":
      return { ...base, values: gatherBits(sources, runs) };
    case "utf8":
    case "binary": {
      const { offsets, items } = gatherOffsets(sources, runs);
      const values = new Uint8Array(items.total);
      copyElements(values, sources.map(bytesOf), items, 1);
      return { ...base, offsets, values };
    }
    case "list": {
      const { offsets, items } = gatherOffsets(sources, runs);
      return { ...base, offsets, children: [gatherArray(type.item.type, childrenOf(sources, 0), items)] };
    }
    case "fixedSizeList":
      return { ...base, children: [gatherArray(type.item.type, childrenOf(sources, 0), widened(runs, type.size))] };
    case "struct":
      return { ...base, children: type.fields.map((f, i) => gatherArray(f.type, childrenOf(sources, i), runs)) };
    default:
      return { ...base, values: gatherValues(type, sources, runs) };
  }
}

function childrenOf(sources: readonly ArrayData[], index: number): ArrayData[] {
  return sources.map((source) => childOf(source, index));
}

function bytesOf(array: ArrayData): Uint8Array {
  return valuesOf(array) as Uint8Array;
}

function gatherValidity(sources: readonly ArrayData[], runs: Runs): { nullCount: number; validity?: Uint8Array } {
  let mayHaveNulls = sources.some((source) => source.validity !== undefined);
  for (let i = 0; i < runs.count && !mayHaveNulls; i++) mayHaveNulls = runs.sources[i]! < 0;
  if (!mayHaveNulls) return { nullCount: 0 };
  const validity = new Uint8Array((runs.total + 7) >> 3);
  for (let i = 0, at = 0; i < runs.count; i++) {
    const length = runs.lengths[i]!;
    const bits = runs.sources[i]! < 0 ? undefined : sources[runs.sources[i]!]!.validity;
    if (bits !== undefined) copyBits(bits, runs.starts[i]!, validity, at, length);
    else if (runs.sources[i]! >= 0) setBits(validity, at, length);
    at += length;
  }
  const nullCount = countUnsetBits(validity, 0, runs.total);
  return nullCount === 0 ? { nullCount } : { nullCount, validity };
}

function gatherBits(sources: readonly ArrayData[], runs: Runs): Uint8Array {
  const bits = new Uint8Array((runs.total + 7) >> 3);
  for (let i = 0, at = 0; i < runs.count; i++) {
    copyBits(bytesOf(sources[runs.sources[i]!]!), runs.starts[i]!, bits, at, runs.lengths[i]!);
    at += runs.lengths[i]!;
  }
  return bits;
}

/** The new offsets, and the runs of items (bytes, for text) that they refer to. */
function gatherOffsets(sources: readonly ArrayData[], runs: Runs): { offsets: Int32Array; items: Runs } {
  const offsets = new Int32Array(runs.total + 1);
  const items = new Runs(runs.count);
  let end = 0;
  for (let i = 0, at = 1; i < runs.count; i++) {
    const length = runs.lengths[i]!;
    if (runs.sources[i]! < 0) {
      offsets.fill(end, at, at + length);
      at += length;
      continue;
    }
    const from = offsetsOf(sources[runs.sources[i]!]!);
    const start = runs.starts[i]!;
    const first = from[start]!;
    const shift = end - first;
    for (let k = 1; k <= length; k++) offsets[at++] = from[start + k]! + shift;
    const numItems = from[start + length]! - first;
    if (numItems > 0) items.add(runs.sources[i]!, first, numItems);
    end += numItems;
    if (end > 0x7fffffff) throw new RerunError("LimitExceeded", `A column has more than 2147483647 items: ${end}`);
  }
  return { offsets, items };
}

function widened(runs: Runs, width: number): Runs {
  const wide = new Runs(runs.count);
  for (let i = 0; i < runs.count; i++) wide.add(runs.sources[i]!, runs.starts[i]! * width, runs.lengths[i]! * width);
  return wide;
}

/** Values are copied as words of at most 4 bytes: bigints would be made and thrown away, and floats may lose their NaN's bits. */
function gatherValues(type: DataType, sources: readonly ArrayData[], runs: Runs): TypedArray {
  const width = valuesPerElement(type);
  const values = allocateValues(type, runs.total);
  const { words, width: unit } = asWords(values);
  copyElements(words, sources.map((source) => asWords(valuesOf(source)).words) as Uint8Array[], runs, width * unit);
  return values;
}

function asWords(values: TypedArray): { words: Uint8Array | Int32Array | Uint16Array; width: number } {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = values;
  if (BYTES_PER_ELEMENT === 1) return { words: new Uint8Array(buffer, byteOffset, byteLength), width: 1 };
  if (BYTES_PER_ELEMENT === 2) return { words: new Uint16Array(buffer, byteOffset, byteLength / 2), width: 1 };
  return { words: new Int32Array(buffer, byteOffset, byteLength / 4), width: BYTES_PER_ELEMENT / 4 };
}

function copyElements<T extends Uint8Array | Int32Array | Uint16Array>(
  target: T,
  sources: readonly T[],
  runs: Runs,
  width: number,
): void {
  let at = 0;
  for (let i = 0; i < runs.count; i++) {
    const source = sources[runs.sources[i]!]!;
    const start = runs.starts[i]! * width;
    const length = runs.lengths[i]! * width;
    if (length < SHORT_RUN) for (let k = 0; k < length; k++) target[at + k] = source[start + k]!;
    else target.set(source.subarray(start, start + length), at);
    at += length;
  }
}

type UnionType = Extract<DataType, { kind: "union" }>;

function gatherUnion(type: UnionType, sources: readonly ArrayData[], runs: Runs): ArrayData {
  const length = runs.total;
  const typeIds = new Int8Array(length);
  copyElements(new Uint8Array(typeIds.buffer), sources.map(idBytes), runs, 1);
  if (type.mode === "sparse") {
    const children = type.fields.map((f, i) => gatherArray(f.type, childrenOf(sources, i), runs));
    return { type, length, nullCount: 0, typeIds, children };
  }
  const offsets = new Int32Array(length);
  const branches = type.fields.map(() => new Runs());
  for (let i = 0, at = 0; i < runs.count; i++) {
    const source = runs.sources[i]!;
    const from = offsetsOf(sources[source]!);
    for (let k = 0; k < runs.lengths[i]!; k++, at++) {
      const branch = branches[type.typeIds.indexOf(typeIds[at]!)];
      if (branch === undefined) throw new RerunError("InvalidData", `A union has no branch with type id ${typeIds[at]}`);
      offsets[at] = branch.total;
      branch.add(source, from[runs.starts[i]! + k]!, 1);
    }
  }
  const children = type.fields.map((f, i) => gatherArray(f.type, childrenOf(sources, i), branches[i]!));
  return { type, length, nullCount: 0, typeIds, offsets, children };
}

function idBytes(array: ArrayData): Uint8Array {
  const ids = typeIdsOf(array);
  return new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);
}
