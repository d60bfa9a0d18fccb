import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { isRerunError } from "../../src/core/index.js";
import { MessageProxyService } from "../../src/protos/proxy.js";
import { LogMsgDecoder, parseProxyUrl, RpcChannel } from "../../src/rpc/index.js";
import type { RrdMessage } from "../../src/rrd/index.js";

/**
 * Reads from a message proxy until `isEnough` says so, after each message.
 *
 * @returns all messages, in order
 */
export async function readProxy(url: string, isEnough: (message: RrdMessage) => boolean): Promise<RrdMessage[]> {
  const channel = new RpcChannel(parseProxyUrl(url).origin);
  const decoder = new LogMsgDecoder({ warn: () => undefined, maxBytes: 2 ** 30 });
  const messages: RrdMessage[] = [];
  try {
    const call = await channel.open(MessageProxyService.method.readMessages);
    await call.send(new Uint8Array(0));
    call.end();
    for await (const batch of call.responses) {
      for (const bytes of batch) {
        const message = decoder.decode(bytes);
        messages.push(message);
        if (isEnough(message)) return messages;
      }
    }
    throw new Error("the stream ended");
  } finally {
    channel.close();
  }
}

/** Waits until a server answers there. */
export async function untilListening(url: string, isRunning: () => boolean = () => true): Promise<void> {
  const { origin } = parseProxyUrl(url);
  for (;;) {
    const channel = new RpcChannel(origin);
    try {
      await channel.connect();
      return;
    } catch (error) {
      if (!isRerunError(error, "Unavailable") || !isRunning()) throw error;
      await sleep(50);
    } finally {
      channel.close();
    }
  }
}

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === "object" && address !== null ? address.port : 0;
}
