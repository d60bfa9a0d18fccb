import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RerunError } from "../core/index.js";
import { DEFAULT_PROXY_PORT } from "../rpc/index.js";

export interface SpawnOptions {
  /** Where the viewer shall listen. Default 9876. */
  readonly port?: number;
  /** Whether the recording goes to the viewer. Default true. */
  readonly connect?: boolean;
  /** What the viewer may take of memory: `"16GB"`, `"50%"`. Default `"75%"`. */
  readonly memoryLimit?: string;
  /** What its server keeps for other viewers. Default `"1GiB"`. */
  readonly serverMemoryLimit?: string;
  /** Default false. */
  readonly hideWelcomeScreen?: boolean;
  /** Whether the viewer stays when this program ends. Default true. */
  readonly detachProcess?: boolean;
  /** What to look for in `PATH`. Default `rerun`. */
  readonly executableName?: string;
  /** The program itself, instead of looking for it. */
  readonly executablePath?: string;
}

/** How long a viewer may take until it listens. */
const START_MS = 30_000;
const LOOK_MS = 50;

/**
 * Starts a viewer that listens on a port of this machine, unless one listens there already.
 *
 * @throws RerunError `NotFound` when there is none, `Unavailable` when it ends at once or does not listen
 */
export async function spawnViewer(options: SpawnOptions = {}): Promise<void> {
  const { port = DEFAULT_PROXY_PORT, memoryLimit = "75%", serverMemoryLimit = "1GiB", detachProcess = true } = options;
  if (await isListening(port)) return;
  const program = options.executablePath ?? findProgram(options.executableName ?? "rerun");
  const args = [
    `--port=${port}`,
    `--memory-limit=${memoryLimit}`,
    `--server-memory-limit=${serverMemoryLimit}`,
    "--expect-data-soon",
  ];
  if (options.hideWelcomeScreen === true) args.push("--hide-welcome-screen");
  const viewer = spawn(program, args, { detached: detachProcess, stdio: "ignore" });
  viewer.unref();
  let failure: string | undefined;
  viewer.on("error", (error) => {
    failure = error.message;
  });
  viewer.on("exit", (code, signal) => {
    failure ??= `it ended with ${signal ?? `exit code ${code}`}`;
  });
  for (const start = performance.now(); !(await isListening(port)); await sleep(LOOK_MS)) {
    if (performance.now() - start > START_MS) failure ??= `it does not listen on port ${port} after ${START_MS / 1000} s`;
    if (failure !== undefined) throw new RerunError("Unavailable", `spawn: the viewer did not start: ${failure}: ${program}`);
  }
}

function findProgram(name: string): string {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter(Boolean)) {
    for (const suffix of suffixes) {
      const path = join(folder, `${name}${suffix}`);
      if (isExecutable(path)) return path;
    }
  }
  throw new RerunError(
    "NotFound",
    `spawn: there is no viewer "${name}" in PATH: install it with \`pip install rerun-sdk\`, or give its place as executablePath`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // The caller looks on.
  }
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
