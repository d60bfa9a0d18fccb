import type { Chunk } from "../../chunk/index.js";
import { describe, RerunError, type StoreId } from "../../core/index.js";
import { DEFAULT_PROXY_PORT, proxyUrl } from "../../rpc/index.js";
import { noThread } from "./grpc-sink.js";
import { LossCounter } from "./loss.js";
import { memorySizeBytes } from "./memory-size.js";
import type { Sink, StoreMessage } from "./sink.js";
import { canStartThread, SinkThread } from "./sink-thread.js";

export interface GrpcServerSinkOptions {
  /** Where to listen. Default `127.0.0.1`: this machine only. */
  readonly bindIp?: string;
  /** Default 9876; 0 = any free port. */
  readonly port?: number;
  /** What is kept for viewers that come late: bytes, `"4GiB"`, or a part of this machine's memory, `"50%"`. Default `"1GiB"`. */
  readonly serverMemoryLimit?: number | string;
  /** Whether viewers that come late get the newest data first. Default false. */
  readonly newestFirst?: boolean;
  /** Pages that may read, beside those of localhost and rerun.io: `https://*.example.com`. */
  readonly corsAllowOrigin?: readonly string[];
}

/**
 * Serves a recording to viewers from a thread of its own: they connect to `uri`, also while the program is busy. It ends with the
 * recording.
 */
export class GrpcServerSink implements Sink {
  readonly #options: GrpcServerSinkOptions;
  readonly #memoryLimitBytes: number;
  readonly #losses = new LossCounter();
  #uri: string;
  #storeId: StoreId | undefined;
  #thread: SinkThread | undefined;

  /** @throws RerunError `InvalidArgument` */
  constructor(options: GrpcServerSinkOptions = {}) {
    const { port = DEFAULT_PROXY_PORT, serverMemoryLimit = "1GiB" } = options;
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      throw new RerunError("InvalidArgument", `serveGrpc: expected a port from 0 to 65535, got ${describe(port)}`);
    }
    this.#options = options;
    this.#uri = proxyUrl(options.bindIp ?? "127.0.0.1", port);
    this.#memoryLimitBytes = memorySizeBytes(serverMemoryLimit);
  }

  /** The address for viewers: `rerun+http://127.0.0.1:9876/proxy`. Of a free port it is known when `listen` has resolved. */
  get uri(): string {
    return this.#uri;
  }

  /**
   * Begins to listen, unless `open` has done so.
   *
   * @returns the address for viewers: `rerun+http://127.0.0.1:9876/proxy`
   * @throws RerunError `SinkFailed` when the port is taken
   */
  async listen(): Promise<string> {
    const result = await this.#start().whenReady();
    if ("error" in result) throw new RerunError("SinkFailed", `serveGrpc: ${result.error}`);
    this.#uri = result.value;
    return result.value;
  }

  open(storeId: StoreId): void {
    this.#storeId = storeId;
    this.#start().begin(storeId);
  }

  write(chunks: readonly Chunk[]): void {
    if (this.#storeId !== undefined) this.#thread?.write(this.#storeId, chunks);
  }

  writeStore(message: StoreMessage): void {
    this.#thread?.writeStore(message);
  }

  async flush(): Promise<void> {
    await this.#thread?.flush();
    this.#losses.check(this.#place());
  }

  close(): void {
    this.#thread?.end();
    this.#thread = undefined;
    this.#losses.check(this.#place());
  }

  #start(): SinkThread {
    if (this.#thread !== undefined) return this.#thread;
    if (!canStartThread()) throw noThread("serveGrpc");
    const { bindIp = "127.0.0.1", port = DEFAULT_PROXY_PORT, newestFirst = false, corsAllowOrigin = [] } = this.#options;
    const memoryLimitBytes = this.#memoryLimitBytes;
    const job = { kind: "serve", host: bindIp, port, memoryLimitBytes, newestFirst, corsAllowOrigin } as const;
    this.#thread = new SinkThread(job, this.#place(), this.#losses);
    return this.#thread;
  }

  #place(): string {
    const { bindIp = "127.0.0.1", port = DEFAULT_PROXY_PORT } = this.#options;
    return `${bindIp}:${port}`;
  }
}
