import { createServer as createHttp1, type Server as Http1Server } from "node:http";
import { createServer as createHttp2, type Http2Server, type ServerHttp2Session } from "node:http2";
import { createServer as createTcp, type Socket, type Server as TcpServer } from "node:net";
import type { RpcRequest, RpcResponse } from "./raw-stream.js";
import { watchSession } from "./session-watch.js";

/** What a connection of HTTP/2 begins with; no request of HTTP/1.1 does. */
const HTTP2_START = "PRI";
/** A peer that connects and says nothing, or says it byte by byte, is not kept. */
const HEAD_TIMEOUT_MS = 20_000;
const MAX_CONNECTIONS = 1024;
/** What a stream may bring ahead of what is read; a peer can have so many streams. */
const WINDOW_BYTES = 2 * 2 ** 20;
const MAX_CONCURRENT_STREAMS = 128;
/** The kernel asks whether a peer is still there that has been silent for so long. */
const KEEP_ALIVE_MS = 30_000;
/** How long a peer may take to end its side of a connection that we have ended. */
const LINGER_MS = 2000;
/** How long streams may take to end when the server closes. */
export const GRACE_MS = 1000;

/** Serves HTTP/2 without TLS and HTTP/1.1 on one port: which of them a peer speaks shows in its first bytes. */
export interface OnePort {
  readonly tcp: TcpServer;
  /**
   * Ends listening and all connections: those that carry nothing at once, the others when their calls have ended, after `graceMs`
   * (default 1 s) in any case. Idempotent.
   */
  close(graceMs?: number): Promise<void>;
}

export interface OnePortOptions {
  /** Until a connection has said what it wants: which HTTP it speaks, and the headers of each request of HTTP/1.1. Default 20 s. */
  readonly headTimeoutMs?: number;
}

export function onePort(
  handle: (request: RpcRequest, response: RpcResponse) => void,
  { headTimeoutMs = HEAD_TIMEOUT_MS }: OnePortOptions = {},
): OnePort {
  /** Connections of HTTP/1.1 with a request that is not answered yet: Node keeps track of them only for a server that listens. */
  const busy = new Set<Socket>();
  let closing: Promise<void> | undefined;
  const heads = new HeadTimers(headTimeoutMs);
  const http1 = createHttp1((request, response) => {
    const { socket } = request;
    heads.stop(socket);
    busy.add(socket);
    response.once("close", () => {
      busy.delete(socket);
      if (closing !== undefined) socket.end();
      else heads.start(socket);
    });
    handle(request, response);
  });
  const http2 = createHttp2(
    { settings: { initialWindowSize: WINDOW_BYTES, maxConcurrentStreams: MAX_CONCURRENT_STREAMS, maxFrameSize: 2 ** 20 } },
    handle,
  );
  const sessions = new Set<ServerHttp2Session>();
  http2.on("session", (session) => {
    sessions.add(session);
    session.setLocalWindowSize(WINDOW_BYTES);
    // Node closes what fails; a listener keeps it from ending the program.
    session.on("error", () => undefined);
    const endWatch = watchSession(session, session.socket);
    session.on("close", () => {
      endWatch();
      sessions.delete(session);
    });
  });
  const sockets = new Set<Socket>();
  const tcp = createTcp((socket) => {
    sockets.add(socket);
    heads.start(socket);
    let lingering: ReturnType<typeof setTimeout> | undefined;
    socket.on("finish", () => {
      lingering = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    });
    socket.on("close", () => {
      sockets.delete(socket);
      heads.stop(socket);
      clearTimeout(lingering);
    });
    dispatch(socket, { http1, http2, heads });
  });
  tcp.maxConnections = MAX_CONNECTIONS;
  return {
    tcp,
    close: (graceMs = GRACE_MS) => {
      closing ??= closeAll({ tcp, busy, sockets, sessions }, graceMs);
      return closing;
    },
  };
}

/**
 * Ends connections that take too long to say what they want. Node does this only for a server that listens itself, which ours of
 * HTTP/1.1 does not.
 */
class HeadTimers {
  readonly #timeoutMs: number;
  readonly #timers = new Map<Socket, ReturnType<typeof setTimeout>>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  start(socket: Socket): void {
    if (socket.destroyed) return;
    this.stop(socket);
    this.#timers.set(socket, setTimeout(() => socket.destroy(), this.#timeoutMs).unref());
  }

  stop(socket: Socket): void {
    clearTimeout(this.#timers.get(socket));
    this.#timers.delete(socket);
  }
}

interface Servers {
  readonly http1: Http1Server;
  readonly http2: Http2Server;
  readonly heads: HeadTimers;
}

function dispatch(socket: Socket, { http1, http2, heads }: Servers): void {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  const onError = (): void => {
    socket.destroy();
  };
  socket.on("error", onError);
  let start: Buffer = Buffer.alloc(0);
  const onReadable = (): void => {
    const bytes = socket.read() as Buffer | null;
    start = bytes === null ? start : Buffer.concat([start, bytes]);
    // The start of HTTP/2 may come in pieces; put back only when all of it is there, or it would be readable again at once.
    const seen = start.toString("latin1", 0, HTTP2_START.length);
    if (seen.length < HTTP2_START.length && HTTP2_START.startsWith(seen)) {
      if (!socket.readableEnded) socket.once("readable", onReadable);
      return;
    }
    socket.unshift(start);
    if (seen === HTTP2_START) {
      heads.stop(socket); // It is watched as a session from now on.
      http2.emit("connection", socket);
    } else http1.emit("connection", socket);
  };
  socket.once("readable", onReadable);
}

interface Connections {
  readonly tcp: TcpServer;
  readonly busy: ReadonlySet<Socket>;
  readonly sockets: ReadonlySet<Socket>;
  readonly sessions: ReadonlySet<ServerHttp2Session>;
}

async function closeAll({ tcp, busy, sockets, sessions }: Connections, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    if (tcp.listening) tcp.close(() => resolve());
    else resolve();
  });
  for (const session of sessions) session.close();
  for (const socket of sockets) if (!busy.has(socket) && !isOfHttp2(socket, sessions)) socket.end();
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  await closed;
  clearTimeout(timer);
}

function isOfHttp2(socket: Socket, sessions: ReadonlySet<ServerHttp2Session>): boolean {
  // A session that has just been closed has no socket any more, whatever its type says.
  return [...sessions].some((session) => (session.socket as Socket | undefined)?.remotePort === socket.remotePort);
}
