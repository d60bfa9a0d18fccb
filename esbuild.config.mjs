// Builds everything the package ships, and skips what has not changed:
//
//   dist/cjs     every Node module on its own (not bundled, so that all entries share one instance), with its .d.ts
//   dist/esm     façades that re-export dist/cjs: `import` and `require` see the same objects
//   dist/widget  the viewer as one minified browser module, and the small loader that a notebook cell gets
//   dist/cli     the `rerun-ts` command, bundled, its packages external
//
// Declarations are made without checking (isolatedDeclarations), so a build takes seconds; `npm run check` type-checks.
//
//   node esbuild.config.mjs [--force] [--quiet]
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./scripts/lock.mjs";
import { ROOT } from "./scripts/paths.mjs";

const SRC = join(ROOT, "src");
const DIST = join(ROOT, "dist");
const CACHE = join(ROOT, ".cache", "build");
/** Outputs are made here and then moved into dist/, so that a program that runs meanwhile never sees half of them. */
const STAGE = join(CACHE, "stage");

/** The package's entries: subpath of `exports` → source file below src/. */
const ENTRIES = { ".": "index.ts", "./store": "store/index.ts", "./rrd": "rrd/index.ts" };

/** Folders whose code never ships as a Node module. */
const NOT_NODE = /^(viewer|cli)\//;

const TARGET_NODE = "node20.19";
const TARGET_BROWSER = "es2022";

const PARTS = [
  { name: "node", build: buildNode, outputs: ["cjs", "esm"], needs: () => Object.values(ENTRIES) },
  { name: "widget", build: buildWidget, outputs: ["widget"], needs: () => ["widget/viewer-entry.ts", "widget/loader.ts"] },
  { name: "cli", build: buildCli, outputs: ["cli"], needs: () => ["cli/main.ts"] },
];

/**
 * Builds the parts whose inputs changed since the last build.
 *
 * @param {{ force?: boolean, log?: (line: string) => void }} [options] `force`: build even what is up to date; `log`: gets one line per part.
 * @returns {Promise<string[]>} the names of the parts that were built
 */
export async function build({ force = false, log = () => {} } = {}) {
  mkdirSync(CACHE, { recursive: true });
  return withLock(join(CACHE, "lock"), async () => {
    const stampFile = join(CACHE, "stamp.json");
    const stamp = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, "utf8")) : {};
    const inputs = hashInputs();
    const built = [];
    const faults = [];
    for (const part of PARTS) {
      if (!force && stamp[part.name] === inputs && outputsExist(part.name)) continue;
      const start = performance.now();
      try {
        await buildPart(part);
      } catch (error) {
        faults.push(`${part.name}: ${error.message}`);
        continue;
      }
      built.push(part.name);
      stamp[part.name] = inputs;
      writeFileSync(stampFile, JSON.stringify(stamp));
      log(`built ${part.name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
    }
    if (faults.length > 0) throw new Error(`The build failed.\n${faults.join("\n")}`);
    return built;
  });
}

async function buildPart(part) {
  const missing = part.needs().filter((file) => !existsSync(join(SRC, file)));
  if (missing.length > 0) throw new Error(`missing ${missing.map((file) => `src/${file}`).join(", ")}`);
  rmSync(STAGE, { recursive: true, force: true });
  await part.build();
  mkdirSync(DIST, { recursive: true });
  for (const output of part.outputs) {
    const old = join(STAGE, `old-${output}`);
    if (existsSync(join(DIST, output))) renameSync(join(DIST, output), old);
    renameSync(join(STAGE, output), join(DIST, output));
  }
  rmSync(STAGE, { recursive: true, force: true });
}

function outputsExist(name) {
  const files = {
    node: ["cjs/package.json", "cjs/index.js", "cjs/index.d.ts", "esm/index.js"],
    widget: ["widget/viewer.js", "widget/loader.js"],
    cli: ["cli/main.cjs"],
  };
  return files[name].every((file) => existsSync(join(DIST, file)));
}

/** One hash over all that a build reads. Contents, not dates: a fresh checkout of the same text needs no new build. */
function hashInputs() {
  const hash = createHash("sha256");
  const files = ["esbuild.config.mjs", "package.json", "package-lock.json", "tsconfig.json"].map((file) => join(ROOT, file));
  for (const file of [...files, ...sourceFiles(SRC)]) {
    hash.update(relative(ROOT, file)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function sourceFiles(folder) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...sourceFiles(path));
    else if (!/\.test\.tsx?$/.test(entry.name)) found.push(path);
  }
  return found;
}

// --- Node -------------------------------------------------------------------------------------------------------------------

async function buildNode() {
  const { default: ts } = await import("typescript");
  const modules = reachableModules(ts);
  await transformToCjs(modules);
  writeDeclarations(ts, modules);
  write("cjs/package.json", `${JSON.stringify({ type: "commonjs", sideEffects: ["./index.js"] })}\n`);
  for (const source of Object.values(ENTRIES)) {
    const name = source.replace(/\.ts$/, "");
    const target = posix(relative(dirname(join("esm", name)), join("cjs", name)));
    write(`esm/${name}.js`, `export * from "${target}.js";\n`);
    write(`esm/${name}.d.ts`, `export * from "${target}.js";\n`);
  }
  write("esm/package.json", `${JSON.stringify({ type: "module", sideEffects: ["./index.js"] })}\n`);
}

/** Every module that the entries reach, by value or by type: what must ship, and nothing else. */
function reachableModules(ts) {
  const reached = new Set();
  const queue = Object.values(ENTRIES).map((file) => join(SRC, file));
  while (queue.length > 0) {
    const file = queue.pop();
    if (reached.has(file)) continue;
    reached.add(file);
    const text = readFileSync(file, "utf8");
    const names = ts.preProcessFile(text, true, false).importedFiles.map((imported) => imported.fileName);
    // preProcessFile passes over this form.
    for (const match of text.matchAll(/^export \* as \w+ from "(\.[^"]+)"/gm)) names.push(match[1]);
    for (const match of text.matchAll(/new URL\("(\.[^"]+\.js)", import\.meta\.url\)/g)) names.push(match[1]);
    for (const name of names.filter((each) => each.startsWith("."))) {
      const target = resolve(dirname(file), name.replace(/\.js$/, ".ts"));
      const path = posix(relative(SRC, target));
      if (!existsSync(target)) throw new Error(`${posix(relative(ROOT, file))} imports ${name}, which is not there`);
      if (NOT_NODE.test(path)) throw new Error(`${posix(relative(ROOT, file))} imports ${path}, which does not run in Node`);
      queue.push(target);
    }
  }
  return [...reached].sort();
}

async function transformToCjs(modules) {
  const options = {
    outdir: join(STAGE, "cjs"),
    outbase: SRC,
    format: "cjs",
    platform: "node",
    target: TARGET_NODE,
    sourcemap: false,
    charset: "utf8",
  };
  // CommonJS has no import.meta.url: the modules that ask for it get one made of their file name.
  const asksForUrl = (file) => readFileSync(file, "utf8").includes("import.meta.url");
  await esbuild({ ...options, entryPoints: modules.filter((file) => !asksForUrl(file)) });
  await esbuild({
    ...options,
    entryPoints: modules.filter(asksForUrl),
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
}

/**
 * Declarations as written in the source: isolatedDeclarations makes every public type explicit, so nothing is resolved or checked
 * here. The library is there because computed names such as `[Symbol.iterator]` need it.
 */
function writeDeclarations(ts, modules) {
  const config = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile).config.compilerOptions;
  const options = {
    ...ts.convertCompilerOptionsFromJson(config, ROOT).options,
    noEmit: false,
    incremental: false,
    tsBuildInfoFile: undefined,
    emitDeclarationOnly: true,
    stripInternal: true,
    noCheck: true,
    noResolve: true,
    types: [],
    lib: ["lib.es2022.d.ts"],
    rootDir: SRC,
    outDir: join(STAGE, "cjs"),
  };
  const { diagnostics, emitSkipped } = ts.createProgram(modules, options).emit();
  if (diagnostics.length === 0 && !emitSkipped) return;
  const faults = diagnostics.map(({ file, messageText }) => {
    const name = file === undefined ? "" : `${posix(relative(ROOT, file.fileName))}: `;
    return `${name}${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
  throw new Error(`declarations could not be made:\n${faults.join("\n")}`);
}

// --- Browser ----------------------------------------------------------------------------------------------------------------

async function buildWidget() {
  for (const [name, source] of [
    ["viewer", "widget/viewer-entry.ts"],
    ["loader", "widget/loader.ts"],
  ]) {
    const result = await esbuild({
      entryPoints: [join(SRC, source)],
      outfile: join(STAGE, "widget", `${name}.js`),
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      target: TARGET_BROWSER,
      jsx: "automatic",
      jsxImportSource: "preact",
      loader: { ".css": "text", ".svg": "text", ".glsl": "text" },
      // JupyterLab has an AMD loader on the page; packages that look for one must not find it.
      define: { "define.amd": "false", "process.env.NODE_ENV": '"production"' },
      legalComments: "none",
      charset: "utf8",
      metafile: true,
    });
    writeFileSync(join(CACHE, `${name}.meta.json`), JSON.stringify(result.metafile));
  }
}

// --- Command ----------------------------------------------------------------------------------------------------------------

async function buildCli() {
  const outfile = join(STAGE, "cli", "main.cjs");
  await esbuild({
    entryPoints: [join(SRC, "cli/main.ts")],
    outfile,
    bundle: true,
    packages: "external",
    format: "cjs",
    platform: "node",
    target: TARGET_NODE,
    charset: "utf8",
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: '#!/usr/bin/env node\nconst importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  chmodSync(outfile, 0o755);
}

// --- Small things -----------------------------------------------------------------------------------------------------------

/** Runs esbuild; its warnings are errors here. */
async function esbuild(options) {
  const { build: run, formatMessages } = await import("esbuild");
  const result = await run({ ...options, absWorkingDir: ROOT, logLevel: "silent" });
  if (result.warnings.length > 0) throw new Error((await formatMessages(result.warnings, { kind: "warning" })).join("\n"));
  return result;
}

function write(path, text) {
  const file = join(STAGE, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function posix(path) {
  return path.replaceAll("\\", "/");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const quiet = process.argv.includes("--quiet");
  try {
    const built = await build({ force: process.argv.includes("--force"), log: quiet ? undefined : (line) => console.log(line) });
    if (built.length === 0 && !quiet) console.log("build: up to date");
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
