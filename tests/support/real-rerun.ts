import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { testRerun } from "../../scripts/paths.mjs";

/** A real `rerun` that runs beside the test. */
export interface RealRerun {
  readonly isRunning: boolean;
  /** Ends it at once, by SIGKILL. Idempotent. */
  kill(): Promise<void>;
}

/** Starts the real command. It is a script that starts the program: both are of one group, which is ended as a whole. */
export function startRealRerun(args: readonly string[]): RealRerun {
  const child: ChildProcess = spawn(testRerun(), args, { stdio: "ignore", detached: process.platform !== "win32" });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    get isRunning() {
      return !hasEnded();
    },
    kill: async () => {
      if (hasEnded() || child.pid === undefined) return;
      const ended = once(child, "exit");
      if (process.platform === "win32") child.kill();
      else process.kill(-child.pid, "SIGKILL");
      await ended;
    },
  };
}
