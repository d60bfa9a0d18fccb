/** Bytes of each kind of number, and how it is written. */
const NUMBERS = {
  char: [1, "setInt8"],
  uchar: [1, "setUint8"],
  short: [2, "setInt16"],
  ushort: [2, "setUint16"],
  int: [4, "setInt32"],
  uint: [4, "setUint32"],
  float: [4, "setFloat32"],
  double: [8, "setFloat64"],
} as const;

export type PlyFormat = "ascii" | "binary_little_endian" | "binary_big_endian";

/** A table: its name, `type name` of each property (`list type type name` of lists), and its rows. */
export interface PlyRows {
  readonly element: string;
  readonly properties: readonly string[];
  readonly rows: readonly (readonly (number | readonly number[])[])[];
}

/** A PLY file of these tables. */
export function makePly(format: PlyFormat, tables: readonly PlyRows[]): Uint8Array {
  const header = ["ply", `format ${format} 1.0`, "comment made for a test"];
  for (const { element, properties, rows } of tables) {
    header.push(`element ${element} ${rows.length}`, ...properties.map((property) => `property ${property}`));
  }
  const text = new TextEncoder().encode(`${header.join("\n")}\nend_header\n`);
  const body = format === "ascii" ? asciiBody(tables) : binaryBody(tables, format === "binary_little_endian");
  const bytes = new Uint8Array(text.length + body.length);
  bytes.set(text);
  bytes.set(body, text.length);
  return bytes;
}

function asciiBody(tables: readonly PlyRows[]): Uint8Array {
  const words = (value: number | readonly number[]): string =>
    typeof value === "number" ? String(value) : [value.length, ...value].join(" ");
  const lines = tables.flatMap(({ rows }) => rows.map((row) => `${row.map(words).join(" ")}\n`));
  return new TextEncoder().encode(lines.join(""));
}

function binaryBody(tables: readonly PlyRows[], isLittle: boolean): Uint8Array {
  const bytes: number[] = [];
  const put = (type: string, value: number): void => {
    const [size, set] = NUMBERS[type as keyof typeof NUMBERS];
    const view = new DataView(new ArrayBuffer(size));
    view[set](0, value, isLittle);
    for (let i = 0; i < size; i++) bytes.push(view.getUint8(i));
  };
  for (const { properties, rows } of tables) {
    for (const row of rows) {
      row.forEach((value, i) => {
        const words = (properties[i] ?? "").split(" ");
        if (typeof value === "number") {
          put(words[0] ?? "", value);
        } else {
          put(words[1] ?? "", value.length);
          for (const each of value) put(words[2] ?? "", each);
        }
      });
    }
  }
  return Uint8Array.from(bytes);
}
