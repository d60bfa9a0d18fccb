/**
 * 64 clients, each a process, read a dataset at once from our server, one of them slowly: shows errors, how evenly they are served,
 * and the server's memory.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { create, toBinary } from "@bufbuild/protobuf";
import { bundleTs } from "../scripts/bundle-ts.mjs";
import { ROOT } from "../scripts/paths.mjs";
import { DataSourceKind, FetchChunksRequestSchema } from "../src/protos/redap.js";
import { connectRedap, hexOf, withId } from "../tests/support/redap-client.js";
import { startOurServer } from "../tests/support/redap-servers.js";
import type { LoadClientResult } from "./load-client.js";
import { median } from "./platform.js";

const CLIENTS = 64;
/** The slow client waits so long after each piece of an answer. */
const SLOW_MS = 500;
/** The server's defaults. */
const [CACHE_MIB, READ_MIB] = [256, 256];
/** Half of the clients speak as native ones do, half as those in pages. */
const PROTOCOLS = ["http2", "web"];

export interface LoadResult {
  readonly seconds: number;
  readonly errors: readonly string[];
  /** Whole recordings that the clients read: the least, the median, the most. */
  readonly reads: readonly [number, number, number];
  /** What the slow client has got. */
  readonly slowMib: number;
  readonly mibPerSecond: number;
  readonly peakMemoryMib: number;
  /** What the server had before anybody asked, and what it may have for indexes and for readings by its options. */
  readonly boundMib: number;
}

/** @param seconds how long the clients read */
export async function benchLoad(seconds: number): Promise<LoadResult> {
  const file = join(ROOT, ".cache", "bench-platform", "large.rrd");
  if (!existsSync(file)) throw new Error("Run the platform benchmark first: it makes the files");
  const dataDir = mkdtempSync(join(tmpdir(), "rerun-ts-load-"));
  const server = await startOurServer(["--data-dir", dataDir, "--cache-mib", String(CACHE_MIB), "--read-mib", String(READ_MIB)]);
  const idleMib = residentMib(server.pid);
  const clients: Client[] = [];
  try {
    const request = Buffer.from(await fetchRequest(server.port, file)).toString("base64");
    const program = await bundleTs(join(ROOT, "bench", "load-client.ts"));
    for (let index = 0; index < CLIENTS; index++) {
      const [protocol, waitMs] = index === 0 ? ["http2", SLOW_MS] : [PROTOCOLS[index % 2] ?? "", 0];
      clients.push(new Client(program, [`http://127.0.0.1:${server.port}`, protocol, String(waitMs), String(seconds), request]));
    }
    await Promise.all(clients.map((client) => client.ready()));
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentMib(server.pid));
    }, 500);
    const results = await Promise.all(clients.map((client) => client.run()));
    clearInterval(watch);
    const [slow, ...others] = results;
    const counts = others.map(({ reads }) => reads).sort((a, b) => a - b);
    return {
      seconds,
      errors: results.flatMap(({ errors }) => errors),
      reads: [counts[0] ?? 0, median(counts), counts.at(-1) ?? 0],
      slowMib: (slow?.bytes ?? 0) / 2 ** 20,
      mibPerSecond: results.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20 / seconds,
      peakMemoryMib: peak,
      boundMib: idleMib + CACHE_MIB + READ_MIB,
    };
  } finally {
    for (const client of clients) client.kill();
    await server.stop();
    rmSync(dataDir, { recursive: true });
  }
}

/** Registers the recording; gives the request for the chunks of one entity, a tenth of it. */
async function fetchRequest(port: number, file: string): Promise<Uint8Array> {
  const client = connectRedap(port);
  const { dataset } = await client.createDatasetEntry({ name: "load" });
  const options = withId(hexOf(dataset?.details?.id?.id));
  await client.registerWithDataset({ dataSources: [{ storageUrl: pathToFileURL(file).href, typ: DataSourceKind.RRD }] }, options);
  for (;;) {
    for await (const { data } of client.findChunks(
      {
        contents: {
          selection: {
            case: "explicit",
            value: { entities: [{ entityPath: { path: "/e0" }, components: { case: "all", value: {} } }] },
          },
        },
        mode: { case: "range", value: { timeline: "frame", segments: { selection: { case: "all", value: {} } } } },
      },
      options,
    )) {
      if (data !== undefined) return toBinary(FetchChunksRequestSchema, create(FetchChunksRequestSchema, { chunkInfos: [data] }));
    }
    await sleep(100);
  }
}

class Client {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(program: string, args: readonly string[]) {
    this.#process = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async ready(): Promise<void> {
    await this.#line();
  }

  async run(): Promise<LoadClientResult> {
    this.#process.stdin.write("go\n");
    return JSON.parse(await this.#line()) as LoadClientResult;
  }

  kill(): void {
    this.#process.kill();
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("A client has ended before its time");
    return value;
  }
}

function residentMib(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib ?? 0) / 1024;
}
