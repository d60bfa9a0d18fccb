/** Rerun's own Python client and ours in turn, on Rerun's server. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT, testPython } from "../scripts/paths.mjs";
import { CatalogClient } from "../src/catalog/index.js";
import { startRealServer } from "../tests/support/redap-servers.js";
import { median, type PlatformTimes } from "./platform.js";

const FILES = join(ROOT, ".cache", "bench-platform");
const ROWS = 1_000_000;
const SEGMENTS = 1000;
const ROUNDS = 9;

/** Does what is named, and gives the seconds that it took. */
type Timed = (what: string) => Promise<number>;

export async function benchClient(): Promise<PlatformTimes[]> {
  mkdirSync(FILES, { recursive: true });
  const server = await startRealServer();
  const python = spawn(testPython(), [join(ROOT, "bench", "platform_client.py"), FILES, "--ask", server.url], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const theirs = await timeTheirs(python);
    const client = await CatalogClient.connect(server.url);
    const works = await worksOf(client);
    const times = await timeInTurn(Object.keys(works), theirs, async (what) => {
      const start = performance.now();
      await works[what]?.();
      return (performance.now() - start) / 1000;
    });
    await client.close();
    return times;
  } finally {
    python.kill();
    await server.stop();
  }
}

/** Once it has registered what is read. */
async function timeTheirs({ stdin, stdout }: ChildProcess): Promise<Timed> {
  if (stdin === null || stdout === null) throw new Error("the Python client has no pipes");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value);
  const ready = await line();
  if (ready !== "ready") throw new Error(`The Python client did not start: ${ready}`);
  return async (what) => {
    stdin.write(`${what}\n`);
    return Number(await line());
  };
}

/** Each work once by each, after a round that is not counted; who begins changes from round to round. */
async function timeInTurn(works: readonly string[], theirs: Timed, ours: Timed): Promise<PlatformTimes[]> {
  const times = works.map((what) => ({ what, real: [] as number[], ours: [] as number[] }));
  for (let round = -1; round < ROUNDS; round++) {
    for (const { what, ...seconds } of times) {
      const turns = [
        { timed: theirs, list: seconds.real },
        { timed: ours, list: seconds.ours },
      ];
      for (const { timed, list } of round % 2 === 0 ? turns : turns.reverse()) {
        const taken = await timed(what);
        if (round >= 0) list.push(taken);
      }
    }
  }
  return times.map(({ what, real, ours: own }) => {
    const [realSec, oursSec] = [median(real), median(own)];
    return { what, realSec, oursSec, ratio: oursSec / realSec };
  });
}

async function worksOf(client: CatalogClient): Promise<Readonly<Record<string, () => Promise<void>>>> {
  const [large, small] = [await client.getDataset("large"), await client.getDataset("small")];
  const columns = ["frame", "/e3:Scalars:scalars"];
  const download = async (): Promise<number> => {
    const store = await large.segmentStore("large");
    const chunks = await store.load(store.entries());
    await store.close();
    return chunks.reduce((rows, chunk) => rows + (chunk.timelines.has("frame") ? chunk.numRows : 0), 0) / 10;
  };
  return {
    "segment table": async () => expectRows((await small.segmentTable().toArrow()).numRows, SEGMENTS),
    reader: async () => expectRows((await large.reader("frame").toArrow()).numRows, ROWS),
    "reader, one column": async () => expectRows((await large.reader("frame", { columns }).toArrow()).numRows, ROWS),
    download: async () => expectRows(await download(), ROWS),
  };
}

function expectRows(rows: number, expected: number): void {
  if (rows !== expected) throw new Error(`${rows} rows, expected ${expected}`);
}
