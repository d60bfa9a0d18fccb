import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT, testPython } from "../scripts/paths.mjs";

/** Recordings of rows × 10 scalars: one entity with ten components; ten entities in chunks of 50 000, and of 8 192 rows. */
export const LAYOUTS = ["one-entity", "large-chunks", "small-chunks"] as const;

/** Writes `FOLDER/LAYOUT.rrd` for each layout with Rerun's Python SDK. */
export function makeLayouts(folder: string, rows: number): void {
  execFileSync(testPython(), [join(ROOT, "bench", "make_layouts.py"), folder, String(rows)], { stdio: "ignore" });
}

export async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}
