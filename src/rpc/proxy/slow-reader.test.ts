/** One reader that takes nothing, over a real connection: it holds writers back for a while, and nobody for ever. */
import { randomBytes } from "node:crypto";
import { type ClientHttp2Stream, connect } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterEach, expect, test } from "vitest";
import { MessageProxyService, WriteTableRequestSchema } from "../../protos/proxy.js";
import { RpcChannel } from "../client/rpc-channel.js";
import { dataframePartFromIpc } from "../dataframe-part.js";
import { startMessageProxy } from "./proxy-server.js";

const { method } = MessageProxyService;
/** More than a reader that is behind may be, and than the buffers of a connection hold. */
const NUM_TABLES = 3000;

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test("others get everything, the writer goes on, and the reader is sent away", async () => {
  const { proxy, server } = await startMessageProxy({ port: 0, stallTimeoutMs: 300 });
  ends.push(() => server.close());
  const origin = `http://127.0.0.1:${server.port}`;
  const stuck = openAndTakeNothing(origin);
  const readers = [readTables(origin), readTables(origin)];
  await expect.poll(() => proxy.stats().numReaders).toBe(3);

  const data = dataframePartFromIpc(tableToIPC(tableFromArrays({ x: new Uint8Array(randomBytes(4000)) }), "stream"));
  const table = toBinary(WriteTableRequestSchema, create(WriteTableRequestSchema, { id: { id: "table" }, data }));
  let numWaits = 0;
  for (let i = 0; i < NUM_TABLES; i++) {
    const room = proxy.writeTable(table);
    if (room !== undefined) numWaits++;
    await room;
    if (i % 100 === 0) await new Promise(setImmediate);
  }
  expect(numWaits).toBeGreaterThan(0);
  expect(await Promise.all(readers)).toEqual([NUM_TABLES, NUM_TABLES]);
  expect(proxy.stats().numReaders).toBeLessThan(3);
  expect(await statusOf(stuck)).toBe("8");
});

/** A reader whose connection lets almost nothing through, and that does not read. */
function openAndTakeNothing(origin: string): ClientHttp2Stream {
  const session = connect(origin, { settings: { initialWindowSize: 1024 } });
  ends.push(() => session.destroy());
  const path = `/${MessageProxyService.typeName}/${method.readTables.name}`;
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
  stream.end(new Uint8Array(5));
  stream.pause();
  return stream;
}

/** The status that a stream ends with, once it is read. */
function statusOf(stream: ClientHttp2Stream): Promise<unknown> {
  return new Promise((resolve) => {
    stream.on("trailers", (headers) => resolve(headers["grpc-status"]));
    stream.on("close", () => resolve("closed"));
    stream.resume();
  });
}

/** How many tables come, until all have. */
async function readTables(origin: string): Promise<number> {
  const channel = new RpcChannel(origin);
  ends.push(() => channel.close());
  const call = await channel.open(method.readTables);
  await call.send(new Uint8Array(0));
  call.end();
  let count = 0;
  for await (const batch of call.responses) {
    count += batch.length;
    if (count >= NUM_TABLES) break;
  }
  return count;
}
