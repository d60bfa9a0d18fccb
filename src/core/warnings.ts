/** Something that went wrong without stopping the work. */
export interface Warning {
  /** Short and literal, for programs: `InvalidData`, `CorruptFile`, … */
  readonly code: string;
  /** What happened, what was expected and what came. */
  readonly message: string;
  /** What makes two warnings the same, where messages differ in values that do not matter. Default: the message. */
  readonly cause?: string;
}

/** Where warnings go. A function that is given one passes every warning to it. */
export type WarningReporter = (warning: Warning) => void;

const MAX_REMEMBERED = 10_000;
const seen = new Set<string>();

/**
 * Prints a warning to standard error, once for each code, message and place.
 *
 * @param place what tells two occurrences apart (a line of the user's program, an entity); none = the message alone
 */
export function warnOnce(warning: Warning, place = ""): void {
  const key = `${warning.code}\n${warning.cause ?? warning.message}\n${place}`;
  if (seen.has(key)) return;
  if (seen.size >= MAX_REMEMBERED) seen.clear();
  seen.add(key);
  printWarning(warning, place);
}

/** Forgets which warnings were printed. */
export function resetWarnings(): void {
  seen.clear();
}

/** Prints a warning to standard error, whatever was printed before. */
export function printWarning(warning: Warning, place = ""): void {
  console.warn(`rerun-ts warning: ${warning.message}${place === "" ? "" : ` (${place})`}`);
}
