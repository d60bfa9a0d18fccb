import { request as httpRequest } from "node:http";
import { connect as connectHttp2, createServer as createHttp2 } from "node:http2";
import { type AddressInfo, connect as connectTcp, createServer as createTcp } from "node:net";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterEach, describe, expect, test } from "vitest";
import { RerunError } from "../../core/index.js";
import {
  DoBandwidthTestRequestSchema,
  DoBandwidthTestResponseSchema,
  RerunCloudService,
  WriteTableResponseSchema,
} from "../../protos/redap.js";
import { RpcChannel } from "../client/rpc-channel.js";
import { firstMessage } from "../first-message.js";
import { rerunErrorOf } from "../status.js";
import { type RawHandler, rawRoute } from "./raw-stream.js";
import { type RpcServer, type RpcServerOptions, startRpcServer } from "./rpc-server.js";
import { serviceRoutes } from "./service-routes.js";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(options: Partial<RpcServerOptions> = {}): Promise<RpcServer> {
  const server = await startRpcServer({ port: 0, services: [RerunCloudService], routes: [], ...options });
  closers.push(() => server.close());
  return server;
}

function channelTo(server: RpcServer): RpcChannel {
  const channel = new RpcChannel(`http://127.0.0.1:${server.port}`);
  closers.push(() => channel.close());
  return channel;
}

const bandwidth: RawHandler = async (call) => {
  const { numBytes } = fromBinary(DoBandwidthTestRequestSchema, await firstMessage(call.requests));
  for (let left = Number(numBytes); left > 0; left -= 1000) {
    const payload = new Uint8Array(Math.min(1000, left));
    await call.send(toBinary(DoBandwidthTestResponseSchema, create(DoBandwidthTestResponseSchema, { payload })));
  }
};

async function bytesOf(channel: RpcChannel, numBytes: number): Promise<number> {
  const call = await channel.open(RerunCloudService.method.doBandwidthTest);
  const request = create(DoBandwidthTestRequestSchema, { numBytes: BigInt(numBytes) });
  await call.send(toBinary(DoBandwidthTestRequestSchema, request));
  call.end();
  let count = 0;
  for await (const batch of call.responses) {
    for (const bytes of batch) count += fromBinary(DoBandwidthTestResponseSchema, bytes).payload.length;
  }
  return count;
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function http1(
  server: RpcServer,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port: server.port, method, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString("latin1"),
        });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

describe("one port", () => {
  test("typed and raw calls go over gRPC and over gRPC-web", async () => {
    const server = await serve({
      routes: [
        ...serviceRoutes(RerunCloudService, { version: () => ({ version: "1.2.3" }) }),
        rawRoute(RerunCloudService.method.doBandwidthTest, bandwidth),
      ],
    });
    const channel = channelTo(server);
    const client = createClient(RerunCloudService, channel.transport);
    expect((await client.version({})).version).toBe("1.2.3");
    expect(await bytesOf(channel, 123_456)).toBe(123_456);
    for (const httpVersion of ["1.1", "2"] as const) {
      const web = createClient(
        RerunCloudService,
        createGrpcWebTransport({ baseUrl: `http://127.0.0.1:${server.port}`, httpVersion }),
      );
      expect((await web.version({})).version).toBe("1.2.3");
      let count = 0;
      for await (const { payload } of web.doBandwidthTest({ numBytes: 5001n })) count += payload.length;
      expect(count).toBe(5001);
    }
  });

  test.each([
    ["nothing", ""],
    ["half a preface of HTTP/2", "PR"],
    ["headers without an end", "GET /version HTTP/1.1\r\nhost: x\r\nx-"],
    ["a second request without an end", "GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\nx-"],
  ])("a connection that says %s is ended, also when it goes on byte by byte", async (_, start) => {
    const server = await serve({ headTimeoutMs: 200 });
    const socket = connectTcp(server.port, "127.0.0.1");
    const isClosed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => undefined);
    socket.resume();
    socket.write(start);
    const drip = setInterval(() => start.endsWith("-") && socket.write("a"), 20);
    await isClosed;
    clearInterval(drip);
  });

  test("a connection of HTTP/1.1 stays for as long as its request is answered", async () => {
    const server = await serve({
      headTimeoutMs: 20,
      http: (_request, response) => {
        setTimeout(() => response.end("late"), 100);
      },
    });
    expect((await http1(server, "GET", "/")).body).toBe("late");
  });

  test("what is no call goes to the http handler, or is 404", async () => {
    const server = await serve({
      http: (_request, response) => {
        response.end("rerun-ts");
      },
    });
    expect((await http1(server, "GET", "/version")).body).toBe("rerun-ts");
    expect((await http1(await serve(), "GET", "/version")).status).toBe(404);
  });

  test("unknown calls are UNIMPLEMENTED at once, over HTTP/2 and HTTP/1.1", async () => {
    const server = await serve({ routes: serviceRoutes(RerunCloudService, {}) });
    const channel = channelTo(server);
    const client = createClient(RerunCloudService, channel.transport);
    const failure = await client.version({}).catch(rerunErrorOf);
    expect(failure).toMatchObject({ code: "Unsupported" });
    const headers = { "content-type": "application/grpc-web+proto" };
    const answer = await http1(server, "POST", "/foo.Bar/Baz", headers, new Uint8Array(5));
    expect([answer.status, answer.headers["grpc-status"]]).toEqual([200, "12"]);
  });

  test("two servers cannot listen on one port", async () => {
    const { port } = await serve();
    await expect(startRpcServer({ port, services: [], routes: [] })).rejects.toMatchObject({
      code: "Unavailable",
      message: expect.stringContaining(`127.0.0.1:${port}: another program listens there already`),
    });
  });

  test("pages of other sites get no leave to read, those of localhost and named ones do", async () => {
    const server = await serve({ corsAllowOrigin: ["https://*.example.com"] });
    const preflight = async (origin: string): Promise<unknown> => {
      const answer = await http1(server, "OPTIONS", "/rerun.cloud.v1alpha1.RerunCloudService/WhoAmI", {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-grpc-web",
      });
      expect(answer).toMatchObject({
        status: 200,
        headers: { "access-control-allow-methods": "POST", "access-control-allow-headers": "content-type,x-grpc-web" },
      });
      return answer.headers["access-control-allow-origin"];
    };
    expect(await preflight("http://localhost:3000")).toBe("http://localhost:3000");
    expect(await preflight("https://a.example.com")).toBe("https://a.example.com");
    expect(await preflight("http://evil.com")).toBeUndefined();
    expect(await preflight("http://localhost.evil.com")).toBeUndefined();
  });
});

describe("errors", () => {
  const failing = (error: unknown): Partial<RpcServerOptions> => ({
    routes: [
      ...serviceRoutes(RerunCloudService, {
        version: () => {
          throw error;
        },
        // biome-ignore lint/correctness/useYield: it fails before its first message
        async *scanTable() {
          throw error;
        },
      }),
      rawRoute(RerunCloudService.method.doBandwidthTest, () => Promise.reject(error)),
    ],
  });

  test("of ours keep code and text over typed calls, typed streams and raw calls", async () => {
    const channel = channelTo(await serve(failing(new RerunError("AlreadyExists", "a dataset “ö%” is there"))));
    const client = createClient(RerunCloudService, channel.transport);
    const expected = { code: "AlreadyExists", message: "a dataset “ö%” is there" };
    await expect(client.version({}).catch((error: unknown) => Promise.reject(rerunErrorOf(error)))).rejects.toMatchObject(
      expected,
    );
    await expect(bytesOf(channel, 5)).rejects.toMatchObject(expected);
    const scan = async (): Promise<void> => {
      for await (const part of client.scanTable({})) expect(part).toBeUndefined();
    };
    expect(rerunErrorOf(await scan().catch((error: unknown) => error))).toMatchObject(expected);
  });

  test("malformed protobuf is INVALID_ARGUMENT for typed calls", async () => {
    const server = await serve({ routes: serviceRoutes(RerunCloudService, { findEntries: () => ({}) }) });
    const call = await channelTo(server).open(RerunCloudService.method.findEntries);
    await call.send(new Uint8Array([0x0a, 0xff, 0xff]));
    call.end();
    await expect(firstMessage(call.responses)).rejects.toMatchObject({ code: "InvalidArgument" });
  });

  test("a message beyond the limit is refused before it is there", async () => {
    const server = await serve({
      maxMessageBytes: 1000,
      routes: [
        ...serviceRoutes(RerunCloudService, { version: () => ({}) }),
        rawRoute(RerunCloudService.method.doBandwidthTest, bandwidth),
      ],
    });
    const session = connectHttp2(`http://127.0.0.1:${server.port}`);
    closers.push(() => session.destroy());
    for (const method of ["DoBandwidthTest", "Version"]) {
      const path = `/rerun.cloud.v1alpha1.RerunCloudService/${method}`;
      const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
      stream.write(new Uint8Array([0, 0x7f, 0xff, 0xff, 0xff]));
      const status = await new Promise((resolve) => {
        stream.on("response", (headers) => headers["grpc-status"] !== undefined && resolve(headers["grpc-status"]));
        stream.on("trailers", (headers) => resolve(headers["grpc-status"]));
        stream.resume();
      });
      expect(status).toBe("8");
    }
  });

  test("unfinished messages of all calls together are bounded", async () => {
    const server = await serve({
      maxMessageBytes: 2 ** 20,
      maxInboxBytes: 2 ** 20,
      routes: serviceRoutes(RerunCloudService, { version: () => ({ version: "1" }) }),
    });
    const channel = channelTo(server);
    const half = new Uint8Array(600_000);
    half.set([0, 0, 0x0f, 0, 0]); // Of 983 040 bytes.
    const session = connectHttp2(`http://127.0.0.1:${server.port}`);
    closers.push(() => session.destroy());
    const begin = (): Promise<unknown> => {
      const stream = session.request({
        ":method": "POST",
        ":path": "/rerun.cloud.v1alpha1.RerunCloudService/Version",
        "content-type": "application/grpc",
      });
      stream.write(half);
      return new Promise((resolve) => {
        stream.on("response", (headers) => resolve(headers["grpc-status"]));
        stream.on("error", () => undefined);
        stream.on("close", resolve);
        stream.resume();
      });
    };
    const calls = [begin(), begin()];
    expect(await Promise.race(calls)).toBe("8");
    session.destroy();
    await Promise.all(calls);
    // Those that are gone hold nothing.
    expect((await createClient(RerunCloudService, channel.transport).version({})).version).toBe("1");
  });

  /** Begins a call over HTTP/2 and goes silent: what becomes of it, and when its stream is closed. */
  function beginAndWait(
    server: RpcServer,
    method: string,
    first?: Uint8Array,
  ): { status: Promise<string>; closed: Promise<void> } {
    const session = connectHttp2(`http://127.0.0.1:${server.port}`);
    closers.push(() => session.destroy());
    const path = `/rerun.cloud.v1alpha1.RerunCloudService/${method}`;
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
    if (first !== undefined) stream.write(first);
    stream.on("error", () => undefined);
    stream.resume();
    return {
      status: new Promise((resolve) => {
        const onHeaders = (headers: Readonly<Record<string, unknown>>): void => {
          if (headers["grpc-status"] !== undefined) resolve(`${headers["grpc-status"]} ${headers["grpc-message"]}`);
        };
        stream.on("response", onHeaders);
        stream.on("trailers", onHeaders);
      }),
      closed: new Promise((resolve) => stream.on("close", () => resolve())),
    };
  }

  test("who sends half of a large message and stops does not keep others from sending theirs", async () => {
    const server = await serve({
      maxMessageBytes: 2 ** 20,
      maxInboxBytes: 2 ** 20,
      routes: serviceRoutes(RerunCloudService, {
        writeTable: async (requests) => {
          for await (const _ of requests);
          return {};
        },
      }),
    });
    const half = new Uint8Array(1_000_000);
    half.set([0, 0, 0x0f, 0x80, 0]); // Of 1 015 808 bytes.
    const hog = beginAndWait(server, "WriteTable", half);
    let isOver = false;
    void hog.closed.then(() => {
      isOver = true;
    });
    const client = createClient(RerunCloudService, channelTo(server).transport);
    const payload = new Uint8Array(100_000);
    while (!isOver) {
      await client.writeTable(
        (async function* () {
          yield { dataframePart: { payload } };
        })(),
      );
    }
    expect(await hog.status).toMatch(/^8 the calls under way .* this one the most$/);
  });

  test("who begins a call or a message and says no more is not waited for, who may be silent is", async () => {
    const server = await serve({
      messageTimeoutMs: 200,
      routes: serviceRoutes(RerunCloudService, {
        version: () => ({ version: "1" }),
        writeTable: async (requests) => {
          for await (const _ of requests);
          return {};
        },
      }),
    });
    let isOver = false;
    const stream = beginAndWait(server, "WriteTable", new Uint8Array(5));
    void stream.closed.then(() => {
      isOver = true;
    });
    const silent = [
      beginAndWait(server, "Version"),
      beginAndWait(server, "Version", new Uint8Array(3)),
      beginAndWait(server, "WriteTable", Uint8Array.of(0, 0, 0, 0, 9, 1)),
    ];
    for (const { status, closed } of silent) {
      expect(await status).toBe("4 nothing came for 0.2 s, within a message");
      await closed;
    }
    expect(isOver).toBe(false);
  });

  test("a call that is refused is closed, whatever its peer has still to send", async () => {
    const server = await serve();
    const { status, closed } = beginAndWait(server, "Version", new Uint8Array(5));
    expect(await status).toMatch(/^12 /);
    await closed;
  });

  test("more calls than can be held are refused", async () => {
    const server = await serve({ maxCalls: 2, routes: serviceRoutes(RerunCloudService, { version: () => ({ version: "1" }) }) });
    const first = beginAndWait(server, "Version");
    const statuses = [first, beginAndWait(server, "Version"), beginAndWait(server, "Version")].map(({ status }) => status);
    expect(await Promise.race(statuses)).toBe("8 the server has 2 calls in hand and takes no more");
  });

  test("what is not framed as gRPC is INVALID_ARGUMENT, compressed messages are UNIMPLEMENTED", async () => {
    const server = await serve({ routes: serviceRoutes(RerunCloudService, { version: () => ({ version: "1" }) }) });
    for (const [flags, status] of [
      [1, /^12 compressed/],
      [2, /^3 .*flags 2/],
      [0x80, /^3 trailers/],
    ] as const) {
      expect(await beginAndWait(server, "Version", Uint8Array.of(flags, 0, 0, 0, 0)).status).toMatch(status);
    }
  });

  test("pages that may not call are refused, also where a browser does not ask first", async () => {
    const server = await serve({ routes: serviceRoutes(RerunCloudService, { version: () => ({ version: "1" }) }) });
    const path = "/rerun.cloud.v1alpha1.RerunCloudService/Version";
    const status = async (origin: string): Promise<unknown> => {
      const headers = { "content-type": "application/grpc-web+proto", origin };
      const answer = await http1(server, "POST", path, headers, new Uint8Array(5));
      return answer.headers["grpc-status"] ?? /grpc-status:(\d+)/.exec(answer.body)?.[1];
    };
    expect(await status("http://localhost:9090")).toBe("0");
    // A page of a name that leads to this machine has the server's own address.
    expect(await status(`http://evil.example:${server.port}`)).toBe("7");
  });

  test("a call that is not authorized is refused with its status", async () => {
    const server = await serve({
      routes: [
        ...serviceRoutes(RerunCloudService, { version: () => ({}) }),
        rawRoute(RerunCloudService.method.doBandwidthTest, bandwidth),
      ],
      authorize: () => {
        throw new RerunError("Unauthenticated", "a token is needed");
      },
    });
    const channel = channelTo(server);
    const client = createClient(RerunCloudService, channel.transport);
    expect(rerunErrorOf(await client.version({}).catch((error: unknown) => error))).toMatchObject({ code: "Unauthenticated" });
    await expect(bytesOf(channel, 5)).rejects.toMatchObject({ code: "Unauthenticated", message: "a token is needed" });
  });

  test("a server that cannot be reached is Unavailable", async () => {
    const server = await serve();
    const { port } = server;
    await server.close();
    const channel = new RpcChannel(`http://127.0.0.1:${port}`);
    await expect(channel.open(RerunCloudService.method.version)).rejects.toMatchObject({ code: "Unavailable" });
    await expect(channel.connect()).rejects.toMatchObject({ code: "Unavailable" });
  });
});

describe("a peer that does not end its side of the connection", () => {
  test.each([
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"],
    ["HTTP/1.1", "GET / HTTP/1.1\r\nhost: x\r\n\r\n"],
  ])("does not hold up the end of the server: %s", async (_, start) => {
    const server = await serve();
    const socket = connectTcp({ host: "127.0.0.1", port: server.port, allowHalfOpen: true });
    closers.push(() => void socket.destroy());
    socket.write(start);
    await new Promise((resolve) => socket.once("data", resolve));
    await server.close({ drainMs: 600_000 });
  });
});

describe("streams", () => {
  test("a peer whose messages are not asked for is held back", async () => {
    let taken = 0;
    let release: () => void = () => undefined;
    const isReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await serve({
      routes: [
        rawRoute(RerunCloudService.method.writeTable, async (call) => {
          await isReleased;
          for await (const batch of call.requests) taken += batch.length;
          await call.send(toBinary(WriteTableResponseSchema, create(WriteTableResponseSchema)));
        }),
      ],
    });
    const call = await channelTo(server).open(RerunCloudService.method.writeTable);
    const message = new Uint8Array(2 ** 20);
    let sent = 0;
    let held: Promise<void> | undefined;
    // More than windows and buffers hold.
    while (sent < 64 && held === undefined) {
      const pending = call.send(message);
      sent += 1;
      const outcome = await Promise.race([pending, new Promise<string>((resolve) => setTimeout(resolve, 200, "held"))]);
      if (outcome === "held") held = pending;
    }
    expect(held).toBeDefined();
    release();
    await held;
    call.end();
    await firstMessage(call.responses);
    expect(taken).toBe(sent);
  });

  test("the headers of a stream come before there is something to say, the status comes behind them", async () => {
    let finish: () => void = () => undefined;
    const isFinished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const server = await serve({
      routes: [
        rawRoute(RerunCloudService.method.watchEvents, async () => {
          await isFinished;
          throw new RerunError("NotFound", "nothing came");
        }),
      ],
    });
    const session = connectHttp2(`http://127.0.0.1:${server.port}`);
    closers.push(() => session.destroy());
    const path = "/rerun.cloud.v1alpha1.RerunCloudService/WatchEvents";
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
    stream.end(new Uint8Array(5));
    stream.resume();
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once("response", resolve));
    expect([headers[":status"], headers["grpc-status"]]).toEqual([200, undefined]);
    const trailers = new Promise<Record<string, unknown>>((resolve) => stream.once("trailers", resolve));
    finish();
    expect((await trailers)["grpc-status"]).toBe("5");
  });

  test("cancelling ends the handler's signal", async () => {
    let aborted: () => void = () => undefined;
    const isAborted = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    const server = await serve({
      routes: [
        rawRoute(RerunCloudService.method.watchEvents, async (call) => {
          call.signal.addEventListener("abort", aborted);
          await call.send(new Uint8Array(0));
          await isAborted;
        }),
      ],
    });
    const stop = new AbortController();
    const call = await channelTo(server).open(RerunCloudService.method.watchEvents, { signal: stop.signal });
    call.end();
    const read = (async (): Promise<void> => {
      for await (const batch of call.responses) if (batch.length > 0) stop.abort(new Error("enough"));
    })();
    await expect(read).rejects.toThrow("enough");
    await isAborted;
  });

  test("closing the server ends open streams with UNAVAILABLE", async () => {
    const server = await serve({
      routes: [
        rawRoute(RerunCloudService.method.watchEvents, async (call) => {
          await call.send(new Uint8Array(0));
          await new Promise(() => undefined);
        }),
      ],
    });
    const call = await channelTo(server).open(RerunCloudService.method.watchEvents);
    call.end();
    const read = async (): Promise<void> => {
      for await (const batch of call.responses) if (batch.length > 0) void server.close();
    };
    await expect(read()).rejects.toMatchObject({ code: "Unavailable", message: "the server is shutting down" });
  });

  test("an answer that the connection is lost under says so", async () => {
    const other = createHttp2();
    other.on("stream", (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      stream.write(new Uint8Array(5), () => stream.session?.destroy());
    });
    await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", resolve));
    closers.push(() => void other.close());
    const channel = new RpcChannel(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    closers.push(() => channel.close());
    const call = await channel.open(RerunCloudService.method.watchEvents);
    call.end();
    const read = async (): Promise<void> => {
      for await (const batch of call.responses) expect(batch).toHaveLength(1);
    };
    await expect(read()).rejects.toMatchObject({
      code: "Unavailable",
      message: "the call broke: the server ended the connection within its answer",
    });
  });

  test.each(["220 mail.example ESMTP\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "\0".repeat(100)])(
    "what does not speak HTTP/2 fails the call and nothing else: %j",
    async (greeting) => {
      const other = createTcp((socket) => void socket.on("error", () => undefined).write(greeting));
      await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", resolve));
      closers.push(() => void other.close());
      const channel = new RpcChannel(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
      closers.push(() => channel.close());
      const calls = [0, 1].map(async () => {
        const call = await channel.open(RerunCloudService.method.version);
        call.end();
        return firstMessage(call.responses);
      });
      for (const call of calls) await expect(call).rejects.toMatchObject({ code: "Unavailable" });
    },
  );

  test("messages come whole and in order, whatever their size", async () => {
    const sizes = [0, 1, 16_383, 16_384, 16_385, 70_000, 3, 1_000_000, 5];
    const server = await serve({
      routes: [
        rawRoute(RerunCloudService.method.writeTable, async (call) => {
          for await (const batch of call.requests) for (const bytes of batch) await call.send(new Uint8Array(bytes));
        }),
      ],
    });
    const call = await channelTo(server).open(RerunCloudService.method.writeTable);
    for (const [i, size] of sizes.entries()) await call.send(new Uint8Array(size).fill(i), new Uint8Array([i]));
    call.end();
    const got: Uint8Array[] = [];
    for await (const batch of call.responses) got.push(...batch.map((bytes) => new Uint8Array(bytes)));
    expect(got.map((bytes) => bytes.length)).toEqual(sizes.map((size) => size + 1));
    for (const [i, bytes] of got.entries()) expect(bytes.every((byte) => byte === i)).toBe(true);
  });
});
