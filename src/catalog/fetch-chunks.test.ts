import { create, toBinary } from "@bufbuild/protobuf";
import { afterEach, expect, test } from "vitest";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { chunkToIpc } from "../chunk/arrow.js";
import type { Chunk } from "../chunk/index.js";
import { BINARY, RerunError } from "../core/index.js";
import { Compression, FetchChunksResponseSchema, RerunCloudService } from "../protos/redap.js";
import { firstMessage, parseRedapUrl, type RawCall, rawRoute, startRpcServer } from "../rpc/index.js";
import { Connection } from "./connection.js";
import { type ChunkPlace, fetchChunks } from "./fetch-chunks.js";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A client of a server that answers FetchChunks so. */
async function connect(answer: (call: RawCall, number: number) => Promise<void>): Promise<Connection> {
  let calls = 0;
  const route = rawRoute(RerunCloudService.method.fetchChunks, async (call) => {
    await firstMessage(call.requests);
    calls += 1;
    await answer(call, calls);
  });
  const server = await startRpcServer({ port: 0, services: [RerunCloudService], routes: [route] });
  const connection = new Connection(parseRedapUrl(`rerun+http://127.0.0.1:${server.port}`), { version: "0.0.0" });
  closers.push(
    () => server.close(),
    () => connection.close(),
  );
  return connection;
}

const CHUNKS = [scalarChunk([1], [1]), scalarChunk([2], [[2, 3]]), scalarChunk([3], [null])];
const KEYS = { type: BINARY, length: 3, nullCount: 0, offsets: Int32Array.of(0, 1, 2, 3), values: Uint8Array.of(7, 8, 9) };
const PLACES: readonly ChunkPlace[] = CHUNKS.map(({ id, sizeBytes }, row) => ({
  id,
  segmentId: "s",
  sizeBytes,
  keys: KEYS,
  row,
}));

function responseOf(chunk: Chunk): Uint8Array {
  const payload = chunkToIpc(chunk);
  const storeId = { kind: 1, recordingId: "s", applicationId: { id: "app" } };
  const message = {
    storeId,
    compression: Compression.NONE,
    uncompressedSize: BigInt(payload.length),
    encoding: 1,
    payload,
  };
  return toBinary(FetchChunksResponseSchema, create(FetchChunksResponseSchema, { chunks: [message] }));
}

test("chunks that came before a call broke are not asked for again, the others are", async () => {
  const sent: number[] = [];
  const connection = await connect(async (call, number) => {
    const chunks = number === 1 ? CHUNKS.slice(0, 1) : CHUNKS.slice(1);
    for (const chunk of chunks) await call.send(responseOf(chunk));
    sent.push(chunks.length);
    if (number === 1) throw new RerunError("Unavailable", "the server is shutting down");
  });
  const fetched = await fetchChunks(connection, PLACES, undefined);
  expect(sent).toEqual([1, 2]);
  for (const chunk of CHUNKS) {
    const found = fetched.get(chunk.id);
    expect(found && chunkRows(found)).toEqual(chunkRows(chunk));
  }
});

test("an answer that no second try mends comes through as it is", async () => {
  let calls = 0;
  const connection = await connect(async (_, number) => {
    calls = number;
    throw new RerunError("NotFound", "Invalid chunk key: lazy load failed");
  });
  await expect(fetchChunks(connection, PLACES, undefined)).rejects.toMatchObject({
    code: "NotFound",
    message: "Invalid chunk key: lazy load failed",
  });
  expect(calls).toBe(1);
});

test("a server that leaves a chunk out is told of by its segment", async () => {
  const connection = await connect(async (call) => {
    await call.send(responseOf(CHUNKS[0] as Chunk));
  });
  await expect(fetchChunks(connection, PLACES, undefined)).rejects.toThrow(
    `the server left out chunk ${CHUNKS[1]?.id} of segment 's'`,
  );
});
