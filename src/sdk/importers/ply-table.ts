import { RerunError } from "../../core/index.js";
import { PLY_SIZES, type PlyElement, type PlyHeader, type PlyProperty, type PlyType } from "./ply-header.js";

/** The wanted columns of a table. */
export interface PlyTable {
  /** Properties of one number: a value for each row. */
  readonly numbers: ReadonlyMap<string, PlyColumn>;
  /** Properties that are lists: the numbers of each row. */
  readonly lists: ReadonlyMap<string, readonly (readonly number[])[]>;
}

export interface PlyColumn {
  readonly type: PlyType;
  readonly values: Float64Array;
}

/** Numbers of rows, one after the other. */
interface Reader {
  /** @throws RerunError `CorruptFile` unless a row begins here */
  beginRow(): void;
  /** @throws RerunError `CorruptFile` */
  next(type: PlyType): number;
}

/**
 * Reads the columns `wanted` of the table `name`; of properties with one name the first counts.
 *
 * @throws RerunError `CorruptFile` when the file has no such table, or ends before the table does
 */
export function readPlyTable(bytes: Uint8Array, header: PlyHeader, name: string, wanted: ReadonlySet<string>): PlyTable {
  const index = header.elements.findIndex((element) => element.name === name);
  const element = header.elements[index];
  if (element === undefined) {
    const names = header.elements.map((each) => `"${each.name}"`).join(", ");
    throw new RerunError("CorruptFile", `expected the element "${name}" in the PLY file, got ${names === "" ? "none" : names}`);
  }
  const before = header.elements.slice(0, index);
  if (header.format === "ascii") {
    const reader = new TextReader(bytes, header);
    for (const each of before) skipRows(reader, each);
    checkFits(bytes, header, element, 2);
    return readRows(reader, element, wanted);
  }
  const reader = new BinaryReader(bytes, header);
  for (const each of before) {
    const size = rowSize(each);
    if (size !== undefined) reader.skip(each, size);
    else skipRows(reader, each);
  }
  const size = rowSize(element);
  if (size !== undefined) return readColumns(reader, element, size, wanted);
  checkFits(bytes, header, element, 1);
  return readRows(reader, element, wanted);
}

/** Bytes of a row without lists. */
function rowSize({ properties }: PlyElement): number | undefined {
  let size = 0;
  for (const { type, countType } of properties) {
    if (countType !== undefined) return undefined;
    size += PLY_SIZES[type];
  }
  return size;
}

/** A row takes so many bytes at least: no file can make us allocate for more rows than it has room for. */
function checkFits(bytes: Uint8Array, { bodyOffset }: PlyHeader, { name, count }: PlyElement, minRowBytes: number): void {
  const room = Math.ceil((bytes.length - bodyOffset + 1) / minRowBytes);
  if (count > room) throw ended(name, count, `room for ${room}`);
}

function ended(element: string, count: number, got: string): RerunError {
  return new RerunError("CorruptFile", `the PLY file ends too early: expected ${count} rows of "${element}", got ${got}`);
}

function skipRows(reader: Reader, { count, properties }: PlyElement): void {
  if (properties.length === 0) return;
  for (let row = 0; row < count; row++) {
    reader.beginRow();
    for (const property of properties) readProperty(reader, property);
  }
}

/** The number, or the list; a list is read into `list`. */
function readProperty(reader: Reader, { type, countType }: PlyProperty, list?: number[]): number {
  if (countType === undefined) return reader.next(type);
  const length = reader.next(countType);
  for (let i = 0; i < length; i++) {
    const value = reader.next(type);
    list?.push(value);
  }
  return length;
}

function readRows(reader: Reader, { count, properties }: PlyElement, wanted: ReadonlySet<string>): PlyTable {
  const { numbers, lists, targets } = allocate(properties, count, wanted);
  for (let row = 0; row < count; row++) {
    reader.beginRow();
    for (let i = 0; i < properties.length; i++) {
      const property = properties[i] as PlyProperty;
      const target = targets[i];
      if (target instanceof Float64Array) {
        target[row] = readProperty(reader, property);
      } else {
        const list: number[] | undefined = target === undefined ? undefined : [];
        readProperty(reader, property, list);
        if (list !== undefined) target?.push(list);
      }
    }
  }
  return { numbers, lists };
}

type Target = Float64Array | number[][] | undefined;

function allocate(
  properties: readonly PlyProperty[],
  count: number,
  wanted: ReadonlySet<string>,
): PlyTable & { readonly targets: readonly Target[] } {
  const numbers = new Map<string, PlyColumn>();
  const lists = new Map<string, number[][]>();
  const targets = properties.map(({ name, type, countType }): Target => {
    if (!wanted.has(name) || numbers.has(name) || lists.has(name)) return undefined;
    if (countType !== undefined) {
      const rows: number[][] = [];
      lists.set(name, rows);
      return rows;
    }
    const values = new Float64Array(count);
    numbers.set(name, { type, values });
    return values;
  });
  return { numbers, lists, targets };
}

/** Rows of one size: column by column, without a call for each number. */
function readColumns(reader: BinaryReader, element: PlyElement, size: number, wanted: ReadonlySet<string>): PlyTable {
  const start = reader.skip(element, size);
  const { numbers, lists, targets } = allocate(element.properties, element.count, wanted);
  let offset = start;
  for (const [i, { type }] of element.properties.entries()) {
    const target = targets[i];
    if (target instanceof Float64Array) reader.column(type, offset, size, target);
    offset += PLY_SIZES[type];
  }
  return { numbers, lists };
}

class BinaryReader implements Reader {
  readonly #view: DataView;
  readonly #isLittle: boolean;
  #at: number;

  constructor(bytes: Uint8Array, header: PlyHeader) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isLittle = header.format === "binary_little_endian";
    this.#at = header.bodyOffset;
  }

  beginRow(): void {
    if (this.#at >= this.#view.byteLength) throw new RerunError("CorruptFile", "the PLY file ends before its last row");
  }

  next(type: PlyType): number {
    const at = this.#at;
    this.#at = at + PLY_SIZES[type];
    if (this.#at > this.#view.byteLength) throw new RerunError("CorruptFile", "the PLY file ends within a row");
    return this.#number(type, at);
  }

  /** Passes over rows of that size. @returns where they begin */
  skip({ name, count }: PlyElement, size: number): number {
    const start = this.#at;
    const room = size === 0 ? count : Math.floor((this.#view.byteLength - start) / size);
    if (count > room) throw ended(name, count, String(room));
    this.#at = start + count * size;
    return start;
  }

  column(type: PlyType, offset: number, stride: number, target: Float64Array): void {
    for (let row = 0, at = offset; row < target.length; row++, at += stride) target[row] = this.#number(type, at);
  }

  #number(type: PlyType, at: number): number {
    switch (type) {
      case "i8":
        return this.#view.getInt8(at);
      case "u8":
        return this.#view.getUint8(at);
      case "i16":
        return this.#view.getInt16(at, this.#isLittle);
      case "u16":
        return this.#view.getUint16(at, this.#isLittle);
      case "i32":
        return this.#view.getInt32(at, this.#isLittle);
      case "u32":
        return this.#view.getUint32(at, this.#isLittle);
      case "f32":
        return this.#view.getFloat32(at, this.#isLittle);
      case "f64":
        return this.#view.getFloat64(at, this.#isLittle);
    }
  }
}

const NEWLINE = 10;
const SPACE = 32;
const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  "-nan": Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};

/** One line for each row; empty lines do not count. */
class TextReader implements Reader {
  readonly #text: Buffer;
  #at: number;
  #lineEnd: number;
  #line: number;

  constructor(bytes: Uint8Array, header: PlyHeader) {
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = header.bodyOffset;
    this.#lineEnd = header.bodyOffset - 1;
    this.#line = header.numLines;
  }

  beginRow(): void {
    do {
      this.#at = this.#lineEnd + 1;
      if (this.#at >= this.#text.length)
        throw new RerunError("CorruptFile", `the PLY file ends before its last row, at line ${this.#line}`);
      const newline = this.#text.indexOf(NEWLINE, this.#at);
      this.#lineEnd = newline < 0 ? this.#text.length : newline;
      this.#line += 1;
      this.#skipBlanks();
    } while (this.#at >= this.#lineEnd);
  }

  next(type: PlyType): number {
    this.#skipBlanks();
    const start = this.#at;
    let end = start;
    while (end < this.#lineEnd && (this.#text[end] as number) > SPACE) end++;
    this.#at = end;
    const word = this.#text.toString("latin1", start, Math.min(end, start + 400));
    const value = word === "" ? Number.NaN : Number(word);
    if (!Number.isNaN(value)) return value;
    const special = SPECIAL[word.toLowerCase()];
    if (special !== undefined && (type === "f32" || type === "f64")) return special;
    const got = word === "" ? "the end of the line" : `"${word.slice(0, 40)}"`;
    throw new RerunError("CorruptFile", `line ${this.#line} of the PLY file: expected a number, got ${got}`);
  }

  #skipBlanks(): void {
    while (this.#at < this.#lineEnd && (this.#text[this.#at] as number) <= SPACE) this.#at++;
  }
}
