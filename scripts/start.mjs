// `npm start`: JupyterLab with the TypeScript kernel and the quickstart notebook, from a fresh clone.
//
// Puts everything in place, runs the notebook once without a browser (so that it is known to work, and there is a recording),
// then serves JupyterLab on a free port of this machine and opens the notebook. Ctrl-C ends it.
//
//   npm start -- --check   (or CI=true) ends after JupyterLab answered once
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { ROOT, START_VENV, venvCommand } from "./paths.mjs";
import { END_SIGNALS, endGroup, IN_CI, lastLines, run, runOrThrow, say, secondsSince } from "./run.mjs";
import { ensureBuild, ensureNodeModules, ensureStartVenv } from "./setup.mjs";

const NOTEBOOKS = join(ROOT, "notebooks");
const NOTEBOOK = "quickstart.ipynb";
const SCRATCH = join(ROOT, ".cache", "start");
const NOTEBOOK_TIMEOUT_SEC = 300;
const ANSWER_TIMEOUT_SEC = 60;
const STOP_TIMEOUT_SEC = 10;

const checkOnly = process.argv.includes("--check") || IN_CI;

try {
  const start = performance.now();
  say("Setting up");
  await ensureNodeModules();
  await ensureStartVenv();
  await ensureBuild();
  await installKernel();
  configureLab();
  say(`Ready after ${secondsSince(start)}\n`);
  await runNotebookOnce();
  await serveLab();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** The kernel specification in the environment names this Node and this tslab by absolute paths. */
async function installKernel() {
  const cli = join(ROOT, "dist", "cli", "main.cjs");
  await runOrThrow("rerun-ts jupyter install", process.execPath, [cli, "jupyter", "install", "--prefix", START_VENV, "--force"]);
}

/** JupyterLab asks at its first start whether to fetch news: not here. */
function configureLab() {
  const folder = join(START_VENV, "share", "jupyter", "lab", "settings");
  mkdirSync(folder, { recursive: true });
  const settings = { "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false } };
  writeFileSync(join(folder, "overrides.json"), JSON.stringify(settings));
}

// --- The notebook, run once -------------------------------------------------------------------------------------------------

/** Runs the notebook to a copy in .cache/start, unless this very notebook ran with this very build before. */
async function runNotebookOnce() {
  const source = join(NOTEBOOKS, NOTEBOOK);
  const executed = join(SCRATCH, NOTEBOOK);
  const stamp = join(SCRATCH, "stamp");
  const wanted = hashOf(source, join(ROOT, ".cache", "build", "stamp.json"));
  mkdirSync(SCRATCH, { recursive: true });
  const ranBefore =
    existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && existsSync(executed) && recordings().length > 0;
  if (!ranBefore) {
    say(`Running notebooks/${NOTEBOOK} once, to see that everything works`);
    const start = performance.now();
    const args = ["nbconvert", "--to", "notebook", "--execute", source, "--output-dir", SCRATCH, "--output", NOTEBOOK];
    const options = { timeoutSec: NOTEBOOK_TIMEOUT_SEC };
    await runOrThrow(`notebooks/${NOTEBOOK}`, venvCommand(START_VENV, "jupyter"), [...args, "--log-level=ERROR"], options);
    writeFileSync(stamp, wanted);
    say(`  done (${secondsSince(start)})`);
  } else {
    say(`notebooks/${NOTEBOOK} ran before with this build`);
  }
  const printed = printedBy(executed);
  if (printed !== "") say(printed.replaceAll(/^/gm, "  | "));
  for (const file of recordings()) say(`  recording: ${relative(ROOT, file)} (${(statSync(file).size / 1000).toFixed(0)} kB)`);
  say("");
}

function hashOf(...files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex");
}

/** The recordings that lie beside the notebook. */
function recordings() {
  const names = readdirSync(NOTEBOOKS).filter((name) => name.endsWith(".rrd"));
  return names.sort().map((name) => join(NOTEBOOKS, name));
}

/** What the notebook's cells printed. */
function printedBy(file) {
  const { cells } = JSON.parse(readFileSync(file, "utf8"));
  const streams = cells.flatMap((cell) => cell.outputs ?? []).filter((output) => output.output_type === "stream");
  return lastLines(streams.map((output) => [output.text].flat().join("")).join(""), 30);
}

// --- JupyterLab -------------------------------------------------------------------------------------------------------------

async function serveLab() {
  const port = await freePort();
  const token = randomBytes(24).toString("hex");
  const logFile = join(SCRATCH, "jupyterlab.log");
  const log = openSync(logFile, "w");
  const root = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const args = [
    "lab",
    "--no-browser",
    "--ip=127.0.0.1",
    `--port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${NOTEBOOKS}`,
    ...root,
  ];
  // Its own process group: Ctrl-C reaches this script, which then ends JupyterLab in an orderly way.
  const lab = spawn(venvCommand(START_VENV, "jupyter"), args, {
    cwd: NOTEBOOKS,
    env: { ...process.env, JUPYTER_TOKEN: token },
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise((resolve) => {
    lab.once("error", resolve);
    lab.once("close", resolve);
  });
  const stopped = new Promise((resolve) => {
    for (const signal of END_SIGNALS) process.once(signal, resolve);
  });
  try {
    const base = `http://127.0.0.1:${port}`;
    const answered = await firstOf(ended, stopped, waitForAnswer(`${base}/api/status`, token));
    if (answered !== true) {
      if (lab.exitCode !== null || lab.pid === undefined)
        throw new Error(`JupyterLab did not start:\n${lastLines(readFileSync(logFile, "utf8"))}`);
      return;
    }
    say(`JupyterLab: ${base}/lab/tree/${NOTEBOOK}?token=${token}`);
    if (checkOnly) return;
    if (await openInBrowser(`${base}/lab/tree/${NOTEBOOK}?token=${token}`))
      say("Opened in your browser. Press Ctrl-C here to stop.");
    else say("Open this address in your browser. Press Ctrl-C here to stop.");
    await firstOf(ended, stopped);
    if (lab.exitCode !== null) throw new Error(`JupyterLab ended by itself:\n${lastLines(readFileSync(logFile, "utf8"))}`);
  } finally {
    await stopLab(lab, ended);
  }
}

/** SIGTERM lets JupyterLab end its kernels first. */
async function stopLab(lab, ended) {
  if (lab.pid === undefined || lab.exitCode !== null || lab.signalCode !== null) return;
  endGroup(lab, "SIGTERM");
  const timer = setTimeout(() => endGroup(lab, "SIGKILL"), STOP_TIMEOUT_SEC * 1000);
  await ended;
  clearTimeout(timer);
  say("JupyterLab stopped.");
}

/** True once the server answers with this token. */
async function waitForAnswer(url, token) {
  const deadline = Date.now() + ANSWER_TIMEOUT_SEC * 1000;
  while (Date.now() < deadline) {
    try {
      const response = await fetch(url, { headers: { authorization: `token ${token}` } });
      if (response.ok) return true;
    } catch {
      // not listening yet
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`JupyterLab did not answer within ${ANSWER_TIMEOUT_SEC} s`);
}

/** The result of what is settled first. */
function firstOf(...promises) {
  return Promise.race(promises);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Opens the address in the user's browser; false when there is no display to open it on. */
async function openInBrowser(url) {
  if (process.platform === "darwin") return (await run("open", [url])).code === 0;
  if (process.platform === "win32") return (await run("explorer", [url])).code !== 127;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return false;
  return (await run("xdg-open", [url], { timeoutSec: 10 })).code === 0;
}
