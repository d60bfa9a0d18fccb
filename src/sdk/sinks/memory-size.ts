import { totalmem } from "node:os";
import { describe, RerunError } from "../../core/index.js";

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * An amount of memory in bytes.
 *
 * @param size bytes, or a text such as `"4GiB"`, `"500MB"`, or `"50%"` of this machine's memory
 * @throws RerunError `InvalidArgument`
 */
export function memorySizeBytes(size: number | string): number {
  if (typeof size === "number" && size >= 0) return size;
  const match = typeof size === "string" ? /^\s*(\d+(?:\.\d+)?)\s*(%|[a-z]*)\s*$/i.exec(size) : null;
  const [, amount, unit = ""] = match ?? [];
  const factor = unit === "%" ? totalmem() / 100 : UNITS[unit.toLowerCase()];
  if (amount === undefined || factor === undefined) {
    throw new RerunError("InvalidArgument", `expected an amount of memory such as "4GiB" or "50%", got ${describe(size)}`);
  }
  return Math.floor(Number(amount) * factor);
}
