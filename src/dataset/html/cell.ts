import { sliceArray } from "../../chunk/index.js";
import { type ArrayData, type DataType, type Field, isValidAt, type PlainValue, valueAt } from "../../core/index.js";
import { formatBytes, formatCount, formatDuration, formatNumber, formatTimestamp } from "./format.js";
import { encodedImage, rawImage } from "./preview.js";

/** Longer values are cut here. */
const MAX_TEXT = 120;
/** So many instances of a cell are written out. */
const MAX_INSTANCES = 3;
const MAX_ITEMS = 8;
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
export function renderCell(field: Field, array: ArrayData, other: (name: string) => ArrayData | undefined): string | undefined {
  if (array.length === 0 || array.type.kind === "null" || !isValidAt(array, 0)) return undefined;
  if (array.type.kind !== "list") return inner(array, 0);
  const first = array.offsets?.[0] ?? 0;
  const count = (array.offsets?.[1] ?? first) - first;
  const items = array.children?.[0];
  if (items === undefined || count === 0) return '<span class="more">empty</span>';
  return picture(field, items, first, count, other) ?? instances(field, items, first, count);
}

function instances(field: Field, items: ArrayData, first: number, count: number): string {
  const isColor = field.metadata?.get("rerun:component_type") === "rerun.components.Color";
  const shown = Math.min(count, items.type.kind === "utf8" ? 1 : isNested(items.type) ? 1 : MAX_INSTANCES);
  const parts = Array.from({ length: shown }, (_, i) => (isColor ? color(valueAt(items, first + i)) : inner(items, first + i)));
  const more = count > shown ? ` <span class="more">… ${formatCount(count - shown)} more</span>` : "";
  return parts.join(", ") + more;
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
  const text = blobText(bytes);
  return url === undefined ? text : `<img alt="${text}" title="${formatBytes(bytes.length)}" src="${url}">`;
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
  return `${formatBytes(bytes.length)} <code>${start}${bytes.length > 6 ? " …" : ""}</code>`;
}

function color(value: PlainValue): string {
  if (typeof value !== "number") return "null";
  const hex = (value >>> 0).toString(16).padStart(8, "0");
  return `<span class="swatch" style="background:#${hex}"></span>#${hex}`;
}

/** Element `index` as escaped text. */
function inner(array: ArrayData, index: number): string {
  if (array.type.kind === "binary" || array.type.kind === "fixedSizeBinary") {
    const value = valueAt(array, index);
    return value instanceof Uint8Array ? blobText(value) : "null";
  }
  const text = write(sliceArray(array, index, 1), 0, 0);
  return escapeHtml(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
}

function write(array: ArrayData, index: number, depth: number): string {
  const { type } = array;
  if (type.kind === "null" || !isValidAt(array, index)) return "null";
  if (type.kind === "timestamp" && type.unit === "ns") return formatTimestamp(BigInt(array.values?.[index] ?? 0));
  if (type.kind === "duration" && type.unit === "ns") return formatDuration(BigInt(array.values?.[index] ?? 0));
  if (depth >= MAX_DEPTH) return "…";
  if (type.kind === "list" || type.kind === "fixedSizeList") {
    const child = array.children?.[0];
    const [start, end] =
      type.kind === "list"
        ? [array.offsets?.[index] ?? 0, array.offsets?.[index + 1] ?? 0]
        : [index * type.size, (index + 1) * type.size];
    if (child === undefined) return "[]";
    const shown = Math.min(end - start, MAX_ITEMS);
    const parts = Array.from({ length: shown }, (_, i) => write(child, start + i, depth + 1));
    return `[${parts.join(", ")}${end - start > shown ? `, … ${formatCount(end - start - shown)} more` : ""}]`;
  }
  if (type.kind === "struct") {
    const parts = type.fields.map(({ name }, i) => {
      const child = array.children?.[i];
      return `${name}: ${child === undefined ? "null" : write(child, index, depth + 1)}`;
    });
    return `{ ${parts.join(", ")} }`;
  }
  return plain(valueAt(array, index));
}

function plain(value: PlainValue): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "bigint") return formatCount(value).replace(/^-/, "−");
  if (value instanceof Uint8Array) return formatBytes(value.length);
  if (Array.isArray(value)) return `[${value.slice(0, MAX_ITEMS).map(plain).join(", ")}${value.length > MAX_ITEMS ? ", …" : ""}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${name}: ${plain(each as PlainValue)}`)
      .join(", ")} }`;
  }
  return String(value);
}
