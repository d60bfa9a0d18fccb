/** Every name of Python's `rerun.catalog` is here in camelCase, with its options; what is not is listed with a reason. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import { exportedMembers } from "../support/constructor-options.js";

/** Each with its reason in docs/differences.md; what needs none there has it here. */
const MISSING: readonly string[] = [
  "CatalogClient.connect.objectStoreAuth",
  "CatalogClient.ctx",
  "CatalogClient.getDataset.name", // its first argument
  "CatalogClient.getTable.name",
  "DatasetEntry.arrowSchema",
  "DatasetEntry.update",
  "DatasetSelection.arrowSchema",
  "Entry.update",
  "IndexColumnDescriptor.isStatic", // never true
  "TableEntry.update",
];
/** Texts, unions of literals and `RerunError` here. */
const NO_CLASSES: readonly string[] = [
  "AlreadyExistsError",
  "ComponentColumnSelector",
  "EntryId",
  "EntryKind",
  "IndexColumnSelector",
  "NotFoundError",
  "OnDuplicateSegmentLayer",
];

const script = join(ROOT, "tests", "conformance", "python", "catalog_names.py");
const python = JSON.parse(
  execFileSync(testPython(), [script], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
) as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

it("has all names of the real catalog SDK with their options", () => {
  const ours = exportedMembers("src/catalog/index.ts");
  const missing: string[] = [];
  for (const [type, members] of Object.entries(python).filter(([name]) => !NO_CLASSES.includes(name))) {
    for (const [name, options] of Object.entries(members)) {
      const own = `${type}.${camelCase(name)}`;
      const found = ours.get(own);
      if (found === undefined) missing.push(own);
      else
        missing.push(
          ...options
            .map(camelCase)
            .filter((option) => !found.has(option))
            .map((option) => `${own}.${option}`),
        );
    }
  }
  expect(missing.sort()).toEqual(MISSING);
});

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
