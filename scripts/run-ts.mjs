// Runs a TypeScript program of this repository: `node scripts/run-ts.mjs codegen/main.ts [arguments…]`.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleTs } from "./bundle-ts.mjs";

const [source, ...rest] = process.argv.slice(2);
if (source === undefined) {
  console.error("usage: node scripts/run-ts.mjs FILE.ts [arguments…]");
  process.exit(2);
}
const bundle = await bundleTs(source);
process.argv = [process.argv[0], resolve(source), ...rest];
await import(pathToFileURL(bundle).href);
