import { describe, expect, test } from "vitest";
import { scalarChunk } from "../../../tests/support/scalar-chunk.js";
import type { Chunk } from "../../chunk/index.js";
import type { StoreId } from "../../core/index.js";
import { RrdEncoder } from "../../rrd/index.js";
import { logMsgOfFrame } from "../log-msg-codec.js";
import { MessageProxy, type MessageProxyOptions } from "./message-proxy.js";
import type { ProxyReader } from "./proxy-reader.js";

const RECORDING: StoreId = { kind: "recording", applicationId: "app", recordingId: "rec" };
const blueprint = (recordingId: string): StoreId => ({ kind: "blueprint", applicationId: "app", recordingId });

/** Writes to a proxy as an SDK does. */
class Writer {
  readonly #proxy: MessageProxy;
  readonly #encoder = new RrdEncoder({ writeFooter: false });
  readonly #decoder;

  constructor(proxy: MessageProxy) {
    this.#proxy = proxy;
    this.#decoder = proxy.decoder();
    this.start(RECORDING);
  }

  start(storeId: StoreId): void {
    void this.send(this.#encoder.start({ storeId, source: "test" }));
  }

  chunk(chunk: Chunk, storeId: StoreId = RECORDING): Promise<void> | undefined {
    return this.send(this.#encoder.chunk(storeId, chunk));
  }

  /** A temporal chunk at a frame. */
  frame(frame: number, numValues = 1): Promise<void> | undefined {
    const times = Array.from({ length: numValues }, () => frame);
    // Values that do not compress.
    return this.chunk(
      scalarChunk(
        times,
        times.map(() => Math.random()),
        { entityPath: `/t${frame}` },
      ),
    );
  }

  static(name: string, value = 0): Promise<void> | undefined {
    return this.chunk(scalarChunk([], [value], { entityPath: `/${name}`, timeline: undefined }));
  }

  activate(id: StoreId): void {
    void this.send(this.#encoder.blueprintActivation(id, { makeActive: true, makeDefault: false }));
  }

  send(frame: Uint8Array): Promise<void> | undefined {
    return this.raw(Buffer.concat(logMsgOfFrame(frame)));
  }

  raw(bytes: Uint8Array): Promise<void> | undefined {
    return this.#proxy.write(new Uint8Array(bytes), this.#decoder);
  }
}

/** What a reader has to take now, in words. */
function taken(reader: ProxyReader, proxy: MessageProxy): string[] {
  const words: string[] = [];
  const decoder = proxy.decoder();
  for (let batch = reader.take(); batch.length > 0; batch = reader.take()) {
    for (const entry of batch) {
      const message = decoder.decode(Buffer.concat(entry.parts()));
      if (message.kind === "storeInfo") words.push(`store ${message.storeId.recordingId}`);
      else if (message.kind === "blueprintActivation") words.push(`use ${message.blueprintId.recordingId}`);
      else words.push(`${message.storeId.kind === "blueprint" ? "blueprint " : ""}${message.chunk.entityPath}`);
    }
  }
  return words;
}

function make(options: MessageProxyOptions = {}): { readonly proxy: MessageProxy; readonly writer: Writer } {
  const proxy = new MessageProxy(options);
  return { proxy, writer: new Writer(proxy) };
}

describe("late readers", () => {
  test("get stores and blueprints, then static data, then all else, then what comes", () => {
    const { proxy, writer } = make();
    void writer.frame(0);
    void writer.static("s");
    writer.start(blueprint("b"));
    void writer.chunk(scalarChunk([1], [1], { entityPath: "/view" }), blueprint("b"));
    writer.activate(blueprint("b"));
    void writer.frame(1);
    const live = proxy.reader("log");
    const order = ["store rec", "store b", "blueprint /view", "use b", "/s", "/t0", "/t1"];
    expect(taken(live, proxy)).toEqual(order);
    void writer.frame(2);
    void writer.static("s2");
    void writer.frame(3);
    expect(taken(live, proxy)).toEqual(["/t2", "/s2", "/t3"]);
    expect(taken(proxy.reader("log"), proxy)).toEqual([...order.slice(0, 5), "/s2", "/t0", "/t1", "/t2", "/t3"]);
  });

  test("get the newest first when asked so, and live data before history", () => {
    const { proxy, writer } = make({ newestFirst: true });
    for (const frame of [0, 1]) void writer.frame(frame);
    void writer.static("s");
    void writer.static("s2");
    const reader = proxy.reader("log");
    void writer.frame(2);
    expect(taken(reader, proxy)).toEqual(["/t2", "store rec", "/s2", "/s", "/t1", "/t0"]);
  });

  test("get the last static data of each component once", () => {
    const { proxy, writer } = make();
    for (let i = 0; i < 1000; i++) void writer.static("s", i);
    void writer.static("other");
    expect(taken(proxy.reader("log"), proxy)).toEqual(["store rec", "/s", "/other"]);
    expect(proxy.stats().numEntries).toBe(3);
    const same = scalarChunk([], [1], { entityPath: "/same", timeline: undefined });
    for (let i = 0; i < 3; i++) void writer.chunk(same);
    void writer.chunk(scalarChunk([], [2], { entityPath: "/same", timeline: undefined }));
    expect(taken(proxy.reader("log"), proxy)).toEqual(["store rec", "/s", "/other", "/same"]);
  });

  test("that replay while data come get all of them, in order", () => {
    const { proxy, writer } = make();
    // More than one batch of a reader.
    for (let i = 0; i < 40; i++) void writer.frame(i, 8192);
    const reader = proxy.reader("log");
    const first = reader.take();
    expect(first.length).toBeLessThan(41);
    for (let i = 40; i < 50; i++) void (i % 2 === 0 ? writer.frame(i) : writer.static(`t${i}`));
    expect(first.length + taken(reader, proxy).length).toBe(51);
    void writer.frame(50);
    expect(taken(reader, proxy)).toEqual(["/t50"]);
  });
});

describe("the memory limit", () => {
  test("drops the oldest data first, then the oldest static ones, never stores and blueprints", () => {
    const { proxy, writer } = make({ memoryLimitBytes: 100_000 });
    void writer.chunk(scalarChunk([0], [1], { entityPath: "/view" }), blueprint("b"));
    for (const name of ["s1", "s2"]) {
      const values = Array.from({ length: 1000 }, Math.random);
      void writer.chunk(scalarChunk([], values, { entityPath: `/${name}`, timeline: undefined }));
    }
    for (let i = 0; i < 10; i++) void writer.frame(i, 1000);
    const got = taken(proxy.reader("log"), proxy);
    expect(got.slice(0, 4)).toEqual(["store rec", "blueprint /view", "/s1", "/s2"]);
    expect(got.at(-1)).toBe("/t9");
    expect(got).not.toContain("/t0");
    expect(proxy.stats().numDropped).toBeGreaterThan(0);
    for (let i = 3; i < 8; i++) {
      const values = Array.from({ length: 1000 }, Math.random);
      void writer.chunk(scalarChunk([], values, { entityPath: `/s${i}`, timeline: undefined }));
    }
    const statics = taken(proxy.reader("log"), proxy);
    expect(statics).not.toContain("/s1");
    expect(statics).toContain("/s7");
    // What is left still gives way to newer data.
    void writer.static("s7");
    expect(taken(proxy.reader("log"), proxy).filter((word) => word === "/s7")).toHaveLength(1);
  });

  test("of 0 keeps stores and blueprints, and live readers get everything", () => {
    const { proxy, writer } = make({ memoryLimitBytes: 0 });
    const live = proxy.reader("log");
    expect(taken(live, proxy)).toEqual(["store rec"]);
    for (const frame of [0, 1, 2]) void writer.frame(frame);
    expect(taken(live, proxy)).toEqual(["/t0", "/t1", "/t2"]);
    // The newest message is dropped by the one that follows it.
    void writer.chunk(scalarChunk([0], [1], { entityPath: "/view" }), blueprint("b"));
    expect(taken(proxy.reader("log"), proxy)).toEqual(["store rec", "blueprint /view"]);
  });
});

describe("readers that are behind", () => {
  test("hold writers back, and let them go on when they take something", async () => {
    const { proxy, writer } = make();
    const reader = proxy.reader("log");
    taken(reader, proxy);
    let pending: Promise<void> | undefined;
    let count = 0;
    for (; pending === undefined; count++) pending = writer.frame(count);
    expect(count).toBe(1024);
    expect(reader.take()).toHaveLength(1024);
    await pending;
  });

  test("and take nothing for too long are sent away", async () => {
    const { proxy, writer } = make({ stallTimeoutMs: 1 });
    const reader = proxy.reader("log");
    taken(reader, proxy);
    let pending: Promise<void> | undefined;
    for (let i = 0; pending === undefined; i++) pending = writer.frame(i);
    await pending;
    expect(() => reader.take()).toThrow("the reader took nothing for 0.001 s while writers waited for it");
    expect(proxy.stats().numReaders).toBe(0);
  });
});

describe("bad input", () => {
  test("is InvalidData, and says what is wrong", () => {
    const { writer } = make();
    expect(() => writer.raw(new Uint8Array(0))).toThrow("missing `log_msg` in `WriteMessagesRequest`");
    expect(() => writer.raw(new Uint8Array([0x0a, 0xff]))).toThrow(
      "the message cannot be read: the message ends within a number",
    );
    const frame = new RrdEncoder({ writeFooter: false, compression: "none" });
    frame.start({ storeId: RECORDING, source: "" });
    const bytes = frame.chunk(RECORDING, scalarChunk([1], [2]));
    bytes.fill(0xee, 60, 400);
    expect(() => writer.send(bytes)).toThrow(expect.objectContaining({ code: "InvalidData" }));
  });

  test("that would grow beyond the limit when unpacked is refused before", () => {
    const { writer } = make({ maxChunkBytes: 1000 });
    const zeros = Array.from({ length: 10_000 }, () => 0);
    expect(() => writer.chunk(scalarChunk(zeros, zeros))).toThrow(expect.objectContaining({ code: "LimitExceeded" }));
  });
});
