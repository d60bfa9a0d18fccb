/** Rerun's own Python client on Rerun's server and on ours, in turn in one process. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, testPython } from "../scripts/paths.mjs";
import { startOurServer, startRealServer } from "../tests/support/redap-servers.js";

/** Seconds of the rounds, by what was done. */
type Times = Readonly<Record<string, readonly number[]>>;

export interface PlatformTimes {
  readonly what: string;
  /** Medians in seconds. */
  readonly realSec: number;
  readonly oursSec: number;
  readonly ratio: number;
}

/** The files that are read are made once. */
const FILES = join(ROOT, ".cache", "bench-platform");

export async function benchPlatform(): Promise<PlatformTimes[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "rerun-ts-bench-"));
  mkdirSync(FILES, { recursive: true });
  const [real, ours] = [await startRealServer(), await startOurServer(["--data-dir", dataDir])];
  try {
    const script = join(ROOT, "bench", "platform_client.py");
    const output = execFileSync(testPython(), [script, FILES, `real=${real.url}`, `ours=${ours.url}`], { encoding: "utf8" });
    const times = JSON.parse(output) as { readonly real: Times; readonly ours: Times };
    return Object.keys(times.real).map((what) => {
      const [realSec, oursSec] = [median(times.real[what] ?? []), median(times.ours[what] ?? [])];
      return { what, realSec, oursSec, ratio: oursSec / realSec };
    });
  } finally {
    await real.stop();
    await ours.stop();
    rmSync(dataDir, { recursive: true });
  }
}

export function formatPlatform(times: readonly PlatformTimes[]): string {
  const lines = times.map(({ what, realSec, oursSec, ratio }) =>
    [what.padEnd(20), realSec.toFixed(3).padStart(10), oursSec.toFixed(3).padStart(10), ratio.toFixed(2).padStart(8)].join(" "),
  );
  return [`${"".padEnd(20)} ${"real s".padStart(10)} ${"ours s".padStart(10)} ${"ratio".padStart(8)}`, ...lines].join("\n");
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
