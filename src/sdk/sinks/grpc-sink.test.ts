import { afterEach, describe, expect, test, vi } from "vitest";
import { freePort } from "../../../tests/support/ports.js";
import { readProxy } from "../../../tests/support/proxy-client.js";
import { resetWarnings } from "../../core/index.js";
import { type MessageProxyServer, startMessageProxy } from "../../rpc/index.js";
import type { RrdMessage } from "../../rrd/index.js";
import { Scalars } from "../../types/index.js";
import { RecordingStream } from "../recording-stream.js";
import { GrpcServerSink } from "./grpc-server-sink.js";
import { GrpcSink } from "./grpc-sink.js";

const ends: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  resetWarnings();
  vi.restoreAllMocks();
});

async function receiver(port = 0): Promise<MessageProxyServer> {
  const server = await startMessageProxy({ port });
  ends.push(() => server.server.close());
  return server;
}

function recording(): RecordingStream {
  const rec = new RecordingStream("grpc_sink", { sendProperties: false });
  ends.push(() => rec.close().catch(() => undefined));
  return rec;
}

/** What is printed, as one text. */
function printed(): () => string {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  return () => warn.mock.calls.map(([text]) => String(text)).join("\n");
}

function logScalars(rec: RecordingStream, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    rec.setTime("frame", { sequence: i });
    rec.log("scalar", new Scalars(i));
  }
}

/** Reads until so many rows of `/scalar` are there. @returns their frames, sorted */
async function framesAt(url: string, numRows: number): Promise<bigint[]> {
  const frames = new Set<bigint>();
  const add = (message: RrdMessage): boolean => {
    if (message.kind === "chunk") for (const frame of message.chunk.timelines.get("frame")?.times ?? []) frames.add(frame);
    return frames.size >= numRows;
  };
  await readProxy(url, add);
  return [...frames].sort((a, b) => Number(a - b));
}

function count(from: number, to: number): bigint[] {
  return Array.from({ length: to - from }, (_, i) => BigInt(from + i));
}

describe("a gRPC sink", () => {
  test("brings everything to the receiver, in a synchronous loop too", async () => {
    const { url, proxy } = await receiver();
    const rec = recording();
    rec.connectGrpc(url);
    logScalars(rec, 0, 20_000);
    await rec.flush();
    expect(await framesAt(url, 20_000)).toEqual(count(0, 20_000));
    expect(proxy.stats().numDropped).toBe(0);
  });

  test("throws at the call for a malformed address", () => {
    const rec = recording();
    expect(() => rec.connectGrpc("http://127.0.0.1:9876/proxy")).toThrow("invalid endpoint");
    expect(() => new GrpcSink("rerun+http://127.0.0.1:9876/catalog")).toThrow("the path must be `/proxy`, got `/catalog`");
  });

  test("waits for a receiver that comes later, and says so", async () => {
    const warnings = printed();
    const port = await freePort();
    const rec = recording();
    rec.connectGrpc(`rerun+http://127.0.0.1:${port}/proxy`);
    logScalars(rec, 0, 100);
    await vi.waitFor(() => expect(warnings()).toContain("No connection to the receiver"), { timeout: 20_000 });
    expect(warnings()).toContain(`It is tried again, what is logged waits: rerun+http://127.0.0.1:${port}/proxy`);
    const { url } = await receiver(port);
    await rec.flush();
    expect(await framesAt(url, 100)).toEqual(count(0, 100));
  });

  test("flush and close reject with what a receiver that never comes lacks", async () => {
    printed();
    const port = await freePort();
    const rec = new RecordingStream("grpc_sink", { sendProperties: false });
    rec.setSinks([new GrpcSink(`rerun+http://127.0.0.1:${port}/proxy`, { patienceMillis: 300 })]);
    logScalars(rec, 0, 100);
    await expect(rec.flush()).rejects.toMatchObject({
      code: "SinkFailed",
      message: expect.stringMatching(/^1 chunk \(100 rows, .*\) was not sent: there was no connection for 0.3 s/),
    });
    await expect(rec.close()).rejects.toMatchObject({
      code: "SinkFailed",
      message: expect.stringMatching(/1 chunk \(100 rows, .*\) was lost: there was no connection/),
    });
  });

  test("goes on with a new receiver; what the old one had is said", async () => {
    const warnings = printed();
    const first = await receiver();
    const rec = recording();
    rec.connectGrpc(first.url);
    logScalars(rec, 0, 1000);
    await rec.flush();
    const { port } = first.server;
    await first.server.close();
    logScalars(rec, 1000, 2000);
    const second = await receiver(port);
    await rec.flush();
    expect(await framesAt(second.url, 1000)).toEqual(count(1000, 2000));
    expect(warnings()).toMatch(/1 chunk \(1000 rows, .*\) was sent before: a new receiver lacks them/);
  });
});

describe("a gRPC server sink", () => {
  test("serves what was logged before and what comes", async () => {
    const rec = recording();
    logScalars(rec, 0, 10);
    const url = await rec.serveGrpc({ grpcPort: 0 });
    expect(new GrpcServerSink({ port: 1234 }).uri).toBe("rerun+http://127.0.0.1:1234/proxy");
    const reading = framesAt(url, 30);
    logScalars(rec, 10, 30);
    await rec.flush();
    expect(await reading).toEqual(count(0, 30));
  });

  test("says when the port is taken, and the recording keeps what it holds", async () => {
    printed();
    const { server } = await receiver();
    const rec = recording();
    logScalars(rec, 0, 10);
    await expect(rec.serveGrpc({ grpcPort: server.port })).rejects.toMatchObject({
      code: "SinkFailed",
      message: expect.stringContaining("another program listens there already"),
    });
    expect(rec.store.stats().numRows).toBe(10);
  });

  test("refuses a memory limit that is none", async () => {
    await expect(recording().serveGrpc({ serverMemoryLimit: "lots" })).rejects.toThrow('such as "4GiB" or "50%", got');
  });
});
