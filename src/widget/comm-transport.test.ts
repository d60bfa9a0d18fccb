import { describe, expect, it } from "vitest";
import { CommTransport } from "./comm-transport.js";
import type { ViewModel } from "./view-model.js";
import type { FromView, ToView } from "./wire.js";

/** A model as anywidget gives it, whose kernel is the test. */
function setUp() {
  const listeners = new Map<string, Set<(...args: never[]) => void>>();
  const sent: { message: FromView; buffers: readonly ArrayBufferView[] }[] = [];
  const state = { isAlive: true };
  const model: ViewModel = {
    get: () => undefined as never,
    on(event, callback) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(callback));
    },
    off: (event, callback) => void (event && callback && listeners.get(event)?.delete(callback)),
    send(content, _callbacks, buffers = []) {
      if (!state.isAlive) throw new Error("Cannot send");
      sent.push({ message: content as FromView, buffers: buffers as ArrayBufferView[] });
    },
  };
  const fire = (event: string, ...args: unknown[]) => {
    for (const callback of [...(listeners.get(event) ?? [])]) (callback as (...all: unknown[]) => void)(...args);
  };
  const receive = (content: ToView, buffers: DataView[] = []) => fire("msg:custom", content, buffers);
  const transport = new CommTransport(model);
  const messages: [unknown, readonly Uint8Array[]][] = [];
  const statuses: string[] = [];
  transport.onMessage((message, buffers) => messages.push([message, buffers]));
  transport.onStatus((status) => statuses.push(status));
  const numListeners = () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0);
  return { transport, sent, state, fire, receive, messages, statuses, numListeners };
}

const hello = { kind: "hello", id: 1, protocol: 1 } as const;
const reply = { kind: "reply", id: 1, seq: 0, last: true } as const;

describe("CommTransport", () => {
  it("hears what is for all views and for this one, and nothing meant for others", () => {
    const { transport, sent, receive, messages } = setUp();
    transport.send(hello);
    const view = sent[0]?.message.view ?? "";
    receive({ view: "another", message: reply });
    receive({ view, message: reply }, [new DataView(Uint8Array.of(9, 1, 2).buffer, 1)]);
    receive({ message: { kind: "revision", revision: 5 } });
    expect(messages).toEqual([
      [reply, [Uint8Array.of(1, 2)]],
      [{ kind: "revision", revision: 5 }, []],
    ]);
  });

  it("two transports have different ids", () => {
    const [a, b] = [setUp(), setUp()];
    a.transport.send(hello);
    b.transport.send(hello);
    expect(a.sent[0]?.message.view).not.toBe(b.sent[0]?.message.view);
  });

  it("answers a ping", () => {
    const { receive, sent, messages } = setUp();
    receive({ ping: 3 });
    expect(sent[0]?.message).toMatchObject({ pong: 3 });
    expect(messages).toEqual([]);
  });

  it("sends buffers as their own bytes", () => {
    const { transport, sent } = setUp();
    const whole = Uint8Array.of(1, 2, 3, 4);
    transport.send({ kind: "event", id: 0, event: { type: "screenshot", requestId: 1 } }, [whole.subarray(1, 3)]);
    expect(new Uint8Array(sent[0]?.buffers[0]?.buffer ?? new ArrayBuffer(0))).toEqual(Uint8Array.of(2, 3));
  });

  it("says why instead of sending a picture that the server would not let pass", () => {
    const { transport, sent } = setUp();
    transport.send({ kind: "event", id: 0, event: { type: "screenshot", requestId: 7 } }, [new Uint8Array(9 * 1024 * 1024)]);
    expect(sent[0]?.message).toMatchObject({
      request: { event: { requestId: 7, error: expect.stringContaining("9437184 bytes") } },
    });
    expect(sent[0]?.buffers).toEqual([]);
  });

  it("is closed once the kernel is gone, and stays so", () => {
    const { fire, state, statuses, transport, sent } = setUp();
    fire("comm_live_update");
    expect(statuses).toEqual(["open"]);
    state.isAlive = false;
    fire("comm_live_update");
    state.isAlive = true;
    fire("comm_live_update");
    const before = sent.length;
    transport.send(hello);
    expect([statuses, sent.length]).toEqual([["open", "closed"], before]);
  });

  it("notices a dead kernel by sending, and the kernel's goodbye", () => {
    const dead = setUp();
    dead.state.isAlive = false;
    dead.transport.send(hello);
    expect(dead.statuses).toEqual(["open", "closed"]);
    const told = setUp();
    told.receive({ message: { kind: "closed", reason: "done" } });
    expect([told.messages.length, told.statuses]).toEqual([1, ["open", "closed"]]);
  });

  it("leaves no listener behind", () => {
    const { transport, numListeners } = setUp();
    expect(numListeners()).toBeGreaterThan(0);
    transport.close();
    expect(numListeners()).toBe(0);
  });
});
