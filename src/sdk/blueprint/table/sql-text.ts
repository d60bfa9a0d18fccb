import { describe, RerunError } from "../../../core/index.js";

/** A column's name in SQL. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in SQL. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A number in SQL, which has no literals for infinity and NaN. @throws RerunError `InvalidArgument` */
export function numberText(call: string, value: number | bigint): string {
  if (typeof value === "bigint" || Number.isFinite(value)) return String(value);
  if (typeof value !== "number") {
    throw new RerunError(
      "InvalidArgument",
      `${call}: expected a number, got ${describe(value)}; there are isTrue, before and str`,
    );
  }
  const name = Number.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
  return `CAST(${quotedText(name)} AS DOUBLE)`;
}

/** A time in SQL, in UTC. @throws RerunError `InvalidArgument` */
export function timestampText(call: string, time: Date): string {
  if (!(time instanceof Date) || Number.isNaN(time.getTime())) {
    throw new RerunError("InvalidArgument", `${call}: expected a Date, got ${describe(time)}`);
  }
  // Python writes microseconds, or no fraction at all.
  const text = time.toISOString().replace(/\.(\d{3})Z$/, (_, millis: string) => (millis === "000" ? "Z" : `.${millis}000Z`));
  return `TIMESTAMPTZ ${quotedText(text)}`;
}
