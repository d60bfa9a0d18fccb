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
