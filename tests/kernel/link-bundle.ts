import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "../../scripts/paths.mjs";

/** Bundles `link-entry.ts` for a cell; `name` makes several copies, as two versions of the package would be. */
export async function buildLink(name: string): Promise<string> {
  const folder = join(ROOT, ".cache", "kernel-tests");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}-${process.pid}.cjs`);
  await build({
    entryPoints: [join(import.meta.dirname, "link-entry.ts")],
    outfile,
    bundle: true,
    packages: "external",
    format: "cjs",
    platform: "node",
    target: "node20.19",
    logLevel: "warning",
  });
  return outfile;
}
