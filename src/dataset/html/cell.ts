import { sliceArray } from "../../chunk/index.js";
import {
  type ArrayData,
  type DataType,
  describeComponent,
  type Field,
  formatBytes,
  formatDate,
  formatDuration,
  formatTimeOfDay,
  groupDigits,
  isValidAt,
  type PlainValue,
  valueAt,
} from "../../core/index.js";
import { type CellFormat, formatDecimal, MAX_INSTANCES, MAX_ITEMS } from "./cell-format.js";
import { encodedImage, rawImage } from "./preview.js";

/** Longer values are cut here; a pointer that rests on them shows more. */
const MAX_TEXT = 120;
const MAX_TITLE = 2000;
const MAX_SWATCHES = 8;
const MAX_DEPTH = 4;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

/**
 * The one element of an array as HTML; `undefined` = null.
 *
 * @param other another column of the same row, by name
 */
export function renderCell(
  field: Field,
  array: ArrayData,
  format: CellFormat,
  other: (name: string) => ArrayData | undefined,
): string | undefined {
  if (array.length === 0 || array.type.kind === "null" || !isValidAt(array, 0)) return undefined;
  if (array.type.kind !== "list") return inner(array, 0, format);
  const first = array.offsets?.[0] ?? 0;
  const count = (array.offsets?.[1] ?? first) - first;
  const items = array.children?.[0];
  if (items === undefined || count === 0) return "[]";
  return picture(field, items, first, count, other) ?? instances(items, first, count, format);
}

function instances(items: ArrayData, first: number, count: number, format: CellFormat): string {
  if (format.component === "Color") return colors(items, first, count);
  const shown = Math.min(count, items.type.kind === "utf8" || isNested(items.type) ? 1 : MAX_INSTANCES);
  const parts = Array.from({ length: shown }, (_, i) => inner(items, first + i, format));
  return parts.join(", ") + more(count - shown);
}

function more(count: number): string {
  return count > 0 ? ` <span class="more">… ${groupDigits(count)} more</span>` : "";
}

function isNested(type: DataType): boolean {
  return type.kind === "fixedSizeList" || type.kind === "list" || type.kind === "struct" || type.kind === "union";
}

/** What the cell pictures, when it is an image of a known kind. */
function picture(
  field: Field,
  items: ArrayData,
  first: number,
  count: number,
  other: (name: string) => ArrayData | undefined,
): string | undefined {
  const bytes = count === 1 ? bytesOf(items, first) : items.type.kind === "int" ? numbersOf(items, first, count) : undefined;
  if (bytes === undefined) return undefined;
  const name = field.name.endsWith(":buffer") ? `${field.name.slice(0, -":buffer".length)}:format` : undefined;
  const format = name === undefined ? undefined : other(name);
  const cell = format === undefined || format.type.kind !== "list" ? undefined : valueAt(format, 0);
  const url = encodedImage(bytes) ?? (Array.isArray(cell) ? rawImage(bytes, cell[0] ?? null) : undefined);
  return url === undefined
    ? blobText(bytes)
    : `<img alt="${formatBytes(bytes.length)}" title="${formatBytes(bytes.length)}" src="${url}">`;
}

/** The bytes of an instance that is bytes: binary, or a list of them. */
function bytesOf(items: ArrayData, index: number): Uint8Array | undefined {
  if (!isValidAt(items, index)) return undefined;
  const child = items.children?.[0];
  if (items.type.kind === "binary" && items.values instanceof Uint8Array) {
    return items.values.subarray(items.offsets?.[index], items.offsets?.[index + 1]);
  }
  if (items.type.kind !== "list" || child?.type.kind !== "int" || !(child.values instanceof Uint8Array)) return undefined;
  return child.values.subarray(items.offsets?.[index], items.offsets?.[index + 1]);
}

function numbersOf(items: ArrayData, first: number, count: number): Uint8Array | undefined {
  return count > MAX_INSTANCES && items.values instanceof Uint8Array ? items.values.subarray(first, first + count) : undefined;
}

function blobText(bytes: Uint8Array): string {
  const start = Array.from(bytes.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `${formatBytes(bytes.length)} <code class="more">${start}${bytes.length > 6 ? " …" : ""}</code>`;
}

/** One colour with its number, several as patches. */
function colors(items: ArrayData, first: number, count: number): string {
  const shown = Math.min(count, MAX_SWATCHES);
  const parts = Array.from({ length: shown }, (_, i) => {
    const value = valueAt(items, first + i);
    if (typeof value !== "number") return "null";
    const hex = `#${(value >>> 0).toString(16).padStart(8, "0")}`;
    return `<span class="swatch" title="${hex}" style="background:${hex}"></span>${count === 1 ? hex : ""}`;
  });
  return parts.join("") + more(count - shown);
}

/** Element `index` as HTML, at most `MAX_TEXT` letters of text. */
function inner(array: ArrayData, index: number, format: CellFormat): string {
  const { type } = array;
  if (type.kind === "binary" || type.kind === "fixedSizeBinary") {
    const value = valueAt(array, index);
    return value instanceof Uint8Array ? blobText(value) : "null";
  }
  const nanos = timestampAt(array, index, format);
  if (nanos !== undefined) {
    return `<span class="more">${formatDate(nanos)}</span> ${formatTimeOfDay(nanos, format.groups)}`;
  }
  const text = write(sliceArray(array, index, 1), 0, 0, format);
  if (text.length <= MAX_TEXT) return escapeHtml(text);
  const title = text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE)}…` : text;
  return `<span title="${escapeHtml(title)}">${escapeHtml(text.slice(0, MAX_TEXT))}…</span>`;
}

/** The nanoseconds of a time, when it is one: of an index, or a component. */
function timestampAt(array: ArrayData, index: number, { component }: CellFormat): bigint | undefined {
  const { type } = array;
  const isTime =
    (type.kind === "timestamp" && type.unit === "ns") || (type.kind === "int" && type.bits === 64 && component === "Timestamp");
  return isTime && isValidAt(array, index) ? BigInt(array.values?.[index] ?? 0) : undefined;
}

function write(array: ArrayData, index: number, depth: number, format: CellFormat): string {
  const { type } = array;
  if (type.kind === "null" || !isValidAt(array, index)) return "null";
  const nanos = timestampAt(array, index, format);
  if (nanos !== undefined) return `${formatDate(nanos)} ${formatTimeOfDay(nanos, format.groups)}`;
  if (type.kind === "duration" && type.unit === "ns") return formatDuration(BigInt(array.values?.[index] ?? 0), format.groups);
  const description =
    depth === 0 && format.component !== "" ? describeComponent(format.component, valueAt(array, index)) : undefined;
  if (description !== undefined) return description;
  if (depth >= MAX_DEPTH) return "…";
  if (type.kind === "list" || type.kind === "fixedSizeList") return writeList(array, type, index, depth, format);
  if (type.kind === "struct") {
    const parts = type.fields.map(({ name }, i) => {
      const child = array.children?.[i];
      return `${name}: ${child === undefined ? "null" : write(child, index, depth + 1, format)}`;
    });
    return `{ ${parts.join(", ")} }`;
  }
  return dateOrTimeText(array, index) ?? plain(valueAt(array, index), format);
}

/** Dates and times of day in any unit. */
function dateOrTimeText({ type, values }: ArrayData, index: number): string | undefined {
  if (type.kind !== "date" && type.kind !== "time") return undefined;
  const nanos = BigInt(values?.[index] ?? 0) * NANOS_PER_UNIT[type.unit];
  return type.kind === "date" ? formatDate(nanos) : formatTimeOfDay(nanos);
}

const NANOS_PER_UNIT = { day: 86_400_000_000_000n, s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n } as const;

function writeList(
  array: ArrayData,
  type: Extract<DataType, { kind: "list" | "fixedSizeList" }>,
  index: number,
  depth: number,
  format: CellFormat,
): string {
  const child = array.children?.[0];
  const [start, end] =
    type.kind === "list"
      ? [array.offsets?.[index] ?? 0, array.offsets?.[index + 1] ?? 0]
      : [index * type.size, (index + 1) * type.size];
  if (child === undefined) return "[]";
  const shown = Math.min(end - start, MAX_ITEMS);
  const parts = Array.from({ length: shown }, (_, i) => write(child, start + i, depth + 1, format));
  return `[${parts.join(", ")}${end - start > shown ? `, … ${groupDigits(end - start - shown)} more` : ""}]`;
}

function plain(value: PlainValue, format: CellFormat): string {
  if (typeof value === "number")
    return Number.isInteger(value) && format.decimals === 0 ? groupDigits(value) : formatDecimal(value, format.decimals);
  if (typeof value === "bigint") return groupDigits(value);
  if (value instanceof Uint8Array) return formatBytes(value.length);
  if (Array.isArray(value)) {
    const parts = value.slice(0, MAX_ITEMS).map((item) => plain(item, format));
    return `[${parts.join(", ")}${value.length > MAX_ITEMS ? ", …" : ""}]`;
  }
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${name}: ${plain(each as PlainValue, format)}`)
      .join(", ")} }`;
  }
  return String(value);
}
