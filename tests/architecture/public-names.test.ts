import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";

const require = createRequire(join(ROOT, "package.json"));

// A changed list is a changed public API: look at it, then `npx vitest run --project architecture -u`.
test.each([
  ["rerun-ts", "index"],
  ["rerun-ts/blueprint", "blueprint"],
  ["rerun-ts/catalog", "catalog"],
  ["rerun-ts/store", "store"],
  ["rerun-ts/rrd", "rrd"],
])("the public names of %s are the ones on record", async (entry, file) => {
  const names = Object.keys(require(entry)).sort();
  await expect(`${names.join("\n")}\n`).toMatchFileSnapshot(`public-names/${file}.txt`);
});
