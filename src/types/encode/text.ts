import { describe } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { BadInput, refuse } from "./problem.js";

const TEXT = "a text or a list of texts";
const BOOL = "true or false, or a list of them";

/** Texts. Numbers are written out, as Python does. @throws BadInput */
export function encodeTexts(value: unknown): ComponentData {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (!Array.isArray(value)) return refuse(TEXT, value);
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== "string") return value.map((item, index) => textOf(item, index));
  }
  return value as readonly string[];
}

function textOf(value: unknown, index: number): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  throw new BadInput(`expected ${TEXT}, got ${describe(value)} at index ${index}`);
}

/** Booleans; 0 and 1 count. @throws BadInput */
export function encodeBooleans(value: unknown): ComponentData {
  if (typeof value === "boolean") return value;
  if (value === 0 || value === 1) return value === 1;
  if (ArrayBuffer.isView(value)) return encodeBooleans(Array.from(value as Uint8Array));
  if (!Array.isArray(value)) return refuse(BOOL, value);
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== "boolean") return value.map((item, index) => booleanOf(item, index));
  }
  return value as readonly boolean[];
}

function booleanOf(value: unknown, index: number): boolean {
  if (typeof value === "boolean") return value;
  if (value === 0 || value === 1) return value === 1;
  throw new BadInput(`expected ${BOOL}, got ${describe(value)} at index ${index}`);
}
