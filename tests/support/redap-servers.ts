/** Redap servers as programs of their own: Rerun's, and ours from its built command. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../scripts/paths.mjs";
import { freePort, untilListening } from "./ports.js";
import { type RunningProgram, runningProgram, startRealRerun } from "./running-program.js";

export interface ServerProcess extends RunningProgram {
  /** `rerun+http://127.0.0.1:…` */
  readonly url: string;
  readonly port: number;
}

/** `rerun-ts server` with these arguments beside `--port`, in this environment beside our own. Needs the built package. */
export async function startOurServer(
  args: readonly string[],
  port = 0,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const command = [join(ROOT, "dist", "cli", "main.cjs"), "server", "--port", String(port), ...args];
  const child = spawn(process.execPath, command, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /rerun\+http:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return serverAt(Number(/:(\d+)$/.exec(url)?.[1]), runningProgram(child, { isGroup: false }));
  }
  throw new Error(`The server did not start: ${args.join(" ")}`);
}

/** Rerun's own server. */
export async function startRealServer(args: readonly string[] = []): Promise<ServerProcess> {
  const port = await freePort();
  const program = startRealRerun(["server", "--host", "127.0.0.1", "--port", String(port), ...args]);
  await untilListening(port, program);
  return serverAt(port, program);
}

function serverAt(port: number, program: RunningProgram): ServerProcess {
  return Object.assign(program, { url: `rerun+http://127.0.0.1:${port}`, port });
}
