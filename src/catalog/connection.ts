import { type CallOptions, type Client, createClient } from "@connectrpc/connect";
import { createTuidSource, isRerunError, newTuidHex, RerunError } from "../core/index.js";
import { RerunCloudService } from "../protos/redap.js";
import { type RedapUrl, RpcChannel, rerunErrorOf } from "../rpc/index.js";
import type { EntryId } from "./entry-id.js";
import { type RetryClock, type RetryRule, retry } from "./retry.js";

/** The service with a method for each call. */
export type CloudClient = Client<typeof RerunCloudService>;

/** What is said of a call. */
export interface CallSettings {
  /** The entry that the call is about. */
  readonly entry?: EntryId | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface AskSettings extends CallSettings {
  /** It changes something, and is not done twice. Default: false. */
  readonly changes?: boolean | undefined;
}

export interface ConnectionOptions {
  /** A JWT. */
  readonly token?: string | undefined;
  /** Of this package. */
  readonly version: string;
  /** For pauses between tries. Default: the system's. */
  readonly clock?: RetryClock | undefined;
}

/** One connection to a data platform: typed calls with the headers of Rerun's clients, tried again where that helps. */
export class Connection {
  readonly url: RedapUrl;
  readonly channel: RpcChannel;
  readonly #client: CloudClient;
  readonly #clock: RetryClock | undefined;
  #isClosed = false;
  /** What the server says that it can do. */
  capabilities: ReadonlySet<string> = new Set();

  /** @throws RerunError `Unauthenticated` for a token that is no JWT */
  constructor(url: RedapUrl, options: ConnectionOptions) {
    const { token, version, clock } = options;
    const headers = { "x-rerun-client-id": newTuidHex(createTuidSource()), "x-rerun-client-version": `rerun-ts/${version}` };
    this.url = url;
    this.#clock = clock;
    this.channel = new RpcChannel(url.origin, { headers, ...(token !== undefined && { token }) });
    this.#client = createClient(RerunCloudService, this.channel.transport);
  }

  /** Connects, unless it is connected. @throws RerunError `Unavailable`; the reason of `signal` */
  async connect({ signal }: Pick<CallSettings, "signal"> = {}): Promise<void> {
    await this.retry(() => this.channel.connect(signal), { rule: "connect", signal });
  }

  /**
   * One answer. Only calls that change nothing are tried again after they may have reached the server.
   *
   * @throws RerunError with the server's text; the reason of `signal`
   */
  async call<T>(make: (client: CloudClient, options: CallOptions) => Promise<T>, settings: AskSettings = {}): Promise<T> {
    const { changes = false, signal } = settings;
    return this.retry(() => make(this.#client, callOptions(settings)), { rule: changes ? "change" : "read", signal });
  }

  /** All parts of a stream of a few small answers. @throws as `call` */
  async collect<T>(
    make: (client: CloudClient, options: CallOptions) => AsyncIterable<T>,
    settings: AskSettings = {},
  ): Promise<T[]> {
    const { changes = false, signal } = settings;
    const collectParts = async (): Promise<T[]> => {
      const parts: T[] = [];
      for await (const part of make(this.#client, callOptions(settings))) parts.push(part);
      return parts;
    };
    return this.retry(collectParts, { rule: changes ? "change" : "scan", signal });
  }

  /** The parts of a stream as they come; not tried again once there is one. @throws as `call` */
  async *stream<T>(
    make: (client: CloudClient, options: CallOptions) => AsyncIterable<T>,
    settings: CallSettings = {},
  ): AsyncGenerator<T, void, undefined> {
    const { signal } = settings;
    const begin = async (): Promise<{ readonly parts: AsyncIterator<T>; readonly first: IteratorResult<T> }> => {
      const parts = make(this.#client, callOptions(settings))[Symbol.asyncIterator]();
      return { parts, first: await parts.next() };
    };
    const { parts, first } = await this.retry(begin, { rule: "scan", signal });
    try {
      for (let part = first; part.done !== true; part = await parts.next()) yield part.value;
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#errorOf(error);
    } finally {
      await parts.return?.();
    }
  }

  /** A call whose question is a stream, which cannot be sent twice. @throws as `call`, or what the stream throws */
  async send<T>(make: (client: CloudClient, options: CallOptions) => Promise<T>, settings: CallSettings = {}): Promise<T> {
    this.#checkOpen();
    try {
      return await make(this.#client, callOptions(settings));
    } catch (error) {
      settings.signal?.throwIfAborted();
      throw this.#errorOf(error);
    }
  }

  /** Ends all calls; later ones are refused, as they would connect again. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.channel.close();
  }

  /** Does work that asks the server, again where that helps. @throws as `call` */
  retry<T>(work: () => Promise<T>, settings: { readonly rule: RetryRule; readonly signal: AbortSignal | undefined }): Promise<T> {
    const askIfOpen = async (): Promise<T> => {
      this.#checkOpen();
      try {
        return await work();
      } catch (error) {
        throw this.#errorOf(error);
      }
    };
    return retry(askIfOpen, { ...settings, clock: this.#clock });
  }

  /** What a call threw as ours. A call that is cancelled, though nobody here ended it, lost its connection. */
  #errorOf(cause: unknown): RerunError {
    const error = rerunErrorOf(cause);
    if (this.#isClosed || !isRerunError(error, "Closed")) return error;
    return new RerunError("Unavailable", `the server ended the connection: ${this.url.origin}`, { cause: error });
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new RerunError("Closed", `the client is closed: ${this.url.href}`);
  }
}

function callOptions({ entry, signal }: CallSettings): CallOptions {
  return { ...(signal && { signal }), ...(entry !== undefined && { headers: { "x-rerun-entry-id": entry } }) };
}
