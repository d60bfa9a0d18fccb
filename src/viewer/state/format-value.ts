import {
  type ArrayData,
  type DataType,
  describeComponent,
  formatBytes,
  formatNumber,
  groupDigits,
  isNumbers,
  type PlainValue,
  valueAt,
} from "../../core/index.js";
import type { ComponentCell } from "./view-query.js";

/** One instance as it is shown: text, perhaps with a colour swatch or in several lines. */
export interface ShownValue {
  readonly text: string;
  /** CSS colour. */
  readonly swatch?: string;
  readonly isMultiline?: boolean;
}

/** What tells most about an entity comes first. */
const FIRST_FIELDS: readonly string[] = [
  ...[
    "text",
    "level",
    "media_type",
    "scalars",
    "positions",
    "strips",
    "half_sizes",
    "vectors",
    "vertex_positions",
    "centers",
    "origins",
  ],
  ...[
    "format",
    "buffer",
    "blob",
    "translation",
    "quaternion",
    "image_from_camera",
    "resolution",
    "colors",
    "radii",
    "labels",
    "class_ids",
  ],
];

/** Order of components in a list: telling ones first, the others by name. */
export function compareFields(a: string, b: string): number {
  const rank = (component: string): number => {
    const at = FIRST_FIELDS.indexOf(component.slice(component.lastIndexOf(":") + 1));
    return at < 0 ? FIRST_FIELDS.length : at;
  };
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Number of instances in a cell. */
export function instancesOf(cell: ComponentCell): number {
  return cell.end - cell.start;
}

/** Instance `instance` of the cell as a user reads it; `digits` significant ones for each number of a vector. */
export function showInstance(cell: ComponentCell, instance: number, digits = 5): ShownValue {
  return showElement(cell.values, cell.start + instance, shortName(cell.descriptor.componentType), digits);
}

/** `Points3D:half_sizes` → `half sizes`. */
export function fieldLabel(component: string): string {
  return component.slice(component.lastIndexOf(":") + 1).replaceAll("_", " ");
}

/** `rerun.components.Color` → `Color`. */
export function shortName(fullName: string | undefined): string {
  return fullName === undefined ? "" : fullName.slice(fullName.lastIndexOf(".") + 1);
}

/** `950`, `20 k`, `1.2 M`. */
export function formatCount(count: number): string {
  if (count < 10_000) return groupDigits(count);
  const [size, unit] = count < 1e6 ? [count / 1e3, "k"] : count < 1e9 ? [count / 1e6, "M"] : [count / 1e9, "G"];
  return `${size < 10 ? size.toFixed(1).replace(/\.0$/, "") : Math.round(size)} ${unit}`;
}

function showElement(values: ArrayData, at: number, type: string, digits: number): ShownValue {
  const length = listLength(values, at);
  if (length !== undefined && isBytes(values.type)) return { text: formatBytes(length) };
  if (type === "AnnotationContext" && length !== undefined) return { text: `${length} ${length === 1 ? "class" : "classes"}` };
  if (length !== undefined && length > 8) return { text: `${groupDigits(length)} ${elementName(type)}` };
  const value = valueAt(values, at);
  if (value === null) return { text: "null" };
  if ((type === "Color" || type === "AlbedoFactor") && typeof value === "number") {
    const hex = `#${value.toString(16).padStart(8, "0")}`;
    return { text: hex, swatch: hex };
  }
  const description = describeComponent(type, value);
  if (description !== undefined) return { text: description };
  if (isNumbers(value) && value.length === 9) return { text: matrixText(value), isMultiline: true };
  const text = plainText(value, digits);
  return text.includes("\n") ? { text, isMultiline: true } : { text };
}

function listLength(values: ArrayData, at: number): number | undefined {
  const { kind } = values.type;
  if (kind !== "list" && kind !== "binary") return undefined;
  return (values.offsets?.[at + 1] ?? 0) - (values.offsets?.[at] ?? 0);
}

function isBytes(type: DataType): boolean {
  return type.kind === "binary" || (type.kind === "list" && type.item.type.kind === "int" && type.item.type.bits === 8);
}

function elementName(type: string): string {
  return type.startsWith("LineStrip") ? "points" : "values";
}

/** Matrices are stored by columns and shown by rows. */
function matrixText(columns: readonly number[]): string {
  const row = (at: number): string => [0, 3, 6].map((column) => formatNumber(columns[column + at] ?? 0, 5)).join("  ");
  return `${row(0)}\n${row(1)}\n${row(2)}`;
}

function plainText(value: PlainValue, digits: number): string {
  if (value === null) return "null";
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "bigint") return groupDigits(value);
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value instanceof Uint8Array) return formatBytes(value.length);
  if (isNumbers(value)) return value.map((number) => formatNumber(number, digits)).join(", ");
  if (Array.isArray(value)) return value.map((element) => plainText(element, digits)).join(", ");
  return Object.entries(value)
    .filter(([, member]) => member !== null)
    .map(([name, member]) => `${name.replaceAll("_", " ")}: ${plainText(member as PlainValue, digits)}`)
    .join(", ");
}
