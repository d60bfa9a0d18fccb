/**
 * 64 clients read a dataset at once from our server, one of them slowly: shows errors, how evenly they are served, and the
 * server's memory.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { create, toBinary } from "@bufbuild/protobuf";
import { ROOT } from "../scripts/paths.mjs";
import { DataSourceKind, FetchChunksRequestSchema, RerunCloudService } from "../src/protos/redap.js";
import { RpcChannel } from "../src/rpc/index.js";
import { connectRedap, hexOf, withId } from "../tests/support/redap-client.js";
import { startOurServer } from "../tests/support/redap-servers.js";

const CLIENTS = 64;
/** The slow client waits so long after each message. */
const SLOW_MS = 200;

export interface LoadResult {
  readonly seconds: number;
  readonly errors: readonly string[];
  /** Whole recordings that the clients read: the least, the median, the most. */
  readonly reads: readonly [number, number, number];
  readonly slowReads: number;
  readonly mibPerSecond: number;
  readonly peakMemoryMib: number;
}

/** @param seconds how long the clients read */
export async function benchLoad(seconds: number): Promise<LoadResult> {
  const file = join(ROOT, ".cache", "bench-platform", "large.rrd");
  if (!existsSync(file)) throw new Error("Run the platform benchmark first: it makes the files");
  const dataDir = mkdtempSync(join(tmpdir(), "rerun-ts-load-"));
  const server = await startOurServer(["--data-dir", dataDir]);
  const origin = `http://127.0.0.1:${server.port}`;
  try {
    const request = await fetchRequest(server.port, file);
    const end = performance.now() + 1000 * seconds;
    const state = { bytes: 0, errors: [] as string[], peak: 0 };
    const watch = setInterval(() => {
      state.peak = Math.max(state.peak, residentMib(server.pid));
    }, 500);
    const counts = await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) => readUntil(origin, request, end, index === 0, state)),
    );
    clearInterval(watch);
    const [slowReads = 0, ...others] = counts;
    others.sort((a, b) => a - b);
    return {
      seconds,
      errors: state.errors,
      reads: [others[0] ?? 0, others[others.length >> 1] ?? 0, others.at(-1) ?? 0],
      slowReads,
      mibPerSecond: state.bytes / 2 ** 20 / seconds,
      peakMemoryMib: state.peak,
    };
  } finally {
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

async function readUntil(
  origin: string,
  request: Uint8Array,
  end: number,
  isSlow: boolean,
  state: { bytes: number; errors: string[] },
): Promise<number> {
  const channel = new RpcChannel(origin);
  let reads = 0;
  while (performance.now() < end) {
    try {
      const call = await channel.open(RerunCloudService.method.fetchChunks);
      await call.send(request);
      call.end();
      for await (const messages of call.responses) {
        for (const { length } of messages) state.bytes += length;
        if (isSlow) await sleep(SLOW_MS);
        if (performance.now() > end) break;
      }
      reads++;
    } catch (error) {
      state.errors.push(String(error));
    }
  }
  return reads;
}

function residentMib(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib ?? 0) / 1024;
}
