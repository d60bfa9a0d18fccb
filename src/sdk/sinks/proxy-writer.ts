import { isRerunError } from "../../core/index.js";
import { logMsgOfFrame, type MessageProxyServer, type MessageProxyServerOptions, startMessageProxy } from "../../rpc/index.js";
import { RrdEncoder } from "../../rrd/index.js";
import { encodeSinkMessage } from "./encode-sink-message.js";
import { countOf } from "./loss.js";
import type { SinkEndpoint, SinkReporter } from "./sink-endpoint.js";
import type { SinkMessage } from "./sink-message.js";

/** How long the end waits for readers to take what is there. */
const DRAIN_MS = 2000;

/** Serves a recording: a message proxy whose writer is the recording itself. */
export class ProxyWriter implements SinkEndpoint {
  readonly #reporter: SinkReporter;
  readonly #encoder = new RrdEncoder({ writeFooter: false });
  readonly #server: Promise<MessageProxyServer | undefined>;

  constructor(options: MessageProxyServerOptions, reporter: SinkReporter) {
    this.#reporter = reporter;
    this.#server = startMessageProxy(options).then(
      (server) => {
        reporter.ready?.({ value: server.url });
        return server;
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        reporter.ready?.({ error: message });
        reporter.warn({ code: "SinkFailed", message });
        return undefined;
      },
    );
  }

  async take(messages: readonly SinkMessage[]): Promise<void> {
    const server = await this.#server;
    if (server === undefined) {
      const chunks = messages.flatMap((message) => (message.kind === "chunk" ? [message.chunk] : []));
      this.#reporter.lost({ ...countOf(chunks), reason: "the server could not listen" });
      return;
    }
    const { proxy } = server;
    const decoder = proxy.decoder();
    for (const message of messages) {
      try {
        await proxy.write(Buffer.concat(logMsgOfFrame(encodeSinkMessage(this.#encoder, message))), decoder);
      } catch (error) {
        if (!isRerunError(error)) throw error;
        if (message.kind === "chunk") this.#reporter.lost({ ...countOf([message.chunk]), reason: error.message });
      }
    }
  }

  async flush(): Promise<void> {
    await this.#server;
  }

  async end(): Promise<void> {
    const server = await this.#server;
    await server?.proxy.drained(DRAIN_MS);
    await server?.server.close();
  }
}
