import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll } from "vitest";
import { ROOT, testPython, testRerun } from "../../scripts/paths.mjs";

/** Two folders for the recordings of both sides, which are removed when the tests of the file are done. */
export function twoSides(name: string): { readonly ours: string; readonly theirs: string } {
  const folder = mkdtempSync(join(tmpdir(), `rerun-ts-${name}-`));
  const sides = { ours: join(folder, "ours"), theirs: join(folder, "theirs") };
  mkdirSync(sides.ours);
  mkdirSync(sides.theirs);
  afterAll(() => rmSync(folder, { recursive: true }));
  return sides;
}

/** Writes a gzipped fixture as a file that other programs read. */
export function unpack(fixture: string, file: string): void {
  writeFileSync(file, gunzipSync(readFileSync(fixture)));
}

/**
 * What differs between the recordings `NAME.rrd` of two folders, bit for bit: ids, the values of `log_time` and the start time of the
 * recording are left out. By name, empty where all is equal. `NAME~` forgives 32-bit floats their last two bits. One Python process
 * for all of them.
 */
export function strictDifferences(theirs: string, ours: string, names: readonly string[]): Readonly<Record<string, string[]>> {
  const script = join(ROOT, "tests", "conformance", "tools", "compare_many.py");
  const differences = execFileSync(testPython(), [script, theirs, ours, ...names], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return JSON.parse(differences) as Record<string, string[]>;
}

/**
 * Has the real `rerun` compare two recordings, first with their chunks in order: that is more than is asked, and much faster for
 * thousands of chunks.
 *
 * @throws when they differ
 */
export function rerunCompare(theirs: string, ours: string): void {
  const compare = (options: readonly string[]): void => {
    execFileSync(testRerun(), ["rrd", "compare", "--ignore-chunks-without-components", ...options, theirs, ours], {
      stdio: "pipe",
    });
  };
  try {
    compare([]);
  } catch {
    compare(["--unordered"]);
  }
}

/** Has the real `rerun` verify a recording. @throws with what it says when it is not sound */
export function rerunVerify(file: string): void {
  execFileSync(testRerun(), ["rrd", "verify", file], { stdio: "pipe" });
}

/** What the real `rerun` prints of the chunks of a recording. */
export function rerunPrint(file: string): string {
  return execFileSync(testRerun(), ["rrd", "print", file], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
