import { connect, createServer, type ServerHttp2Session } from "node:http2";
import { type AddressInfo, connect as connectTcp, createServer as createTcp, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchSession } from "./session-watch.js";

class Session {
  closed = false;
  destroyed = false;
  bytesRead = 100;
  bytesWritten = 0;
  readonly unanswered: (() => void)[] = [];

  ping(callback: () => void): boolean {
    this.unanswered.push(callback);
    this.bytesWritten += 17;
    return true;
  }

  destroy(): void {
    this.destroyed = true;
  }

  answerPings(): void {
    for (const answer of this.unanswered.splice(0)) {
      this.bytesRead += 17;
      answer();
    }
  }
}

describe("what Node counts as written", () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function listen(server: Server): Promise<number> {
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    closers.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  /** A server of HTTP/2 that sends without end. */
  function endless(onSession: (session: ServerHttp2Session) => void): Server {
    const server = createServer();
    server.on("session", onSession);
    server.on("stream", (stream) => {
      const fill = (): void => {
        while (stream.write(new Uint8Array(2 ** 20)));
      };
      stream.respond();
      stream.on("drain", fill).on("error", () => undefined);
      fill();
    });
    return server;
  }

  it("stands still when the peer takes nothing and moves when it does", async () => {
    let served: ServerHttp2Session | undefined;
    const port = await listen(endless((started) => (served = started)));
    let between: Socket | undefined;
    const gate = createTcp((peer) => {
      const upstream = connectTcp(port, "127.0.0.1");
      between = upstream.pause();
      peer
        .on("error", () => undefined)
        .pipe(upstream.on("error", () => undefined))
        .pipe(peer);
      upstream.pause();
      closers.push(() => void upstream.destroy());
    });
    const client = connect(`http://127.0.0.1:${await listen(gate)}`, { settings: { initialWindowSize: 2 ** 30 } });
    closers.push(() => client.destroy());
    client.once("connect", () => client.setLocalWindowSize(2 ** 30));
    client.request().resume();

    const written = (): number => served?.socket.bytesWritten ?? 0;
    const isStill = async (): Promise<number> => {
      for (let last = -1; ; await sleep(100)) {
        if (last === written() && last > 2 ** 16) return last;
        last = written();
      }
    };
    await vi.waitFor(() => expect(between).toBeDefined());
    const full = await isStill();
    between?.resume();
    await vi.waitFor(() => expect(written()).toBeGreaterThan(full), { timeout: 10_000 });
  });
});

describe("a watched session", () => {
  let session: Session;
  let end: () => void;

  beforeEach(() => {
    vi.useFakeTimers();
    session = new Session();
    end = watchSession(session, session, { lookMs: 10, silentMs: 60 });
  });
  afterEach(() => {
    end();
    vi.useRealTimers();
  });

  it("is ended when its peer is gone", () => {
    vi.advanceTimersByTime(60);
    expect(session.destroyed).toBe(false);
    vi.advanceTimersByTime(30);
    expect(session.destroyed).toBe(true);
    expect(session.unanswered).toHaveLength(1);
  });

  it("is kept when its peer answers", () => {
    for (let turn = 0; turn < 100; turn++) {
      vi.advanceTimersByTime(10);
      session.answerPings();
    }
    expect(session.destroyed).toBe(false);
  });

  it.each([
    ["takes what was written before the ping", "bytesWritten"],
    ["sends, while the answer to a ping waits behind it", "bytesRead"],
  ] as const)("is kept when its peer %s, however long that lasts", (_, carried) => {
    for (let turn = 0; turn < 50; turn++) {
      vi.advanceTimersByTime(40);
      session[carried] += 1;
    }
    expect(session.destroyed).toBe(false);
    vi.advanceTimersByTime(80);
    expect(session.destroyed).toBe(true);
  });

  it("is left alone when it is closing, and when the watch has ended", () => {
    session.closed = true;
    vi.advanceTimersByTime(200);
    expect(session.destroyed).toBe(false);
    session.closed = false;
    end();
    vi.advanceTimersByTime(200);
    expect(session.destroyed).toBe(false);
  });
});
