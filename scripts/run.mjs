// Running other programs, and telling what goes on: one line per step, with its duration.
import { spawn } from "node:child_process";
import { availableParallelism, constants } from "node:os";
import { ROOT } from "./paths.mjs";

/** How much of a failed program's output is shown. */
const TAIL_LINES = 60;

/** What ends a command: Ctrl-C, another program, the terminal that is closed. */
export const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** The programs of `run` that have not ended yet: they end with this one. */
const running = new Set();

function endAll(signal) {
  for (const child of running) endGroup(child, "SIGTERM");
  process.exit(128 + constants.signals[signal]);
}

/**
 * Runs a program to its end and gathers what it prints.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, timeoutSec?: number, isShown?: boolean }} [options] a program that
 *   takes longer than `timeoutSec` (default: none) is ended, with all it started; `isShown`: what it prints is also printed here at once
 * @returns {Promise<{ code: number, stdout: string, stderr: string, output: string, timedOut: boolean }>} `output` has both streams in order
 */
export function run(command, args, { cwd = ROOT, env = {}, timeoutSec, isShown = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let stdout = "";
    let stderr = "";
    let output = "";
    let timedOut = false;
    const timer =
      timeoutSec &&
      setTimeout(() => {
        timedOut = true;
        endGroup(child, "SIGKILL");
      }, timeoutSec * 1000);
    if (running.size === 0) for (const signal of END_SIGNALS) process.on(signal, endAll);
    running.add(child);
    if (isShown) {
      child.stdout.pipe(process.stdout, { end: false });
      child.stderr.pipe(process.stderr, { end: false });
    }
    child.stdout.on("data", (data) => {
      stdout += data;
      output += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
      output += data;
    });
    const finish = (code) => {
      clearTimeout(timer);
      running.delete(child);
      if (running.size === 0) for (const signal of END_SIGNALS) process.off(signal, endAll);
      if (timedOut) output += `\n${command} did not end within ${timeoutSec} s and was stopped`;
      resolve({ code, stdout, stderr, output, timedOut });
    };
    child.on("error", (error) => {
      output += error.message;
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}

/**
 * As `run`, but a program that fails is an error that carries the end of its output.
 *
 * @param {string} what the step, for the error message
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function runOrThrow(what, command, args, options) {
  const result = await run(command, args, options);
  if (result.code !== 0) throw new Error(`${what} failed (exit code ${result.code}):\n${lastLines(result.output)}`);
  return result;
}

/**
 * Works off a list, two pieces at a time where there are two cores: most of what this repository runs waits for one program after
 * the other, and keeps one core busy at most.
 *
 * @template T
 * @param {readonly T[]} list in the order in which the pieces are begun
 * @param {(piece: T) => Promise<void>} work
 */
export async function twoAtATime(list, work) {
  const left = list.values();
  const lane = async () => {
    for (const piece of left) await work(piece);
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
}

/** Ends a program that was started with `detached`, and all that it started. */
export function endGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // ESRCH: it has ended already
  }
}

/** The end of a program's output, without empty lines around it. */
export function lastLines(text, count = TAIL_LINES) {
  return text.trim().split("\n").slice(-count).join("\n");
}

/** Says on standard output what is going on. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** The seconds since `start` (of `performance.now()`), as text: `1.2 s`. */
export function secondsSince(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

/** Whether a person sits at the terminal: not in CI. */
export const IN_CI = process.env.CI === "true" || process.env.CI === "1";
