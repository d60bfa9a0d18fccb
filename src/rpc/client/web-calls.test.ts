import { once } from "node:events";
import { createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { RerunError } from "../../core/index.js";
import { RerunCloudService } from "../../protos/redap.js";
import { firstMessage } from "../first-message.js";
import { type RawHandler, rawRoute } from "../server/raw-stream.js";
import { startRpcServer } from "../server/rpc-server.js";
import { RpcChannel } from "./rpc-channel.js";

const METHOD = RerunCloudService.method.fetchChunks;
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function channelTo(port: number): RpcChannel {
  const channel = new RpcChannel(`http://127.0.0.1:${port}`);
  closers.push(() => channel.close());
  return channel;
}

async function serve(handle: RawHandler): Promise<RpcChannel> {
  const server = await startRpcServer({ port: 0, services: [RerunCloudService], routes: [rawRoute(METHOD, handle)] });
  closers.push(() => server.close());
  return channelTo(server.port);
}

/** A server of HTTP/1.1 that does this with each connection. */
async function serveRaw(onSocket: (socket: Socket, number: number) => void): Promise<RpcChannel> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    onSocket(socket, sockets.push(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return channelTo((server.address() as AddressInfo).port);
}

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/grpc-web+proto\r\n";
/** One message of one byte, and the status. */
const ANSWER = `${HEAD}content-length: 26\r\n\r\n\0\0\0\0\x01a\x80\0\0\0\x0fgrpc-status:0\r\n`;

async function receive(channel: RpcChannel, options: { readonly signal?: AbortSignal; readonly request?: string } = {}) {
  const messages: string[] = [];
  const request = Buffer.from(options.request ?? "?");
  await channel.receive(METHOD, (message) => messages.push(Buffer.from(message).toString("latin1")), { ...options, request });
  return messages;
}

test("answers come in their order over a connection that is kept, each in memory of its own", async () => {
  const long = "x".repeat(300_000);
  const channel = await serve(async (call) => {
    const question = Buffer.from(await firstMessage(call.requests)).toString();
    for (const answer of [question, long, ""]) await call.send(Buffer.from(answer));
  });
  expect(await receive(channel, { request: "one" })).toEqual(["one", long, ""]);
  expect(await receive(channel, { request: "two" })).toEqual(["two", long, ""]);
});

test("a failure comes through with its code and text, before and after answers", async () => {
  const channel = await serve(async (call) => {
    const question = Buffer.from(await firstMessage(call.requests)).toString();
    if (question === "late") await call.send(Buffer.from("a"));
    throw new RerunError("NotFound", `no “${question}” here`);
  });
  await expect(receive(channel, { request: "early" })).rejects.toMatchObject({ code: "NotFound", message: "no “early” here" });
  await expect(receive(channel, { request: "late" })).rejects.toMatchObject({ code: "NotFound", message: "no “late” here" });
});

test("what the receiver throws ends the call", async () => {
  let isEnded: (reason: unknown) => void = () => undefined;
  const ended = new Promise((resolve) => {
    isEnded = resolve;
  });
  const channel = await serve(async (call) => {
    await firstMessage(call.requests);
    await call.send(Buffer.from("a"));
    await once(call.signal, "abort");
    isEnded(call.signal.reason);
  });
  const work = channel.receive(
    METHOD,
    () => {
      throw new RerunError("InvalidData", "not that");
    },
    { request: new Uint8Array(1) },
  );
  await expect(work).rejects.toMatchObject({ code: "InvalidData", message: "not that" });
  expect(await ended).toMatchObject({ code: "Closed" });
});

test("an aborted call rejects with the reason of its signal", async () => {
  const stop = new AbortController();
  const channel = await serve(async (call) => {
    await firstMessage(call.requests);
    stop.abort(new Error("enough"));
    await once(call.signal, "abort");
  });
  await expect(receive(channel, { signal: stop.signal })).rejects.toThrow("enough");
  await expect(receive(channel, { signal: stop.signal })).rejects.toThrow("enough");
});

test("a connection that was closed while it waited is replaced", async () => {
  let connections = 0;
  const channel = await serveRaw((socket, number) => {
    connections = number;
    let questions = 0;
    socket.on("data", () => {
      questions += 1;
      // The second question finds the connection closed, without an answer.
      if (number === 1 && questions === 2) socket.destroy();
      else socket.write(ANSWER, "latin1");
    });
  });
  expect(await receive(channel)).toEqual(["a"]);
  expect(await receive(channel)).toEqual(["a"]);
  expect(connections).toBe(2);
});

test("more calls than connections wait for their turn, and leave the queue when they are aborted", async () => {
  let [running, most] = [0, 0];
  const release: (() => void)[] = [];
  const channel = await serve(async (call) => {
    await firstMessage(call.requests);
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => release.push(resolve));
    running -= 1;
  });
  const stop = new AbortController();
  const calls = Array.from({ length: 12 }, () => receive(channel));
  const aborted = receive(channel, { signal: stop.signal });
  calls.push(receive(channel));
  stop.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
  while (running < 8) await turn();
  let isDone = false;
  const all = Promise.all(calls).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    for (const each of release.splice(0)) each();
    await turn();
  }
  expect(await all).toHaveLength(13);
  expect(most).toBe(8);
});

test("a connection that breaks within an answer is told of as unavailable", async () => {
  const channel = await serveRaw((socket) => {
    socket.on("data", () => socket.end(`${HEAD}content-length: 1000\r\n\r\n\0\0\0\0\x02a`, "latin1"));
  });
  await expect(receive(channel)).rejects.toMatchObject({ code: "Unavailable", message: "the answer ends within a message" });
});

test("an answer without a status is told of as unavailable", async () => {
  const channel = await serveRaw((socket) => {
    socket.on("data", () => socket.write(`${HEAD}content-length: 6\r\n\r\n\0\0\0\0\x01a`, "latin1"));
  });
  await expect(receive(channel)).rejects.toMatchObject({ code: "Unavailable" });
});

test("a server that speaks HTTP/2 alone is asked by that", async () => {
  const server = createHttp2Server();
  server.on("stream", (stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.from("\0\0\0\0\x01a", "latin1"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => void server.close());
  const channel = channelTo((server.address() as AddressInfo).port);
  expect(await receive(channel)).toEqual(["a"]);
  expect(await receive(channel)).toEqual(["a"]);
});

test("a server that cannot be reached is told of with its address", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await expect(receive(channelTo(port))).rejects.toMatchObject({
    code: "Unavailable",
    message: `the server cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
  });
});

test("a header of several lines is refused", async () => {
  const channel = await serveRaw(() => undefined);
  const work = channel.receive(METHOD, () => undefined, { request: new Uint8Array(1), headers: { "x-name": "a\r\nhost: b" } });
  await expect(work).rejects.toMatchObject({ code: "InvalidArgument" });
});
