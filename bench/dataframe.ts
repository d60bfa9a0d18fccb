import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, testPython } from "../scripts/paths.mjs";
import { type DataFrame, openDataset } from "../src/dataset/index.js";
import { LAYOUTS, makeLayouts, secondsOf } from "./layouts.js";

/** One query, here and by Rerun's reader on its own server in its own process. Times in seconds, the best of several. */
export interface DataframeResult {
  readonly layout: string;
  readonly query: string;
  readonly rows: number;
  readonly python: number;
  /** A dataset that is open, as the server's is. */
  readonly ours: number;
  /** Opening the file, the query, closing: nothing is cached. */
  readonly cold: number;
  readonly ratio: number;
}

interface PythonResult {
  readonly layout: string;
  readonly query: string;
  readonly seconds: number;
  readonly rows: number;
  readonly columns: number;
}

const GOAL = 1;

/** All columns, all filled, and one column of three recordings of `rows` rows × 10 scalars. */
export async function benchDataframes(options: { readonly repeats: number; readonly rows: number }): Promise<DataframeResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-bench-"));
  try {
    makeLayouts(folder, options.rows);
    const program = join(ROOT, "bench", "dataframe_reader.py");
    const output = execFileSync(testPython(), [program, folder, String(options.repeats)], { encoding: "utf8" });
    const theirs: readonly PythonResult[] = JSON.parse(output.slice(output.lastIndexOf("[{")));
    const results: DataframeResult[] = [];
    for (const layout of LAYOUTS) {
      const own = theirs.filter((each) => each.layout === layout);
      results.push(...(await benchLayout(join(folder, `${layout}.rrd`), own, options.repeats)));
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function benchLayout(path: string, theirs: readonly PythonResult[], repeats: number): Promise<DataframeResult[]> {
  const results: DataframeResult[] = [];
  const dataset = await openDataset(path);
  for (const { layout, query, seconds: python, rows, columns } of theirs) {
    const read = async (frame: DataFrame): Promise<void> => {
      const table = await frame.toArrow();
      if (table.numRows === rows && table.numCols === columns) return;
      throw new Error(`${layout}, ${query}: ${table.numRows} × ${table.numCols}, Rerun's has ${rows} × ${columns}`);
    };
    const ask = (of: typeof dataset): DataFrame =>
      of.reader("frame", query === "filled" ? { fillLatestAt: true } : query === "column" ? { columns: columnsOf(layout) } : {});
    let [ours, cold] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i < repeats; i++) {
      ours = Math.min(ours, await secondsOf(() => read(ask(dataset))));
      const whole = async (): Promise<void> => {
        const fresh = await openDataset(path);
        await read(ask(fresh));
        await fresh.close();
      };
      cold = Math.min(cold, await secondsOf(whole));
    }
    results.push({ layout, query, rows, python, ours, cold, ratio: ours / python });
  }
  await dataset.close();
  return results;
}

function columnsOf(layout: string): string[] {
  return ["frame", layout === "one-entity" ? "/data:c3" : "/data/3:Scalars:scalars"];
}

export function formatDataframes(results: readonly DataframeResult[]): string {
  const seconds = (value: number): string => value.toFixed(3).padStart(7);
  const lines = results.map(
    ({ layout, query, python, ours, cold, ratio }) =>
      `${layout.padEnd(14)} ${query.padEnd(7)} Python ${seconds(python)} s  ours ${seconds(ours)} s = ${ratio.toFixed(2)} ` +
      `(goal ${GOAL}${ratio <= GOAL ? "" : ", missed"})  with opening ${seconds(cold)} s = ${(cold / python).toFixed(2)}`,
  );
  return ["dataframes as Arrow tables, against `dataset.reader` on `rerun.server.Server`", ...lines].join("\n");
}
