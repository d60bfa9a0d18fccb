import { RerunError } from "../../core/index.js";

/** An object is another one than when it was registered: what is known of its chunks is not true of it. */
export function changedObject(object: string, was: string, is: string | undefined): RerunError {
  const versions = is === undefined ? printVersion(was) : `${printVersion(was)}, and now ${printVersion(is)}`;
  return new RerunError(
    "FailedPrecondition",
    `The file of a segment was changed since it was registered: it was of ${versions}. Register it again: ${object}`,
  );
}

/** Versions of files are times in nanoseconds, those of object stores are ETags. */
function printVersion(version: string): string {
  return /^\d+$/.test(version) ? new Date(Number(BigInt(version) / 1_000_000n)).toISOString() : `version ${version}`;
}
