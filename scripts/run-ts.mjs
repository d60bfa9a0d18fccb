// Runs a TypeScript program of this repository: `node scripts/run-ts.mjs codegen/main.ts [arguments…]`.
// It is bundled to .cache/run (packages stay outside) and imported; `import.meta.url` stays that of the source file.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ROOT } from "./paths.mjs";

const LOADERS = { ".ts": "ts", ".tsx": "tsx", ".mjs": "js" };

const [source, ...rest] = process.argv.slice(2);
if (source === undefined) {
  console.error("usage: node scripts/run-ts.mjs FILE.ts [arguments…]");
  process.exit(2);
}
const file = resolve(source);
const outfile = join(ROOT, ".cache", "run", `${relative(ROOT, file).replaceAll(/[\\/]/g, "-")}-${process.pid}.mjs`);
mkdirSync(join(ROOT, ".cache", "run"), { recursive: true });
await build({
  entryPoints: [file],
  outfile,
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20.19",
  sourcemap: "inline",
  logLevel: "warning",
  plugins: [keepSourceUrls()],
});
process.argv = [process.argv[0], file, ...rest];
process.on("exit", () => rmSync(outfile, { force: true }));
await import(pathToFileURL(outfile).href);

/** Bundling moves code: give each module the URL it was written for. */
function keepSourceUrls() {
  return {
    name: "source-urls",
    setup(pluginBuild) {
      pluginBuild.onLoad({ filter: /\.(tsx?|mjs)$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        if (!text.includes("import.meta.url")) return undefined;
        const contents = text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href));
        return { contents, loader: LOADERS[extname(path)] };
      });
    },
  };
}
