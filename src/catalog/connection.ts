import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, type Client, createClient } from "@connectrpc/connect";
import { createTuidSource, isRerunError, newTuidHex, type RerunError } from "../core/index.js";
import { RerunCloudService } from "../protos/redap.js";
import { isRetryable, type RedapUrl, RpcChannel, rerunErrorOf } from "../rpc/index.js";
import type { EntryId } from "./entry-id.js";

/** The service with a method for each call. */
export type CloudClient = Client<typeof RerunCloudService>;

/** What is said of a call. */
export interface CallSettings {
  /** The entry that the call is about. */
  readonly entry?: EntryId | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Each call is tried so often. */
const MAX_TRIES = 5;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 3000;
/** Calls may wait for a server that has too much to do so long. */
const BUSY_MS = 10_000;

/** One connection to a data platform: typed calls with the headers of Rerun's clients, tried again where that helps. */
export class Connection {
  readonly url: RedapUrl;
  readonly channel: RpcChannel;
  readonly #client: CloudClient;
  /** What the server says that it can do. */
  capabilities: ReadonlySet<string> = new Set();

  /** @throws RerunError `Unauthenticated` for a token that is no JWT */
  constructor(url: RedapUrl, options: { readonly token?: string | undefined; readonly version: string }) {
    const { token, version } = options;
    const headers = { "x-rerun-client-id": newTuidHex(createTuidSource()), "x-rerun-client-version": `rerun-ts/${version}` };
    this.url = url;
    this.channel = new RpcChannel(url.origin, { headers, ...(token !== undefined && { token }) });
    this.#client = createClient(RerunCloudService, this.channel.transport);
  }

  /**
   * One answer. Only calls that change nothing are tried again after they may have reached the server.
   *
   * @throws RerunError with the server's text; the reason of `signal`
   */
  async call<T>(
    make: (client: CloudClient, options: CallOptions) => Promise<T>,
    settings: CallSettings & { readonly changes?: boolean } = {},
  ): Promise<T> {
    return this.retry(() => make(this.#client, callOptions(settings)), settings);
  }

  /** All parts of a stream of a few small answers. @throws as `call` */
  async collect<T>(
    make: (client: CloudClient, options: CallOptions) => AsyncIterable<T>,
    settings: CallSettings & { readonly changes?: boolean } = {},
  ): Promise<T[]> {
    return this.retry(async () => {
      const parts: T[] = [];
      for await (const part of make(this.#client, callOptions(settings))) parts.push(part);
      return parts;
    }, settings);
  }

  /** The parts of a stream as they come; not tried again. @throws as `call` */
  async *stream<T>(
    make: (client: CloudClient, options: CallOptions) => AsyncIterable<T>,
    settings: CallSettings = {},
  ): AsyncGenerator<T, void, undefined> {
    try {
      yield* make(this.#client, callOptions(settings));
    } catch (error) {
      settings.signal?.throwIfAborted();
      throw rerunErrorOf(error);
    }
  }

  /** A call whose question is a stream, which cannot be sent twice. @throws as `call`, or what the stream throws */
  async send<T>(make: (client: CloudClient, options: CallOptions) => Promise<T>, settings: CallSettings = {}): Promise<T> {
    try {
      return await make(this.#client, callOptions(settings));
    } catch (error) {
      settings.signal?.throwIfAborted();
      throw rerunErrorOf(error);
    }
  }

  /** Ends all calls. Idempotent. */
  close(): void {
    this.channel.close();
  }

  /** Does work that asks the server, again where that helps. @throws as `call` */
  async retry<T>(work: () => Promise<T>, { signal, changes = false }: CallSettings & { changes?: boolean }): Promise<T> {
    const start = performance.now();
    for (let attempt = 1, pauseMs = FIRST_PAUSE_MS; ; attempt++, pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      signal?.throwIfAborted();
      try {
        return await work();
      } catch (cause) {
        signal?.throwIfAborted();
        const error = rerunErrorOf(cause);
        const isBusy = isRerunError(error, "LimitExceeded") && performance.now() - start < BUSY_MS;
        if (!isBusy && (attempt >= MAX_TRIES || !isWorthTrying(error, changes))) throw error;
      }
      await delay(pauseMs, undefined, { signal, ref: true });
    }
  }
}

/** An internal error of the real server is nearly always one of the question. */
function isWorthTrying(error: RerunError, changes: boolean): boolean {
  if (changes) return isRerunError(error, "Unavailable") && /cannot be reached|ECONNREFUSED/.test(error.message);
  return isRetryable(error) && !isRerunError(error, "Internal", "LimitExceeded");
}

function callOptions({ entry, signal }: CallSettings): CallOptions {
  return { ...(signal && { signal }), ...(entry !== undefined && { headers: { "x-rerun-entry-id": entry } }) };
}
