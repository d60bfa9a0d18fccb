// Builds everything the package ships, and skips what has not changed:
//
//   dist/cjs     core.js, one bundle of all Node modules; its thin entries, which share this one instance; sink-worker.js, the
//                program of a sink's thread; a .d.ts for each module
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
import { bundleDeclarations } from "./scripts/bundle-declarations.mjs";
import { withLock } from "./scripts/lock.mjs";
import { ROOT } from "./scripts/paths.mjs";

const SRC = join(ROOT, "src");
const DIST = join(ROOT, "dist");
const CACHE = join(ROOT, ".cache", "build");
/** Outputs are made here and then moved into dist/, so that a program that runs meanwhile never sees half of them. */
const STAGE = join(CACHE, "stage");

/** The package's entries: subpath of `exports` → source file below src/. */
const ENTRIES = {
  ".": "index.ts",
  "./blueprint": "sdk/blueprint/index.ts",
  "./catalog": "catalog/index.ts",
  "./store": "store/index.ts",
  "./rrd": "rrd/index.ts",
};

/** The program of a sink's thread: it lies beside the bundle that starts it. */
const SINK_WORKER = "sdk/sinks/sink-worker.ts";

/** Folders whose code never ships as a Node module. */
const NOT_NODE = /^(viewer|cli)\//;

/** CommonJS has no import.meta.url. */
const WITH_URL = {
  define: { "import.meta.url": "importMetaUrl" },
  banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
};

/** Large packages that most programs do not use: two thirds of the time that an import takes, were they loaded at once. */
const LATE_PACKAGES = [
  "apache-arrow",
  "@bufbuild/protobuf",
  "@bufbuild/protobuf/codegenv2",
  "@bufbuild/protobuf/wkt",
  "@connectrpc/connect",
  "@connectrpc/connect-node",
];

/** Generated modules that make tables of all messages with `@bufbuild/protobuf`. */
const LATE_MODULES = /\/gen\/.*_pb\.js$/;

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
    node: ["cjs/package.json", "cjs/core.js", "cjs/sink-worker.js", "cjs/index.js", "cjs/index.d.ts", "esm/index.js"],
    widget: ["widget/viewer.js", "widget/loader.js"],
    cli: ["cli/main.cjs"],
  };
  return files[name].every((file) => existsSync(join(DIST, file)));
}

/** One hash over all that a build reads. Contents, not dates: a fresh checkout of the same text needs no new build. */
function hashInputs() {
  const hash = createHash("sha256");
  const files = [
    "esbuild.config.mjs",
    "scripts/bundle-declarations.mjs",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
  ].map((file) => join(ROOT, file));
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
  await bundleCore();
  await bundleSinkWorker(join(STAGE, "cjs", "sink-worker.js"));
  writeDeclarations(ts, modules);
  write(
    "cjs/package.json",
    `${JSON.stringify({ type: "commonjs", sideEffects: ["./index.js", "./core.js", "./sink-worker.js"] })}\n`,
  );
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

/**
 * All Node modules as one: names that another module exports are then plain variables, and the import reads one file in place of
 * hundreds: half the time. The entries take their names from it, so that all share one instance.
 */
async function bundleCore() {
  const entries = Object.values(ENTRIES);
  const names = entries.map((_, index) => `entry${index}`);
  const contents = entries.map((source, index) => `export * as ${names[index]} from "./${source}";`).join("\n");
  const options = { bundle: true, packages: "external", platform: "node", target: TARGET_NODE, charset: "utf8" };
  await esbuild({
    ...options,
    stdin: { contents, resolveDir: SRC, loader: "ts" },
    outfile: join(STAGE, "cjs", "core.js"),
    format: "cjs",
    plugins: await latePlugins(),
    ...WITH_URL,
  });
  for (const [index, source] of entries.entries()) {
    const file = source.replace(/\.ts$/, ".js");
    const core = posix(relative(dirname(join("cjs", file)), join("cjs", "core.js")));
    const exported = await exportsOf(join(SRC, source), options);
    const from = core.startsWith(".") ? core : `./${core}`;
    // Plain members, not accessors, and a list of names where Node looks for those that a CommonJS module exports.
    write(
      `cjs/${file}`,
      `"use strict";\nmodule.exports = { ...require("${from}").${names[index]} };\n0 && (module.exports = { ${exported.join(", ")} });\n`,
    );
  }
}

/**
 * Small, so that a thread starts quickly.
 *
 * @param {string} outfile
 */
export async function bundleSinkWorker(outfile) {
  await esbuild({
    entryPoints: [join(SRC, SINK_WORKER)],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    target: TARGET_NODE,
    format: "cjs",
    charset: "utf8",
    plugins: await latePlugins(),
    ...WITH_URL,
  });
}

/** What a module exports by value. */
async function exportsOf(file, options) {
  const { metafile } = await esbuild({
    ...options,
    entryPoints: [file],
    format: "esm",
    metafile: true,
    write: false,
    outdir: STAGE,
  });
  const [output] = Object.values(metafile.outputs);
  return output.exports;
}

/** Has packages and modules loaded when the first of their members is used. */
async function latePlugins() {
  const packages = await Promise.all(
    LATE_PACKAGES.map(async (name) => {
      const found = { require: name, late: Object.keys(await import(name)), now: "" };
      return loadedWhenUsed(name, new RegExp(`^${name}$`), () => found);
    }),
  );
  return [...packages, loadedWhenUsed("generated", LATE_MODULES, generatedModule)];
}

/** Enumerations are plain numbers, and there at once: constants of other modules are made of them. */
function generatedModule({ resolveDir, path }) {
  const file = join(resolveDir, path).replace(/\.js$/, ".ts");
  const text = readFileSync(file, "utf8");
  const late = [...text.matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
  const enums = [...text.matchAll(/^export (enum (\w+) \{[^}]*\})/gm)];
  return { require: file, late, now: enums.map(([, code, name]) => `${code}\nexports.${name} = ${name};\n`).join("") };
}

/**
 * @param {string} name of the plugin
 * @param {RegExp} filter imports that are meant
 * @param {(args: object) => { require: string, late: string[], now: string }} find where such an import is, which members are had
 *   from there when used, and code for the others
 */
function loadedWhenUsed(name, filter, find) {
  const namespace = `loaded-when-used ${name}`;
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter }, (args) => {
        if (args.namespace === namespace) return { path: args.path, external: true };
        const found = find(args);
        return { path: found.require, namespace, pluginData: found };
      });
      build.onLoad({ filter: /.*/, namespace }, ({ pluginData: { require, late, now } }) => {
        const contents = `${now}let loaded;
for (const member of ${JSON.stringify(late)}) {
  Object.defineProperty(exports, member, { enumerable: true, get: () => (loaded ??= require(${JSON.stringify(require)}))[member] });
}`;
        return { contents, loader: "ts", resolveDir: SRC };
      });
    },
  };
}

/**
 * Declarations as written in the source: isolatedDeclarations makes every public type explicit, so nothing is resolved or checked
 * here. The library is there because computed names such as `[Symbol.iterator]` need it. What the main entry reaches becomes one
 * file, what only others reach a second one: see scripts/bundle-declarations.mjs.
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
    outDir: SRC,
  };
  const texts = new Map();
  const keep = (file, text) => texts.set(posix(relative(SRC, file)).replace(/\.d\.ts$/, ""), text);
  const { diagnostics, emitSkipped } = ts.createProgram(modules, options).emit(undefined, keep);
  if (diagnostics.length > 0 || emitSkipped) {
    const faults = diagnostics.map(({ file, messageText }) => {
      const name = file === undefined ? "" : `${posix(relative(ROOT, file.fileName))}: `;
      return `${name}${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
    throw new Error(`declarations could not be made:\n${faults.join("\n")}`);
  }
  const entries = Object.values(ENTRIES).map((source) => source.replace(/\.ts$/, ""));
  for (const [path, text] of bundleDeclarations(ts, texts, entries, { first: "declarations", rest: "declarations-rest" })) {
    write(`cjs/${path}.d.ts`, text);
  }
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
