import { RerunError } from "../../core/index.js";

/** How a number is stored. */
export type PlyType = "i8" | "u8" | "i16" | "u16" | "i32" | "u32" | "f32" | "f64";

/** A property of an element: one number, or a list of numbers with its length before it. */
export interface PlyProperty {
  readonly name: string;
  readonly type: PlyType;
  /** Of a list: how its length is stored. */
  readonly countType?: PlyType;
}

/** A table of a PLY file: `vertex`, `face`, … */
export interface PlyElement {
  readonly name: string;
  readonly count: number;
  readonly properties: readonly PlyProperty[];
}

export interface PlyHeader {
  readonly format: "ascii" | "binary_little_endian" | "binary_big_endian";
  /** In the order in which they lie in the file. */
  readonly elements: readonly PlyElement[];
  /** Where the first table begins, in bytes. */
  readonly bodyOffset: number;
  /** How many lines the header has. */
  readonly numLines: number;
}

/** Size in bytes of a number. */
export const PLY_SIZES: Readonly<Record<PlyType, number>> = { i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, f32: 4, f64: 8 };

const TYPES: Readonly<Record<string, PlyType>> = {
  char: "i8",
  int8: "i8",
  uchar: "u8",
  uint8: "u8",
  short: "i16",
  int16: "i16",
  ushort: "u16",
  uint16: "u16",
  int: "i32",
  int32: "i32",
  uint: "u32",
  uint32: "u32",
  float: "f32",
  float32: "f32",
  double: "f64",
  float64: "f64",
};
const FORMATS = ["ascii", "binary_little_endian", "binary_big_endian"] as const;
/** A header with more text than that is none. */
const MAX_HEADER_BYTES = 1 << 20;
const NEWLINE = 10;

/**
 * The header of a PLY file.
 *
 * @throws RerunError `CorruptFile` with the number of the line
 */
export function parsePlyHeader(bytes: Uint8Array): PlyHeader {
  let format: PlyHeader["format"] | undefined;
  const elements: { name: string; count: number; properties: PlyProperty[] }[] = [];
  let numLines = 0;
  for (const { text, end } of headerLines(bytes)) {
    numLines += 1;
    const words = text.trim().split(/\s+/);
    const fault = (expected: string): RerunError =>
      new RerunError("CorruptFile", `line ${numLines} of the PLY header: expected ${expected}, got "${text.slice(0, 80)}"`);
    if (numLines === 1) {
      if (text.trim() !== "ply") throw fault('"ply"');
      continue;
    }
    switch (words[0]) {
      case "comment":
      case "obj_info":
      case "":
        break;
      case "format":
        format = FORMATS.find((each) => each === words[1]);
        if (format === undefined) throw fault(`format ${FORMATS.join(", ")}`);
        break;
      case "element": {
        const count = Number(words[2]);
        if (words[1] === undefined || !Number.isSafeInteger(count) || count < 0) throw fault("element <name> <count>");
        elements.push({ name: words[1], count, properties: [] });
        break;
      }
      case "property": {
        const property = parseProperty(words);
        const element = elements[elements.length - 1];
        if (property === undefined || element === undefined)
          throw fault("property [list <type>] <type> <name>, after an element");
        element.properties.push(property);
        break;
      }
      case "end_header":
        if (format === undefined) throw new RerunError("CorruptFile", "the PLY header has no line with the format");
        return { format, elements, bodyOffset: end, numLines };
      default:
        throw fault("comment, element, end_header, format, obj_info or property");
    }
  }
  throw new RerunError("CorruptFile", "the PLY header has no end: expected a line end_header");
}

function parseProperty(words: readonly string[]): PlyProperty | undefined {
  const isList = words[1] === "list";
  const [type, name] = isList ? [TYPES[words[3] ?? ""], words[4]] : [TYPES[words[1] ?? ""], words[2]];
  if (type === undefined || name === undefined) return undefined;
  if (!isList) return { name, type };
  const countType = TYPES[words[2] ?? ""];
  return countType === undefined || countType === "f32" || countType === "f64" ? undefined : { name, type, countType };
}

function* headerLines(bytes: Uint8Array): Iterable<{ readonly text: string; readonly end: number }> {
  const decoder = new TextDecoder("latin1");
  const limit = Math.min(bytes.length, MAX_HEADER_BYTES);
  for (let start = 0; start < limit; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    if (end > MAX_HEADER_BYTES) return;
    yield { text: decoder.decode(bytes.subarray(start, end)), end: Math.min(end + 1, bytes.length) };
    start = end + 1;
  }
}
