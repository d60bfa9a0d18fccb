import type { Chunk } from "../../chunk/index.js";
import { RerunError, type StoreId } from "../../core/index.js";
import { DEFAULT_PROXY_PORT, parseProxyUrl } from "../../rpc/index.js";
import { LossCounter } from "./loss.js";
import type { Sink, StoreMessage } from "./sink.js";
import { canStartThread, SinkThread } from "./sink-thread.js";

/** Where a viewer on this machine listens. */
const DEFAULT_PROXY_URL = `rerun+http://127.0.0.1:${DEFAULT_PROXY_PORT}/proxy`;

export interface GrpcSinkOptions {
  /** For tests: how long `flush` and `close` wait for a receiver that cannot be reached. */
  readonly patienceMillis?: number;
}

/**
 * Streams a recording to a viewer, or to any other message proxy, from a thread of its own.
 *
 * A receiver that is slow holds logging back (100 MiB may be under way). One that cannot be reached is tried again, as is one that
 * went away; meanwhile up to 100 MiB wait for it, beyond that the oldest data are lost, and counted.
 */
export class GrpcSink implements Sink {
  readonly url: string;
  readonly #origin: string;
  readonly #patienceMillis: number | undefined;
  readonly #losses = new LossCounter();
  #storeId: StoreId | undefined;
  #thread: SinkThread | undefined;

  /**
   * @param url `rerun+http://host:port/proxy`; default `rerun+http://127.0.0.1:9876/proxy`
   * @throws RerunError `InvalidArgument` when the address is malformed
   */
  constructor(url: string = DEFAULT_PROXY_URL, options: GrpcSinkOptions = {}) {
    this.url = url;
    this.#patienceMillis = options.patienceMillis;
    this.#origin = parseProxyUrl(url).origin;
  }

  open(storeId: StoreId): void {
    if (!canStartThread()) throw noThread("connectGrpc");
    this.#storeId = storeId;
    const [origin, url, patienceMillis] = [this.#origin, this.url, this.#patienceMillis];
    this.#thread = new SinkThread({ kind: "grpc", origin, url, storeId, patienceMillis }, url, this.#losses);
  }

  write(chunks: readonly Chunk[]): void {
    if (this.#storeId !== undefined) this.#thread?.write(this.#storeId, chunks);
  }

  writeStore(message: StoreMessage): void {
    this.#thread?.writeStore(message);
  }

  /** Resolves when the receiver has everything. @throws RerunError `SinkFailed` after 6 s without a connection */
  async flush(): Promise<void> {
    await this.#thread?.flush();
    this.#losses.check(this.url);
  }

  close(): void {
    this.#thread?.end();
    this.#thread = undefined;
    this.#losses.check(this.url);
  }
}

/** For programs that were bundled without the thread's file. */
export function noThread(call: string): RerunError {
  const what = `${call}: the program of the sink's thread, sink-worker.js, is not beside this package's code`;
  return new RerunError("SinkFailed", `${what}: a bundler must leave rerun-ts outside of its bundle`);
}
