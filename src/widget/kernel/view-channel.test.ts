import { describe, expect, it, vi } from "vitest";
import type { Envelope, Reply, Request, ViewerEvent } from "../../link/index.js";
import { type RequestHandler, ViewChannel } from "./view-channel.js";

interface Sent {
  readonly view?: string;
  readonly message: { readonly kind: string; readonly id: number; readonly seq: number; readonly last: boolean };
  readonly ping?: number;
}

function reply(id: number, seq: number, last: boolean): Envelope<Reply> {
  return { content: { kind: "reply", id, seq, last }, buffers: [Uint8Array.of(id, seq)] };
}

/** Answers an index request with as many parts as its revision says. */
const parts: RequestHandler = {
  *handle(request) {
    const count = request.kind === "index" ? request.sinceRevision : 1;
    for (let seq = 0; seq < count; seq++) yield reply(request.id, seq, seq === count - 1);
  },
};

function setUp(service: RequestHandler = parts) {
  let now = 0;
  const sent: Sent[] = [];
  const events: [ViewerEvent, readonly Uint8Array[], string][] = [];
  const errors: unknown[] = [];
  const pongs: [number, string][] = [];
  const channel = new ViewChannel({
    service,
    bundleParts: () => [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)],
    send: (content) => sent.push(content as never),
    onEvent: (event, buffers, view) => events.push([event, buffers, view]),
    onPong: (ping, view) => pongs.push([ping, view]),
    onError: (error) => errors.push(error),
    now: () => now,
  });
  const ask = (request: Request, view = "v") => channel.receive({ view, request }, [], { msg_id: "m" });
  const replies = () => sent.filter((s) => s.message?.kind === "reply").map((s) => `${s.view} ${s.message.id}.${s.message.seq}`);
  const wait = (ms: number) => {
    now += ms;
  };
  return { channel, sent, events, errors, pongs, ask, replies, wait };
}

/** Answers an index request when the test says so, others at once. */
function slowService() {
  const waiting = new Map<number, Outcome>();
  const signals: AbortSignal[] = [];
  const service: RequestHandler = {
    handle(request, signal) {
      if (request.kind !== "index") return parts.handle(request, signal);
      signals.push(signal);
      return new Promise((resolve, reject) => {
        waiting.set(request.id, { arrive: () => resolve(parts.handle(request, signal)), fail: () => reject(new Error("lost")) });
      });
    },
  };
  const arrive = (id: number) => waiting.get(id)?.arrive();
  const fail = (id: number) => waiting.get(id)?.fail();
  return { service, signals, arrive, fail };
}

interface Outcome {
  readonly arrive: () => void;
  readonly fail: () => void;
}

const index = (id: number, count: number): Request => ({ kind: "index", id, sinceRevision: count });
const turns = async (count = 20) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe("ViewChannel", () => {
  it("sends the first part of an answer in the very turn of the request, to the view that asked", () => {
    const { ask, replies } = setUp();
    ask(index(1, 1));
    expect(replies()).toEqual(["v 1.0"]);
  });

  it("takes turns between requests: a short answer does not wait for a long one", async () => {
    const { ask, replies } = setUp();
    ask(index(1, 4));
    ask(index(2, 1), "w");
    await turns();
    expect(replies()).toEqual(["v 1.0", "w 2.0", "v 1.1", "v 1.2", "v 1.3"]);
  });

  it("answers repetitions that crossed the answer once, and later ones again", async () => {
    const { ask, replies, wait } = setUp();
    ask(index(1, 3));
    ask(index(1, 3));
    await turns();
    ask(index(1, 3));
    await turns();
    expect(replies()).toEqual(["v 1.0", "v 1.1", "v 1.2"]);
    wait(501);
    ask(index(1, 3));
    await turns();
    expect(replies().length).toBe(6);
  });

  it("gives the viewer's code in parts", async () => {
    const { ask, replies, sent } = setUp();
    ask({ kind: "bundle", id: 9 });
    await turns();
    expect(replies()).toEqual(["v 9.0", "v 9.1", "v 9.2"]);
    expect(sent.at(-1)?.message.last).toBe(true);
  });

  it("says in the answer what went wrong, and goes on", async () => {
    const service: RequestHandler = {
      handle(request) {
        if (request.id === 1) throw new Error("broken");
        return [reply(request.id, 0, true)];
      },
    };
    const { ask, sent, errors, replies } = setUp(service);
    ask(index(1, 1));
    ask(index(2, 1));
    await turns();
    expect(sent[0]?.message).toMatchObject({ id: 1, last: true, error: { message: expect.stringContaining("broken") } });
    expect(errors.length).toBe(1);
    expect(replies()).toEqual(["v 1.0", "v 2.0"]);
  });

  it("lets others go on while the data of an answer are on their way, and says that it waits", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { service, arrive, fail } = slowService();
      const { ask, replies, sent, errors } = setUp(service);
      ask(index(1, 2));
      ask(index(2, 1), "w");
      ask(index(2, 1), "w");
      ask({ kind: "hello", id: 3, protocol: 1 });
      await turns();
      expect(replies()).toEqual(["v 3.0"]);
      vi.advanceTimersByTime(500);
      expect(sent.slice(1)).toEqual(["v", "w"].map((view) => ({ view, message: { kind: "waiting" } })));
      arrive(1);
      fail(2);
      await turns();
      expect(replies()).toEqual(["v 3.0", "v 1.0", "w 2.0", "v 1.1"]);
      expect(errors).toHaveLength(1);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("gives up what is on its way when it is closed", async () => {
    const { service, arrive, signals } = slowService();
    const { channel, ask, replies } = setUp(service);
    ask(index(1, 1));
    channel.close("done");
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    arrive(1);
    await turns();
    expect(replies()).toEqual([]);
  });

  it("tells commands to all views, and the last of each lasting kind to a view that opens later", () => {
    const { channel, ask, sent } = setUp();
    channel.command({ kind: "setTime", timeline: "a" });
    channel.command({ kind: "setTime", timeline: "b" });
    channel.command({ kind: "play" });
    channel.command({ kind: "pause" });
    channel.command({ kind: "screenshot", requestId: 1 });
    expect(sent.every((s) => s.view === undefined)).toBe(true);
    const before = sent.length;
    ask({ kind: "event", id: 1, event: { type: "ready" } }, "late");
    expect(sent.slice(before)).toEqual([
      { view: "late", message: { kind: "command", command: { kind: "setTime", timeline: "b" } } },
      { view: "late", message: { kind: "command", command: { kind: "pause" } } },
    ]);
  });

  it("passes events and pongs on, and ignores what is no message of a view", () => {
    const { channel, events, pongs, sent } = setUp();
    const buffers = [Uint8Array.of(1)];
    channel.receive({ view: "v", request: { kind: "event", id: 1, event: { type: "play" } } }, buffers, {});
    channel.receive({ view: "v", pong: 7 }, [], {});
    for (const odd of [null, 5, "x", [], {}, { view: 1 }, { view: "v", request: 3 }, { view: "v", request: { kind: "index" } }]) {
      channel.receive(odd, [], {});
    }
    expect(events).toEqual([[{ type: "play" }, buffers, "v"]]);
    expect(pongs).toEqual([[7, "v"]]);
    expect(sent).toEqual([]);
  });

  it("says goodbye once and then nothing", async () => {
    const { channel, ask, sent } = setUp();
    ask(index(1, 5));
    channel.close("done");
    channel.close("done");
    ask(index(2, 1));
    channel.revisionChanged(3);
    await turns();
    expect(sent.map((s) => s.message.kind)).toEqual(["reply", "closed"]);
  });
});
