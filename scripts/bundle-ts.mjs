import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ROOT } from "./paths.mjs";

/** In parts: this file may be in a bundle itself. */
const OWN_URL = ["import", "meta", "url"].join(".");
const LOADERS = { ".ts": "ts", ".tsx": "tsx", ".mjs": "js" };

/**
 * Bundles a TypeScript program of this repository to .cache/run, for this process and those it starts: it is gone when this process
 * ends. Packages stay outside; the URL of a module stays that of the source file.
 *
 * @returns the bundle's path
 */
export async function bundleTs(source) {
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
  process.on("exit", () => rmSync(outfile, { force: true }));
  return outfile;
}

/** Bundling moves code: give each module the URL it was written for. */
function keepSourceUrls() {
  return {
    name: "source-urls",
    setup(pluginBuild) {
      pluginBuild.onLoad({ filter: /\.(tsx?|mjs)$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        if (!text.includes(OWN_URL)) return undefined;
        const contents = text.replaceAll(OWN_URL, JSON.stringify(pathToFileURL(path).href));
        return { contents, loader: LOADERS[extname(path)] };
      });
    },
  };
}
