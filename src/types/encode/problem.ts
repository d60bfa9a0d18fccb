import { describe, isStrict, RerunError, warnOnce } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { callSite } from "./call-site.js";

/** Data of a field that was given but holds nothing: what "cleared" is, and what lenient mode makes of bad input. */
export const EMPTY: ComponentData = Object.freeze([]) as readonly number[];

/** Input that cannot be stored. Its message says what was expected and what came; the argument's name is put before it. */
export class BadInput extends RerunError {
  constructor(message: string) {
    super("InvalidArgument", message);
  }
}

/** @throws BadInput */
export function refuse(expected: string, value: unknown): never {
  throw new BadInput(`expected ${expected}, got ${describe(value)}`);
}

/**
 * Throws in strict mode, warns otherwise: once for each cause and line of the user's program.
 *
 * @param place the argument, `Points3D.colors`, or the archetype
 * @throws RerunError `InvalidArgument` in strict mode
 */
export function reportProblem(place: string, message: string, cause?: unknown): void {
  const text = `${place}: ${message}`;
  if (isStrict()) throw new RerunError("InvalidArgument", text, cause === undefined ? undefined : { cause });
  // What came is not part of the cause: a loop over bad values warns once, not once for each value.
  const [expectation = text] = text.split(", got ");
  const site = callSite(expectation);
  if (site !== undefined) warnOnce({ code: "InvalidArgument", message: text, cause: `${expectation}\n${site}` });
}

/** What a field holds when `error` came of its input: nothing. Errors other than bad input are passed on. */
export function emptyAfter(error: unknown, place: string): ComponentData {
  if (!(error instanceof BadInput)) throw error;
  reportProblem(place, `${error.message}. The field is left empty`);
  return EMPTY;
}
