// Prints what the browser downloads (gzip -6), the biggest parts of the viewer, and fails when the viewer is too big.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "../esbuild.config.mjs";
import { ROOT } from "./paths.mjs";

const FAIL_ABOVE_KB = 400;
const WARN_ABOVE_KB = 300;
const KB = 1000;
const SHOWN_PARTS = 8;

try {
  await build();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
for (const name of ["loader", "viewer"]) {
  const bytes = readFileSync(join(ROOT, "dist", "widget", `${name}.js`));
  const gzipKb = gzipSync(bytes, { level: 6 }).length / KB;
  console.log(`dist/widget/${name}.js: ${(bytes.length / KB).toFixed(1)} kB, ${gzipKb.toFixed(1)} kB gzip`);
  if (name !== "viewer") continue;
  for (const [part, size] of biggestParts(name)) console.log(`  ${(size / KB).toFixed(1).padStart(7)} kB  ${part}`);
  if (gzipKb > FAIL_ABOVE_KB) {
    console.error(`The viewer must not be above ${FAIL_ABOVE_KB} kB gzip.`);
    process.exitCode = 1;
  } else if (gzipKb > WARN_ABOVE_KB) {
    console.log(`  warning: the viewer is above its aim of ${WARN_ABOVE_KB} kB gzip`);
  }
}

/** Minified bytes per package, or per folder of src/. */
function biggestParts(name) {
  const { outputs } = JSON.parse(readFileSync(join(ROOT, ".cache", "build", `${name}.meta.json`), "utf8"));
  const sizes = new Map();
  for (const output of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const part = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split("/").slice(0, 3).join("/");
      sizes.set(part, (sizes.get(part) ?? 0) + bytesInOutput);
    }
  }
  return [...sizes].sort((a, b) => b[1] - a[1]).slice(0, SHOWN_PARTS);
}
