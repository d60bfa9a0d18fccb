// Puts in place what the commands need: npm packages, Python environments, Chromium, the built package.
// Plain Node, no packages: it runs before node_modules exists. Each part says what it does, and is quick when nothing is to do.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withLock } from "./lock.mjs";
import { findChromium, ROOT, START_VENV, TEST_VENV, venvCommand } from "./paths.mjs";
import { lastLines, run, runOrThrow, say, secondsSince } from "./run.mjs";

const PYTHON_NAMES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];
const OLDEST_PYTHON = [3, 11];

/** Does one thing at a time, also when two commands of this repository run at once. */
function exclusively(work) {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  return withLock(join(ROOT, ".cache", "setup.lock"), work);
}

/** Runs one step and says what it did and how long it took; a step that gives undefined had nothing to do and stays silent. */
async function step(work) {
  const start = performance.now();
  const done = await work();
  if (done !== undefined) say(`  ${done} (${secondsSince(start)})`);
}

// --- npm --------------------------------------------------------------------------------------------------------------------

/**
 * Installs the npm packages of package-lock.json when those in node_modules are others.
 *
 * @throws when this Node is older than package.json asks for: what would fail later would not say so
 */
export async function ensureNodeModules() {
  checkNode();
  await exclusively(() =>
    step(async () => {
      if (nodeModulesAreInPlace()) return undefined;
      say("  installing npm packages (a minute or two)…");
      await installNpmPackages();
      return "npm packages installed";
    }),
  );
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const [oldestMajor, oldestMinor] = engines.node.match(/\d+/g).map(Number);
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Error(
    `Node ${process.versions.node} is too old: Node ≥ ${oldestMajor}.${oldestMinor} is needed (https://nodejs.org). It ran from ${process.execPath}`,
  );
}

/** A registry that lacks packages of other platforms makes npm doubt the lock file; `npm install` then takes the same versions. */
async function installNpmPackages() {
  const quietly = ["--no-audit", "--no-fund", "--loglevel=error"];
  const { code, output } = await run("npm", ["ci", ...quietly]);
  if (code === 0) return;
  if (!output.includes("EUSAGE")) {
    const isOffline = /EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/.test(output);
    const why = isOffline ? ": the first start needs the network, and npm's registry was not reached" : "";
    throw new Error(`npm ci failed (exit code ${code})${why}:\n${lastLines(output)}`);
  }
  await runOrThrow("npm install", "npm", ["install", "--no-save", ...quietly]);
}

/** npm keeps in node_modules a list of what it installed: it must hold what package-lock.json asks for. */
function nodeModulesAreInPlace() {
  const installedFile = join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "" || entry.optional || entry.devOptional || entry.peer) return true;
    if (entry.link) return existsSync(join(ROOT, path));
    return installed[path]?.version === entry.version;
  });
}

// --- Python -----------------------------------------------------------------------------------------------------------------

/**
 * A Python that can make virtual environments: `RERUN_TS_PYTHON`, else the first that is new enough.
 *
 * @returns {Promise<string>} its command
 */
export async function findPython() {
  const chosen = process.env.RERUN_TS_PYTHON;
  const reasons = [];
  for (const name of chosen ? [chosen] : PYTHON_NAMES) {
    const { code, stdout } = await run(name, ["-c", "import sys; print(*sys.version_info[:2]); import venv, ensurepip"]);
    const version = stdout.trim().split(" ").map(Number);
    if (version.length !== 2) {
      if (chosen) reasons.push(`${name} cannot be run`);
      continue;
    }
    const [major, minor] = version;
    if (major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1])) {
      reasons.push(`${name} is ${major}.${minor}: too old`);
    } else if (code !== 0) {
      reasons.push(`${name} (${major}.${minor}) has no venv`);
    } else {
      return name;
    }
  }
  const asked = chosen ? `RERUN_TS_PYTHON=${chosen}` : PYTHON_NAMES.join(", ");
  const found = reasons.length > 0 ? `\n  ${reasons.join("\n  ")}` : "";
  throw new Error(
    `No Python ≥ ${OLDEST_PYTHON.join(".")} that can make virtual environments (looked for ${asked}).${found}\n` +
      "On Debian or Ubuntu: apt install python3 python3-venv. Another Python is named by RERUN_TS_PYTHON.",
  );
}

/** The environment of `npm start`: JupyterLab with anywidget. */
export function ensureStartVenv() {
  return ensureVenv(START_VENV, "requirements-start.txt", "JupyterLab");
}

/** The environment of the tests: the real Rerun SDK and JupyterLab. Not made when RERUN_TS_TEST_PYTHON names another. */
export async function ensureTestVenv() {
  if (process.env.RERUN_TS_TEST_PYTHON) return;
  await ensureVenv(TEST_VENV, "requirements-test.txt", "the real Rerun SDK and JupyterLab");
}

function ensureVenv(folder, requirementsName, what) {
  return exclusively(() =>
    step(async () => {
      const requirements = join(ROOT, "scripts", requirementsName);
      // An environment holds absolute paths: a copied or moved one is made anew.
      const wanted = createHash("sha256").update(readFileSync(requirements)).update(folder).digest("hex");
      const stamp = join(folder, "rerun-ts-stamp");
      if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && existsSync(venvCommand(folder, "python")))
        return undefined;
      const python = await findPython();
      say(`  installing ${what} with pip (a minute or two)…`);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(dirname(folder), { recursive: true });
      await runOrThrow("python -m venv", python, ["-m", "venv", folder]);
      const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "5", "-r", requirements];
      await runOrThrow("pip install", venvCommand(folder, "python"), pip);
      writeFileSync(stamp, wanted);
      return `Python packages installed: ${what}`;
    }),
  );
}

// --- Chromium ---------------------------------------------------------------------------------------------------------------

/** Finds Chromium for the browser tests, or installs Debian's package when we may. */
export function ensureChromium() {
  return exclusively(() =>
    step(async () => {
      if (findChromium() !== undefined) return undefined;
      const mayInstall = process.getuid?.() === 0 && (await run("apt-get", ["--version"])).code === 0;
      if (!mayInstall) {
        throw new Error(
          "The browser tests need Chromium. On Debian: apt install chromium. Another browser of its kind is named by RERUN_TS_CHROMIUM.",
        );
      }
      say("  installing Chromium with apt-get…");
      const env = { DEBIAN_FRONTEND: "noninteractive" };
      await runOrThrow("apt-get update", "apt-get", ["-qq", "update"], { env });
      await runOrThrow("apt-get install chromium", "apt-get", ["-qq", "install", "-y", "--no-install-recommends", "chromium"], {
        env,
      });
      if (findChromium() === undefined)
        throw new Error("apt-get installed chromium, but it is not on PATH. RERUN_TS_CHROMIUM can name it.");
      return "Chromium installed";
    }),
  );
}

// --- The package ------------------------------------------------------------------------------------------------------------

/** Builds what changed since the last build. */
export function ensureBuild() {
  return step(async () => {
    const { build } = await import("../esbuild.config.mjs");
    const built = await build();
    return built.length > 0 ? `package built: ${built.join(", ")}` : undefined;
  });
}
