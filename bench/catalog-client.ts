/** Rerun's own Python client on Rerun's server, and then ours on the same datasets there. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, testPython } from "../scripts/paths.mjs";
import { CatalogClient } from "../src/catalog/index.js";
import { startRealServer } from "../tests/support/redap-servers.js";
import { median, type PlatformTimes } from "./platform.js";

const FILES = join(ROOT, ".cache", "bench-platform");
const ROWS = 1_000_000;
const SEGMENTS = 1000;
const ROUNDS = 5;

export async function benchClient(): Promise<PlatformTimes[]> {
  mkdirSync(FILES, { recursive: true });
  const server = await startRealServer();
  try {
    const script = join(ROOT, "bench", "platform_client.py");
    const output = execFileSync(testPython(), [script, FILES, `real=${server.url}`], { encoding: "utf8" });
    const theirs = (JSON.parse(output) as { readonly real: Readonly<Record<string, readonly number[]>> }).real;
    const ours = await timeOurs(server.url);
    return Object.entries(ours).map(([what, seconds]) => {
      const [realSec, oursSec] = [median(theirs[what] ?? []), median(seconds)];
      return { what, realSec, oursSec, ratio: oursSec / realSec };
    });
  } finally {
    await server.stop();
  }
}

async function timeOurs(url: string): Promise<Record<string, number[]>> {
  const client = await CatalogClient.connect(url);
  const [large, small] = [await client.getDataset("large"), await client.getDataset("small0")];
  const columns = ["frame", "/e3:Scalars:scalars"];
  const works: Readonly<Record<string, () => Promise<number>>> = {
    "segment table": async () => (await small.segmentTable().toArrow()).numRows,
    reader: async () => (await large.reader("frame").toArrow()).numRows,
    "reader, one column": async () => (await large.reader("frame", { columns }).toArrow()).numRows,
    download: async () => {
      const store = await large.segmentStore("large");
      const chunks = await store.load(store.entries());
      await store.close();
      return chunks.reduce((rows, chunk) => rows + (chunk.timelines.has("frame") ? chunk.numRows : 0), 0) / 10;
    },
  };
  const times: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [what, work] of Object.entries(works)) {
      const start = performance.now();
      const rows = await work();
      times[what] = [...(times[what] ?? []), (performance.now() - start) / 1000];
      if (rows !== (what === "segment table" ? SEGMENTS : ROWS)) throw new Error(`${what}: ${rows} rows`);
    }
  }
  await client.close();
  return times;
}
