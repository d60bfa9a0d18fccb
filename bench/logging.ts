import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, testPython } from "../scripts/paths.mjs";

/** What one program needed for one workload. */
export interface Run {
  /** Seconds until the last call returned. */
  readonly calls: number;
  /** Seconds until everything was in the file. */
  readonly flushed: number;
  /** Size of the file. */
  readonly bytes: number;
  /** Peak memory. */
  readonly rssMiB: number;
}

/** The same workload here and with Rerun's Python SDK, in one run on one machine. */
export interface LoggingResult {
  readonly workload: string;
  readonly n: number;
  readonly ours: Run;
  readonly python: Run;
  /** Our time until flushed, divided by Python's. */
  readonly timeRatio: number;
  readonly sizeRatio: number;
  /** What `timeRatio` shall be at most. */
  readonly goal: number;
}

interface Workload {
  readonly name: string;
  readonly n: number;
  readonly goal: number;
}

/** Sizes at which start-up and the compiler's warming up do not decide. */
export const WORKLOADS: readonly Workload[] = [
  { name: "scalars", n: 300_000, goal: 1 / 30 },
  { name: "transforms", n: 100_000, goal: 1 / 36 },
  { name: "points1", n: 100_000, goal: 1 / 56 },
  { name: "batch", n: 5_000_000, goal: 0.7 },
  { name: "image", n: 100, goal: 1 },
  { name: "columns", n: 2_000_000, goal: 0.5 },
];

export interface LoggingBenchOptions {
  /** How often each workload runs with both programs, by turns; the best run of each counts. */
  readonly repeats: number;
  /** 1 = the sizes of `WORKLOADS`. */
  readonly scale: number;
  /** Names of workloads; none = all. */
  readonly only: readonly string[];
}

/** Measures the workloads with both programs. */
export function benchLogging(options: LoggingBenchOptions): LoggingResult[] {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-bench-"));
  try {
    const wanted = WORKLOADS.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
    return wanted.map((workload) =>
      benchWorkload({ ...workload, n: Math.ceil(workload.n * options.scale) }, options.repeats, folder),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function benchWorkload({ name, n, goal }: Workload, repeats: number, folder: string): LoggingResult {
  const file = join(folder, "bench.rrd");
  const ours: Run[] = [];
  const python: Run[] = [];
  for (let i = 0; i < repeats; i++) {
    ours.push(run(process.execPath, [join(ROOT, "bench", "logging-workload.mjs"), name, String(n), file]));
    python.push(run(testPython(), [join(ROOT, "bench", "python_sdk.py"), name, String(n), file]));
  }
  const best = { ours: bestOf(ours), python: bestOf(python) };
  const timeRatio = best.ours.flushed / best.python.flushed;
  return { workload: name, n, ...best, timeRatio, sizeRatio: best.ours.bytes / best.python.bytes, goal };
}

function run(program: string, args: string[]): Run {
  const output = execFileSync(program, args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Run;
}

function bestOf(runs: readonly Run[]): Run {
  return runs.reduce((best, each) => (each.flushed < best.flushed ? each : best));
}

/** The results as a table for people. */
export function formatLogging(results: readonly LoggingResult[]): string {
  const header = ["workload", "n", "ours, µs a call", "Python", "time ratio", "goal", "size ratio", "peak MiB", "Python"];
  const lines = results.map((result) => [
    result.workload,
    String(result.n),
    micros(result.ours.flushed, result.n),
    micros(result.python.flushed, result.n),
    formatRatio(result.timeRatio),
    formatRatio(result.goal),
    result.sizeRatio.toFixed(3),
    result.ours.rssMiB.toFixed(0),
    result.python.rssMiB.toFixed(0),
  ]);
  const rows = [header, ...lines];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  ")).join("\n");
}

function micros(seconds: number, n: number): string {
  return ((seconds * 1e6) / n).toPrecision(3);
}

function formatRatio(ratio: number): string {
  return ratio < 0.2 ? `1/${(1 / ratio).toFixed(0)}` : ratio.toFixed(2);
}
