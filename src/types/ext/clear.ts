import { RerunError } from "../../core/index.js";
import type { ClearFields } from "../gen/fields.js";

/** Options of `Clear`. */
export interface ClearOptions {
  /** Whether all entities below are cleared as well. */
  readonly recursive: boolean;
}

/** @throws RerunError `InvalidArgument` when `recursive` is not given */
export function clearFields(options: ClearOptions): ClearFields {
  if (typeof options?.recursive !== "boolean") throw new RerunError("InvalidArgument", "Clear.recursive: expected true or false");
  return { isRecursive: options.recursive };
}
