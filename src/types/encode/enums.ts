import { describe } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { type Encoder, isListLike } from "./numbers.js";
import { BadInput } from "./problem.js";

/** Names of an enum with their numbers, in the order of the schema. */
export type EnumTable = Readonly<Record<string, number>>;

/** The number of an enum's name (any case) or number. @throws BadInput */
export function enumValue(table: EnumTable, value: unknown): number {
  if (typeof value === "string") {
    const exact = Object.hasOwn(table, value) ? table[value] : undefined;
    if (exact !== undefined) return exact;
    const wanted = value.toLowerCase();
    for (const name of Object.keys(table)) if (name.toLowerCase() === wanted) return table[name] as number;
  } else if (typeof value === "number") {
    for (const name of Object.keys(table)) if (table[name] === value) return value;
  }
  throw new BadInput(`expected one of ${Object.keys(table).join(", ")}, got ${describe(value)}`);
}

/** The name of an enum's number. */
export function enumName(table: EnumTable, value: number): string | undefined {
  return Object.keys(table).find((name) => table[name] === value);
}

/** Encoder of names or numbers of one enum. */
export function enumEncoder(table: EnumTable): Encoder {
  return (value: unknown): ComponentData =>
    isListLike(value) ? Array.from(value, (item) => enumValue(table, item)) : enumValue(table, value);
}
