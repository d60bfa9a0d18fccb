import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { testRerun } from "../../scripts/paths.mjs";

/** A program that runs beside the test. */
export interface RunningProgram {
  readonly pid: number;
  readonly isRunning: boolean;
  /** Ends it with `signal` (default SIGTERM) and waits for that. Idempotent. @returns its exit code, `null` after a signal */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** @param isGroup whether it was started as the head of a group, which is ended as a whole */
export function runningProgram(child: ChildProcess, { isGroup }: { readonly isGroup: boolean }): RunningProgram {
  const { pid } = child;
  if (pid === undefined) throw new Error(`the program did not start: ${child.spawnfile}`);
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const ended = once(child, "exit");
  return {
    pid,
    get isRunning() {
      return isRunning();
    },
    stop: async (signal = "SIGTERM") => {
      if (isRunning()) process.kill(isGroup ? -pid : pid, signal);
      await ended;
      return child.exitCode;
    },
  };
}

/** Starts the real command. It is a script that starts the program: both are of one group. */
export function startRealRerun(args: readonly string[]): RunningProgram {
  return runningProgram(spawn(testRerun(), args, { stdio: "ignore", detached: true }), { isGroup: true });
}
