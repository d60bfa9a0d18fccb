/** Every name of Python's `rerun.blueprint` is here in camelCase, with the arguments of its constructor; what is not is listed with a reason. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import { exportedNames } from "../support/constructor-options.js";

interface PythonName {
  readonly arguments?: readonly string[];
  readonly members?: readonly string[];
}

const MISSING: readonly string[] = [
  "Container.contents", // the first argument
  "Grid.contents",
  "Horizontal.contents",
  "LockRangeDuringZoom", // a component of one value is given as that value: zoomLock: true
  "Tabs.contents",
  "TimeRangeBoundary.inner", // made by cursorRelative, absolute and infinite
  "TimeRangeBoundary.kind",
  "Vertical.contents",
  "table.ListFilters.name", // made by col("name").list
  "table.StringFilters.column", // made by col("name").str
];

it("has all names of the real SDK's blueprints with their arguments", () => {
  const script = join(ROOT, "tests", "conformance", "python", "blueprint_names.py");
  const python = JSON.parse(execFileSync(testPython(), [script], { encoding: "utf8" })) as Record<
    string,
    Record<string, PythonName>
  >;
  const ours = exportedNames("src/sdk/blueprint/index.ts");
  const missing: string[] = [];
  for (const [module, names] of Object.entries(python)) {
    for (const [name, { arguments: given = [], members = [] }] of Object.entries(names)) {
      const path = module === "" ? name : `${module}.${name}`;
      const found = ours.get(path);
      if (found === undefined) missing.push(path);
      else if (module === "components")
        continue; // names of types here; values are given as they are
      else
        missing.push(
          ...[...given.map(camelCase), ...members].filter((each) => !found.has(each)).map((each) => `${path}.${each}`),
        );
    }
  }
  expect(missing).toEqual(MISSING);
});

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
