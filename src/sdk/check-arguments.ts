import { describe, RerunError } from "../core/index.js";

/** @throws RerunError `InvalidArgument` unless `path` is a text that can name a file */
export function checkFilePath(call: string, path: unknown): void {
  if (typeof path === "string" && path !== "") return;
  const got = path === "" ? "an empty one" : describe(path);
  throw new RerunError("InvalidArgument", `${call}: path: expected the path of a file, got ${got}`);
}

/**
 * The items of a list that a call was given.
 *
 * @param place the call and its argument
 * @param item what the list is of
 * @throws RerunError `InvalidArgument` when it is no list
 */
export function listOf<T>(place: string, item: string, value: Iterable<T>): T[] {
  const given: unknown = value;
  if (typeof given === "object" && given !== null && Symbol.iterator in given) return [...value];
  throw new RerunError("InvalidArgument", `${place}: expected a list of ${item}, got ${describe(given)}`);
}
