/** Stands between a client and a redap server: sees every call, and may hold it up or answer it with an error instead. */
import type { IncomingHttpHeaders } from "node:http";
import { RerunCloudService } from "../../src/protos/redap.js";
import { type RawCall, RpcChannel, rawRoute, startRpcServer } from "../../src/rpc/index.js";

type Method = (typeof RerunCloudService.methods)[number];

/** A call that comes by. */
export interface ProxiedCall {
  /** As on the wire: `FindChunks`. */
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
}

/** What is done to calls; what is thrown, or rejected, ends the call with its status. */
export interface ProxyHooks {
  /** Before the call goes on to the server. */
  begin?(call: ProxiedCall): void | Promise<void>;
  /** Before an answer goes to the client; the first has the number 0. */
  answer?(call: ProxiedCall, number: number): void | Promise<void>;
}

export interface RedapProxy {
  /** `rerun+http://127.0.0.1:…` */
  readonly url: string;
  /** All calls so far. */
  readonly calls: readonly ProxiedCall[];
  /** The calls whose client waits. */
  readonly open: ReadonlySet<ProxiedCall>;
  close(): Promise<void>;
}

/** A proxy before the server on this port of this machine. */
export async function startRedapProxy(port: number, hooks: ProxyHooks = {}): Promise<RedapProxy> {
  const channel = new RpcChannel(`http://127.0.0.1:${port}`);
  const calls: ProxiedCall[] = [];
  const open = new Set<ProxiedCall>();
  const routes = RerunCloudService.methods.map((method) =>
    rawRoute(method, async (raw) => {
      const call = { method: method.name, headers: raw.headers, signal: raw.signal };
      calls.push(call);
      open.add(call);
      raw.signal.addEventListener("abort", () => open.delete(call));
      try {
        await hooks.begin?.(call);
        await forward(channel, method, raw, (number) => hooks.answer?.(call, number));
      } finally {
        open.delete(call);
      }
    }),
  );
  const server = await startRpcServer({ port: 0, services: [RerunCloudService], routes, warn: () => undefined });
  return {
    url: `rerun+http://127.0.0.1:${server.port}`,
    calls,
    open,
    close: async () => {
      await server.close();
      channel.close();
    },
  };
}

async function forward(
  channel: RpcChannel,
  method: Method,
  call: RawCall,
  onAnswer: (number: number) => void | Promise<void>,
): Promise<void> {
  const upstream = await channel.open(method, { headers: ownHeaders(call.headers), signal: call.signal });
  const sending = (async () => {
    for await (const messages of call.requests) for (const message of messages) await upstream.send(message);
    upstream.end();
  })();
  sending.catch(() => upstream.cancel()); // The client is gone, which its own end of the call tells.
  let number = 0;
  for await (const messages of upstream.responses) {
    for (const message of messages) {
      await onAnswer(number);
      number += 1;
      await call.send(new Uint8Array(message));
    }
  }
}

function ownHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const names = Object.keys(headers).filter((name) => name.startsWith("x-rerun-") || name === "authorization");
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}
