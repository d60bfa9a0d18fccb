import { RerunError } from "../../core/index.js";
import { MessageProxyService } from "../../protos/proxy.js";
import { firstMessage } from "../first-message.js";
import { DEFAULT_PROXY_PORT, proxyUrl } from "../redap-url.js";
import { type RawCall, type RpcRoute, rawRoute } from "../server/raw-stream.js";
import { type RpcServer, type RpcServerOptions, startRpcServer } from "../server/rpc-server.js";
import type { ProxyEntry } from "./history.js";
import { MessageProxy, type MessageProxyOptions } from "./message-proxy.js";

/** The calls of `MessageProxyService`, passed to `proxy`. */
export function proxyRoutes(proxy: MessageProxy): readonly RpcRoute[] {
  const { method } = MessageProxyService;
  return [
    rawRoute(method.writeMessages, (call) => writeMessages(proxy, call)),
    rawRoute(method.readMessages, (call) => read(proxy, "log", call)),
    rawRoute(method.writeTable, async (call) => {
      // The message is a view of what came with it: a copy holds no more than itself.
      await proxy.writeTable(new Uint8Array(await firstMessage(call.requests)));
      await call.send(new Uint8Array(0));
    }),
    rawRoute(method.readTables, (call) => read(proxy, "table", call)),
  ];
}

async function writeMessages(proxy: MessageProxy, call: RawCall): Promise<void> {
  const decoder = proxy.decoder();
  for await (const batch of call.requests) {
    for (const bytes of batch) {
      const pending = proxy.write(new Uint8Array(bytes), decoder);
      if (pending !== undefined) await pending;
    }
  }
  await call.send(new Uint8Array(0));
}

/** Never ends by itself. */
async function read(proxy: MessageProxy, kind: ProxyEntry["kind"], call: RawCall): Promise<void> {
  const reader = proxy.reader(kind);
  const onAbort = (): void => reader.fail(new RerunError("Closed", "the reader is gone"));
  call.signal.addEventListener("abort", onAbort);
  try {
    while (!call.signal.aborted) {
      const batch = reader.take();
      if (batch.length === 0) await reader.wait();
      for (const entry of batch) {
        const pending = call.send(...entry.parts());
        if (pending !== undefined) await reader.unlessFailed(pending);
      }
    }
  } finally {
    call.signal.removeEventListener("abort", onAbort);
    proxy.release(reader);
  }
}

export interface MessageProxyServerOptions
  extends MessageProxyOptions,
    Pick<RpcServerOptions, "host" | "corsAllowOrigin" | "http"> {
  /** Default 9876; 0 = any free port. */
  readonly port?: number;
}

/** A message proxy that listens. */
export interface MessageProxyServer {
  readonly proxy: MessageProxy;
  readonly server: RpcServer;
  /** `rerun+http://127.0.0.1:9876/proxy` */
  readonly url: string;
}

/**
 * Serves a viewer's endpoint: SDKs write recordings to it (`connect_grpc`), viewers read them, also what was written before they
 * came. End it with `server.close()`.
 *
 * @throws RerunError `Unavailable` when the port cannot be listened on
 */
export async function startMessageProxy(options: MessageProxyServerOptions = {}): Promise<MessageProxyServer> {
  const proxy = new MessageProxy(options);
  const { host = "127.0.0.1", port = DEFAULT_PROXY_PORT, corsAllowOrigin, http, warn, maxChunkBytes } = options;
  const server = await startRpcServer({
    host,
    port,
    services: [MessageProxyService],
    routes: proxyRoutes(proxy),
    ...(corsAllowOrigin === undefined ? {} : { corsAllowOrigin }),
    ...(http === undefined ? {} : { http }),
    ...(warn === undefined ? {} : { warn }),
    ...(maxChunkBytes === undefined ? {} : { maxMessageBytes: maxChunkBytes }),
  });
  return { proxy, server, url: proxyUrl(host, server.port) };
}
