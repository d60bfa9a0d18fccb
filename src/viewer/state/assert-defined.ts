import { RerunError } from "../../core/index.js";

/** `value`, of which the program knows that it is there. @throws RerunError `InvalidData` naming what is missing */
export function assertDefined<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RerunError("InvalidData", `Expected ${what}`);
  return value;
}
