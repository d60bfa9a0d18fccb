/** Clients that ask for much and take nothing: those that take what they ask for are served all the same. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type ClientRequest, request as httpRequest } from "node:http";
import { type ClientHttp2Session, connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordingBytes } from "../../tests/support/recording-bytes.js";
import { connectRedap, hexOf, withId } from "../../tests/support/redap-client.js";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { FetchChunksRequestSchema, FetchChunksResponseSchema, RerunCloudService } from "../protos/redap.js";
import { decodeMessage, RpcChannel } from "../rpc/index.js";
import { type PlatformServer, startPlatformServer } from "./start-server.js";

const CHUNKS = 6;
/** The peers that take nothing ask for far more together than the server may hold. */
const READ_BYTES = 8 * 2 ** 20;
const STUCK = 64;
const PATH = `/${RerunCloudService.typeName}/FetchChunks`;

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-slow-"));
let server: PlatformServer;
let sizeBytes = 0;
/** For all chunks, with the five bytes before a message. */
let request: Uint8Array;

beforeAll(async () => {
  // 2 MB each that cannot be compressed.
  const row = (): number[] => [...new Float64Array(randomBytes(8000).buffer)];
  const chunks = Array.from({ length: CHUNKS }, (_, frame) => scalarChunk([frame], [Array.from({ length: 250 }, row).flat()]));
  sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
  writeFileSync(join(folder, "a.rrd"), recordingBytes("a", chunks));
  server = await startPlatformServer({
    port: 0,
    dataDir: join(folder, "data"),
    datasets: { drives: folder },
    readBytes: READ_BYTES,
  });
  const client = connectRedap(server.port);
  const { entries } = await client.findEntries({ filter: { name: "drives" } });
  const asked = {
    contents: { selection: { case: "all", value: {} } },
    mode: { case: "range", value: { timeline: "frame", segments: { selection: { case: "all", value: {} } } } },
  } as const;
  for await (const { data } of client.findChunks(asked, withId(hexOf(entries[0]?.id?.id)))) {
    if (data === undefined) continue;
    const message = toBinary(FetchChunksRequestSchema, create(FetchChunksRequestSchema, { chunkInfos: [data] }));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    request = Buffer.concat([head, message]);
  }
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Streams of HTTP/2 that are asked and not read. */
function stuckStreams(count: number): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${server.port}`, { settings: { initialWindowSize: 1024 } });
  session.on("error", () => undefined);
  for (let i = 0; i < count; i++) {
    const stream = session.request({ ":method": "POST", ":path": PATH, "content-type": "application/grpc" });
    stream.on("error", () => undefined);
    stream.pause();
    stream.end(request);
  }
  return session;
}

/** A connection of HTTP/1.1 whose answer is not read. */
function stuckConnection(): ClientRequest {
  const headers = { "content-type": "application/grpc-web+proto" };
  const stuck = httpRequest({ port: server.port, host: "127.0.0.1", method: "POST", path: PATH, headers, agent: false });
  stuck.on("error", () => undefined);
  stuck.on("response", (response) => response.pause());
  stuck.end(request);
  return stuck;
}

/** How many bytes of chunks come, when they are read. */
async function read(): Promise<number> {
  const channel = new RpcChannel(`http://127.0.0.1:${server.port}`);
  const call = await channel.open(RerunCloudService.method.fetchChunks);
  await call.send(request.subarray(5));
  call.end();
  let bytes = 0;
  for await (const messages of call.responses) {
    for (const message of messages) {
      for (const { payload } of decodeMessage(FetchChunksResponseSchema, message).chunks) bytes += payload?.length ?? 0;
    }
  }
  await channel.close();
  return bytes;
}

describe("clients that ask for chunks and take nothing", () => {
  it.each([
    ["over HTTP/2", () => [stuckStreams(STUCK)]],
    ["over HTTP/1.1", () => Array.from({ length: STUCK }, stuckConnection)],
  ])("%s do not keep others from reading", async (_, begin) => {
    const stuck = begin();
    try {
      for (let i = 0; i < 3; i++) expect(await read()).toBeGreaterThan(0.9 * sizeBytes);
    } finally {
      for (const each of stuck) each.destroy();
    }
    expect(await read()).toBeGreaterThan(0.9 * sizeBytes);
  });
});
