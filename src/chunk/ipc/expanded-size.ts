import { RerunError } from "../../core/index.js";

/** What values may grow to that stand once and are used many times (dictionaries, views), when every element gets its own copy. */
export const MAX_EXPANDED_BYTES: number = 1 << 30;

export function tooLarge(bytes: number): RerunError {
  return new RerunError("LimitExceeded", `An Arrow array would need ${bytes} bytes, at most ${MAX_EXPANDED_BYTES} are allowed`);
}
