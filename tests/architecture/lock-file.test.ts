import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";

interface LockEntry {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packages: Record<string, LockEntry> = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;

test("the lock file names no registry: npm asks the one it is set up for", () => {
  expect(Object.entries(packages).filter(([, entry]) => entry.resolved?.includes("://"))).toEqual([]);
});

// npm ci refuses a lock file that leaves out packages of other platforms. A registry that lacks them makes npm write such a one.
test("the lock file lists the optional packages of every platform", () => {
  const names = new Set(
    Object.keys(packages).map((path) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)),
  );
  const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  expect(optional.filter((name) => !names.has(name))).toEqual([]);
});
