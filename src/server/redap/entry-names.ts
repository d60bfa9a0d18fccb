import { RerunError } from "../../core/index.js";

const MAX_NAME_CHARS = 180;
const ALLOWED = /^[\p{L}\p{N}_\-.: [\]]$/u;

/** @throws RerunError `InvalidArgument` for a name that no entry can have */
export function checkEntryName(name: string, prefix = ""): void {
  const invalid = (why: string): RerunError => new RerunError("InvalidArgument", `${prefix}name '${name}' ${why}`);
  if (name === "") throw invalid("must not be empty");
  const characters = [...name];
  if (characters.length > MAX_NAME_CHARS) {
    throw invalid(`exceeds maximum length of ${MAX_NAME_CHARS} characters (got ${characters.length})`);
  }
  const wrong = characters.find((character) => !ALLOWED.test(character));
  if (wrong !== undefined) throw invalid(`contains invalid character '${wrong}'`);
}

/** The same for a new name of an entry. */
export function checkNewEntryName(name: string): void {
  checkEntryName(name, "invalid entry name: ");
}
