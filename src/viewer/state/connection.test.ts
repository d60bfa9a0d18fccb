import { describe, expect, test } from "vitest";
import type { Notice, Reply, Request, Transport } from "../../link/client.js";
import { Connection, type ConnectionStatus, type Timers } from "./connection.js";

/** A clock that the test moves. */
class TestTimers implements Timers {
  #now = 0;
  #tasks: { readonly at: number; readonly task: () => void }[] = [];
  now(): number {
    return this.#now;
  }
  after(timeoutMs: number, task: () => void): () => void {
    const entry = { at: this.#now + timeoutMs, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }
  get numTasks(): number {
    return this.#tasks.length;
  }
  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#tasks.filter(({ at }) => at <= this.#now);
    this.#tasks = this.#tasks.filter(({ at }) => at > this.#now);
    for (const { task } of due) task();
  }
}

function connect(): {
  timers: TestTimers;
  connection: Connection;
  seen: ConnectionStatus[];
  reply: (id: number, last?: boolean) => void;
  notice: (notice: Notice) => void;
  end: () => void;
  sent: Request[];
} {
  const timers = new TestTimers();
  const sent: Request[] = [];
  let onMessage: (message: Reply | Notice, buffers: readonly Uint8Array[]) => void = () => {};
  let onStatus: (status: "open" | "closed") => void = () => {};
  const inner: Transport = {
    send: (message) => void sent.push(message),
    onMessage: (listener) => {
      onMessage = listener;
    },
    onStatus: (listener) => {
      onStatus = listener;
    },
    close: () => {},
  };
  const connection = new Connection(inner, timers);
  const seen: ConnectionStatus[] = [];
  connection.watch((status) => seen.push(status));
  return {
    timers,
    connection,
    seen,
    sent,
    reply: (id, last = true) => onMessage({ kind: "reply", id, answer: 1, seq: 0, last }, []),
    notice: (notice) => onMessage(notice, []),
    end: () => onStatus("closed"),
  };
}

const ask = (id: number): Request => ({ kind: "index", id, sinceRevision: 0 });

describe("a connection", () => {
  test("is busy after a second without a sign of life, and open again with the next one", () => {
    const { connection, timers, seen, reply } = connect();
    connection.send(ask(1));
    timers.pass(999);
    expect(seen).toEqual([]);
    timers.pass(1);
    expect(seen).toEqual(["busy"]);
    reply(1);
    expect(seen).toEqual(["busy", "open"]);
  });

  test("is not busy while parts of an answer come", () => {
    const { connection, timers, seen, reply } = connect();
    connection.send(ask(1));
    for (let i = 0; i < 5; i++) {
      timers.pass(600);
      reply(1, false);
    }
    expect(seen).toEqual([]);
    timers.pass(600);
    timers.pass(600);
    expect(seen).toEqual(["busy"]);
  });

  test("has no timer when nothing is awaited, and events are not awaited", () => {
    const { connection, timers, seen, reply } = connect();
    connection.send(ask(1));
    reply(1);
    connection.send({ kind: "event", id: 0, event: { type: "play" } });
    expect(timers.numTasks).toBe(0);
    timers.pass(10_000);
    expect(seen).toEqual([]);
  });

  test("is closed for good, by the transport or by a notice, and sends nothing more", () => {
    const { connection, seen, end, sent, timers } = connect();
    connection.send(ask(1));
    end();
    connection.send(ask(2));
    expect([seen, sent.length, timers.numTasks]).toEqual([["closed"], 1, 0]);
    const other = connect();
    other.notice({ kind: "closed", reason: "restarted" });
    other.reply(1);
    expect(other.connection.status).toBe("closed");
  });
});
