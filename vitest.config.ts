import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { defineConfig, type Plugin, type TestProjectConfiguration, type ViteUserConfig } from "vitest/config";
import { bundleSinkWorker } from "./esbuild.config.mjs";
import { ROOT } from "./scripts/paths.mjs";

/** Style sheets are text, as in the bundle that esbuild makes. */
function cssAsText(): Plugin {
  return {
    name: "css-as-text",
    enforce: "pre",
    load(id) {
      return id.endsWith(".css") && !id.includes("node_modules")
        ? `export default ${JSON.stringify(readFileSync(id, "utf8"))};`
        : null;
    },
  };
}

/** Examples import the package by its name; run by a test, they get the same sources as the test. */
const OWN_NAMES = [
  { find: /^rerun-ts$/, replacement: fileURLToPath(new URL("src/index.ts", import.meta.url)) },
  { find: /^rerun-ts\/blueprint$/, replacement: fileURLToPath(new URL("src/sdk/blueprint/index.ts", import.meta.url)) },
];

/** Threads of sinks run the present sources: their program is bundled when the module that starts them is first loaded. */
function sinkWorker(): Plugin {
  const outfile = join(ROOT, ".cache", "run", `sink-worker-${process.pid}.cjs`);
  let bundled: Promise<void> | undefined;
  return {
    name: "sink-worker",
    async transform(code, id) {
      if (!id.endsWith("/sdk/sinks/sink-thread.ts")) return null;
      bundled ??= bundleSinkWorker(outfile);
      await bundled;
      process.once("exit", () => rmSync(outfile, { force: true }));
      return code.replace('new URL("./sink-worker.js", import.meta.url)', `new URL("${pathToFileURL(outfile)}")`);
    },
  };
}

/**
 * A project of quick tests: no built package, no other program. Its files share one process and the modules loaded there (loading
 * them anew for each is half of the time), so a test that changes what a module knows sets it back.
 */
function quick(name: string, include: string[]): TestProjectConfiguration {
  return {
    plugins: [cssAsText(), sinkWorker()],
    oxc: { jsx: { runtime: "automatic" as const, importSource: "preact" } },
    test: { name, include, testTimeout: 120_000, isolate: false, setupFiles: ["tests/support/fixed-seed.ts"] },
  };
}

/** A project whose tests drive other programs (a kernel, Python, a browser): the package is built first, one file at a time. */
function driving(name: string, timeoutMs: number): TestProjectConfiguration {
  return {
    plugins: [cssAsText(), sinkWorker()],
    oxc: { jsx: { runtime: "automatic" as const, importSource: "preact" } },
    resolve: { alias: OWN_NAMES },
    test: {
      name,
      include: [`tests/${name}/**/*.test.ts`],
      globalSetup: ["tests/global-setup.ts"],
      pool: "forks" as const,
      maxWorkers: 1,
      fileParallelism: false,
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      retry: 1, // another program may starve on a busy machine; what fails twice is ours
    },
  };
}

const config: ViteUserConfig = defineConfig({
  test: {
    cache: false, // it only orders the files, and is one file for all projects, which run at the same time
    projects: [
      quick("unit", ["src/**/*.test.{ts,tsx}", "codegen/**/*.test.ts", "bench/**/*.test.ts"]),
      driving("architecture", 60_000),
      driving("compat", 300_000),
      driving("conformance", 120_000),
      driving("kernel", 120_000),
      driving("notebooks", 300_000),
      driving("browser", 180_000),
    ],
  },
});

export default config;
