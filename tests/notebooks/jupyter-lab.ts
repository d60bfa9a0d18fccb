/** A real JupyterLab for tests: own folders for everything it writes, our kernel, a free port. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, testCommand } from "../../scripts/paths.mjs";
import { freePort } from "../support/ports.js";

const READY_TIMEOUT_MS = 60_000;

/** A folder for notebooks with Jupyter's environment: inside the repository, so that cells find the package. */
export interface Workspace {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Frees everything, kernels included. */
  remove(): void;
}

/** Makes a workspace with a copy of notebooks/ and the kernel specification that the command writes. */
export function makeWorkspace(): Workspace {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".cache", "lab-"));
  cpSync(join(ROOT, "notebooks"), folder, {
    recursive: true,
    filter: (path) => !path.endsWith(".rrd") && !path.includes(".ipynb_checkpoints"),
  });
  const jupyter = join(folder, ".jupyter");
  const cli = join(ROOT, "dist", "cli", "main.cjs");
  execFileSync(process.execPath, [cli, "jupyter", "install", "--prefix", jupyter], { cwd: ROOT, stdio: "pipe" });
  const settings = join(jupyter, "settings", "@jupyterlab");
  writeSetting(join(settings, "apputils-extension", "notification.jupyterlab-settings"), {
    fetchNews: "false",
    checkForUpdates: false,
  });
  const env = {
    ...process.env,
    JUPYTER_PATH: join(jupyter, "share", "jupyter"),
    JUPYTER_CONFIG_DIR: join(jupyter, "config"),
    JUPYTER_DATA_DIR: join(jupyter, "data"),
    JUPYTER_RUNTIME_DIR: join(jupyter, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(jupyter, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(jupyter, "workspaces"),
    IPYTHONDIR: join(jupyter, "ipython"),
  };
  return {
    folder,
    env,
    remove() {
      killProcessesOf(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Chooses the look before JupyterLab starts. */
export function setTheme(workspace: Workspace, theme: "light" | "dark"): void {
  const file = join(workspace.folder, ".jupyter", "settings", "@jupyterlab", "apputils-extension", "themes.jupyterlab-settings");
  writeSetting(file, { theme: theme === "light" ? "JupyterLab Light" : "JupyterLab Dark" });
}

/** Has JupyterLab lay out the cells in sight only. */
export function layOutCellsInSight(workspace: Workspace): void {
  const file = join(workspace.folder, ".jupyter", "settings", "@jupyterlab", "notebook-extension", "tracker.jupyterlab-settings");
  writeSetting(file, { windowingMode: "full" });
}

/** Writes a notebook for our kernel; cells are code, or markdown when they begin with `#`. */
export function writeNotebook(workspace: Workspace, name: string, sources: readonly string[]): void {
  const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
  const cells = sources.map((source, i) => {
    const cell = { id: `cell-${i}`, metadata: {}, source };
    if (source.startsWith("#")) return { ...cell, cell_type: "markdown" };
    return { ...cell, cell_type: "code", execution_count: null, outputs: [] };
  });
  writeFileSync(
    join(workspace.folder, name),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells }),
  );
}

function writeSetting(file: string, value: object): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}

/** Runs a command of Jupyter to its end. @returns what it printed */
export function runJupyter(workspace: Workspace, args: readonly string[]): string {
  return execFileSync(testCommand("jupyter"), [...args], {
    cwd: workspace.folder,
    env: workspace.env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 240_000,
  });
}

export class JupyterLab {
  readonly url: string;
  readonly token: string;
  readonly #process: ChildProcess;

  private constructor(url: string, token: string, process: ChildProcess) {
    this.url = url;
    this.token = token;
    this.#process = process;
  }

  static async start(workspace: Workspace): Promise<JupyterLab> {
    const port = await freePort();
    const token = randomUUID();
    const log = openSync(join(workspace.folder, ".jupyter", "lab.log"), "w");
    const args = [
      "lab",
      "--no-browser",
      "--allow-root",
      "--ip=127.0.0.1",
      `--port=${port}`,
      "--ServerApp.port_retries=0",
      `--ServerApp.root_dir=${workspace.folder}`,
      `--IdentityProvider.token=${token}`,
      "--LabApp.expose_app_in_browser=True",
    ];
    const child = spawn(testCommand("jupyter"), args, { cwd: workspace.folder, env: workspace.env, stdio: ["ignore", log, log] });
    const lab = new JupyterLab(`http://127.0.0.1:${port}`, token, child);
    try {
      await lab.#waitUntilReady();
    } catch (error) {
      await lab.stop();
      throw new Error(`${String(error)}\n${readFileSync(join(workspace.folder, ".jupyter", "lab.log"), "utf8").slice(-3000)}`);
    }
    return lab;
  }

  /** Calls the server's REST interface. */
  async api(path: string, method = "GET"): Promise<unknown> {
    const response = await fetch(`${this.url}/api/${path}`, { method, headers: { Authorization: `token ${this.token}` } });
    const text = await response.text();
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Ends the kernels and the server. */
  async stop(): Promise<void> {
    const kernels = (await this.api("kernels").catch(() => [])) as readonly { readonly id: string }[];
    for (const { id } of kernels) await this.api(`kernels/${id}`, "DELETE").catch(() => undefined);
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(timer);
  }

  async #waitUntilReady(): Promise<void> {
    const end = performance.now() + READY_TIMEOUT_MS;
    for (;;) {
      if (this.#process.exitCode !== null) throw new Error(`JupyterLab ended with ${this.#process.exitCode}`);
      const status = await fetch(`${this.url}/api/status?token=${this.token}`).catch(() => undefined);
      if (status?.ok) return;
      if (performance.now() > end) throw new Error(`JupyterLab did not answer within ${READY_TIMEOUT_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Kernels outlive a server that crashed: those of this folder are ended by their process id. */
function killProcessesOf(folder: string): void {
  if (process.platform !== "linux") return;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    let commandLine: string;
    try {
      commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {
      continue; // it has ended meanwhile
    }
    if (Number(pid) !== process.pid && commandLine.includes(join(folder, ".jupyter", "runtime")))
      process.kill(Number(pid), "SIGKILL");
  }
}
