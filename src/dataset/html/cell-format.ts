import { type ArrayData, type Field, fractionGroups, groupDigits, halfToNumber, isValidAt, MINUS } from "../../core/index.js";

/** So many instances of a cell, and so many items of a list in it (a matrix of 3 × 3), are written out. */
export const MAX_INSTANCES = 3;
export const MAX_ITEMS = 9;

/** How the cells of one column are written: alike, so that digits stand below digits. */
export interface CellFormat {
  /** Short name of the component's type, `""` for other columns: `Color`. */
  readonly component: string;
  /** Of floats. */
  readonly decimals: number;
  /** Groups of three digits that fractions of seconds have. */
  readonly groups: number;
}

/** Significant digits of the largest number in a column; the others have as many decimals. */
const DIGITS = 5;
const VECTOR_DIGITS = 4;

/** @param cells those that are shown, each an array of one element */
export function cellFormat(field: Field, cells: readonly ArrayData[]): CellFormat {
  const componentType = field.metadata?.get("rerun:component_type") ?? "";
  const component = componentType.slice(componentType.lastIndexOf(".") + 1);
  const seen: Seen = { needed: 0, largest: 0, groups: 0, isVector: false, isTime: component === "Timestamp" };
  for (const cell of cells) look(cell, 0, MAX_INSTANCES, seen);
  const digits = seen.isVector ? VECTOR_DIGITS : DIGITS;
  const most = Math.max(2, digits - 1 - Math.floor(Math.log10(seen.largest || 1)));
  return { component, decimals: Math.min(seen.needed, most), groups: seen.groups };
}

/** A float with so many decimals; very small ones keep their digits. */
export function formatDecimal(value: number, decimals: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value).replace("-", MINUS).replace("Infinity", "∞");
  if (size >= 1e15 || (size !== 0 && size < 0.5 * 10 ** -decimals)) {
    return value
      .toExponential(3)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e")
      .replaceAll("-", MINUS);
  }
  const [whole = "0", fraction] = size.toFixed(decimals).split(".");
  return `${value < 0 ? MINUS : ""}${groupDigits(whole)}${fraction === undefined ? "" : `.${fraction}`}`;
}

interface Seen {
  /** Decimals that some number has. */
  needed: number;
  largest: number;
  groups: number;
  isVector: boolean;
  readonly isTime: boolean;
}

/** Looks at the numbers that will be written. */
function look(array: ArrayData, start: number, count: number, seen: Seen): void {
  const { type, values, children } = array;
  for (let i = start; i < Math.min(array.length, start + count); i++) {
    if (!isValidAt(array, i)) continue;
    if (type.kind === "list" && children?.[0] !== undefined) {
      const [first, end] = [array.offsets?.[i] ?? 0, array.offsets?.[i + 1] ?? 0];
      look(children[0], first, Math.min(end - first, MAX_ITEMS), seen);
    } else if (type.kind === "fixedSizeList" && children?.[0] !== undefined) {
      seen.isVector = true;
      look(children[0], i * type.size, Math.min(type.size, MAX_ITEMS), seen);
    } else if (type.kind === "struct") {
      for (const child of children ?? []) look(child, i, 1, seen);
    } else if (type.kind === "float") {
      const raw = Number(values?.[i] ?? 0);
      see(type.bits === 16 ? halfToNumber(raw) : raw, seen);
    } else if (((type.kind === "timestamp" || type.kind === "duration") && type.unit === "ns") || seen.isTime) {
      seen.groups = Math.max(seen.groups, fractionGroups(BigInt(values?.[i] ?? 0)));
    }
  }
}

function see(value: number, seen: Seen): void {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size >= 1e15 || size < 1e-4) return;
  seen.largest = Math.max(seen.largest, size);
  // Numbers of 32 bits have about seven digits.
  const [, decimals = ""] = String(Number(value.toPrecision(7))).split(".");
  seen.needed = Math.max(seen.needed, decimals.length);
}
