/** Redap servers as programs of their own: Rerun's, and ours from its built command. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT, testRerun } from "../../scripts/paths.mjs";

export interface ServerProcess {
  /** `rerun+http://127.0.0.1:…` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it with `signal` (default SIGTERM) and waits for that; gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `rerun-ts server` with these arguments beside `--port`. Needs the built package. */
export async function startOurServer(args: readonly string[], port = 0): Promise<ServerProcess> {
  const command = [join(ROOT, "dist", "cli", "main.cjs"), "server", "--port", String(port), ...args];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /rerun\+http:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return handleOf(child, Number(/:(\d+)$/.exec(url)?.[1]), false);
  }
  throw new Error(`The server did not start: ${args.join(" ")}`);
}

/** Rerun's own server. */
export async function startRealServer(args: readonly string[] = []): Promise<ServerProcess> {
  const port = await freePort();
  // The command is a Python program that runs another one: both are ended as a group.
  const child = spawn(testRerun(), ["server", "--host", "127.0.0.1", "--port", String(port), ...args], {
    stdio: "ignore",
    detached: true,
  });
  await listening(child, port);
  return handleOf(child, port, true);
}

function handleOf(child: ChildProcess, port: number, isGroup: boolean): ServerProcess {
  const { pid } = child;
  if (pid === undefined) throw new Error("The server did not start");
  const ended = once(child, "exit");
  return {
    url: `rerun+http://127.0.0.1:${port}`,
    port,
    pid,
    stop: async (signal = "SIGTERM") => {
      if (child.exitCode === null && child.signalCode === null) process.kill(isGroup ? -pid : pid, signal);
      await ended;
      return child.exitCode;
    },
  };
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("The real server did not start");
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
}
