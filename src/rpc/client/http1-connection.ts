import { connect, type Socket } from "node:net";
import { isRerunError, RerunError } from "../../core/index.js";
import { broken, cutShort } from "./call-failures.js";
import { type Http1Head, Http1ResponseReader } from "./http1-response.js";

/** All that a connection reads goes through one buffer of this size. */
const BUFFER_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** A question, and who hears the answer. */
export interface Http1Question {
  /** The request up to its body, as it is sent. */
  readonly head: string;
  readonly body: readonly Uint8Array[];
  /** Hears the parts of the body as they come. They are overwritten after it returns. What it throws ends the question. */
  onBody(part: Uint8Array, head: Http1Head): void;
  readonly signal: AbortSignal | undefined;
  /** After so long without a byte the question fails. */
  readonly idleMs: number;
}

interface Asked {
  readonly reader: Http1ResponseReader;
  readonly question: Http1Question;
  /** Ends the question: `undefined` = it was answered as far as it was wanted. */
  end(failure?: unknown): void;
}

/**
 * A plain connection for one question at a time. Node's own clients make an object and fresh memory of every 64 KiB that come, which
 * for large answers costs six times what the reading does; here one buffer takes them all.
 */
export class Http1Connection {
  readonly #socket: Socket;
  #asked: Asked | undefined;
  #isUsable = true;
  /** Whether it has answered a question. */
  isUsed = false;

  /** @internal */
  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects. @throws what the socket says, or the reason of the signal */
  static open(host: string, port: number, { signal }: { readonly signal?: AbortSignal | undefined }): Promise<Http1Connection> {
    return new Promise((resolve, reject) => {
      const buffer = new Uint8Array(BUFFER_BYTES);
      const callback = (size: number): boolean => connection.#take(buffer.subarray(0, size));
      const onread = { buffer, callback };
      const socket: Socket = connect({
        host,
        port,
        onread,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: KEEP_ALIVE_MS,
      });
      const connection: Http1Connection = new Http1Connection(socket);
      const onAbort = (): void => void socket.destroy(signal?.reason);
      signal?.addEventListener("abort", onAbort, { once: true });
      socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error(`no answer in ${CONNECT_TIMEOUT_MS / 1000} s`)));
      socket.once("error", reject);
      socket.once("connect", () => {
        signal?.removeEventListener("abort", onAbort);
        socket.removeListener("error", reject).removeAllListeners("timeout").setTimeout(0);
        connection.#listen();
        resolve(connection);
      });
    });
  }

  /** Whether another question may be asked. */
  get isUsable(): boolean {
    return this.#isUsable && this.#asked === undefined;
  }

  /**
   * Asks, and hands over the answer.
   *
   * @returns its head; `undefined` when the connection ended without an answer in HTTP/1.1
   * @throws RerunError `Unavailable` when it breaks within the answer, `Timeout`; what `onBody` throws; the reason of the signal
   */
  async ask(question: Http1Question): Promise<Http1Head | undefined> {
    const { signal } = question;
    signal?.throwIfAborted();
    const reader = new Http1ResponseReader();
    const onAbort = (): void => this.#end(signal?.reason);
    this.#socket.ref();
    this.#socket.setTimeout(question.idleMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        const end = (failure?: unknown): void => (failure === undefined ? resolve() : reject(failure));
        this.#asked = { reader, question, end };
        this.#socket.cork();
        this.#socket.write(question.head, "latin1");
        for (const part of question.body) this.#socket.write(part);
        this.#socket.uncork();
      });
    } catch (error) {
      signal?.throwIfAborted();
      if (reader.head === undefined && !isRerunError(error, "Timeout")) return undefined;
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#socket.setTimeout(0);
      // A connection that nobody waits for does not keep the program running.
      this.#socket.unref();
    }
    this.isUsed = true;
    return reader.head;
  }

  /** Idempotent. */
  close(): void {
    this.#end(broken("the connection was closed"));
  }

  #listen(): void {
    this.#socket.unref();
    this.#socket.on("timeout", () => this.#end(new RerunError("Timeout", "the server is silent")));
    this.#socket.on("error", (error) => this.#end(broken(error)));
    this.#socket.on("end", () => this.#end(this.#asked?.reader.endsWithConnection === true ? undefined : cutShort()));
    this.#socket.on("close", () => this.#end(broken("the connection was closed")));
  }

  /** Ends the connection, and the question with it. */
  #end(failure: unknown): void {
    this.#isUsable = false;
    this.#socket.destroy();
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.end(failure);
  }

  #take(bytes: Uint8Array): boolean {
    const asked = this.#asked;
    if (asked === undefined) {
      this.#end(undefined); // Nobody has asked for that.
      return false;
    }
    const { reader, question } = asked;
    try {
      reader.take(bytes, (part, head) => question.onBody(part, head));
    } catch (error) {
      this.#end(error);
      return false;
    }
    if (!reader.isDone) return true;
    if (!reader.keepsConnection) {
      this.#end(undefined);
      return false;
    }
    this.#asked = undefined;
    asked.end();
    return true;
  }
}
