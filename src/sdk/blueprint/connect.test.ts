import { afterEach, beforeEach, expect, test } from "vitest";
import { MessageProxyService } from "../../protos/proxy.js";
import { LogMsgDecoder, type MessageProxyServer, RpcChannel, startMessageProxy } from "../../rpc/index.js";
import * as rrb from "./index.js";

let server: MessageProxyServer;
beforeEach(async () => {
  server = await startMessageProxy({ port: 0 });
});
afterEach(() => server.server.close());

test("a blueprint that is sent arrives as a store of its own, with what shall become of it", async () => {
  const { url } = server;
  await new rrb.Blueprint(new rrb.TextLogView()).connectGrpc("app", { url, makeActive: false });
  const messages = await firstMessages(server.server.port, 6);
  const [info] = messages;
  expect(info).toMatchObject({ kind: "storeInfo", storeId: { kind: "blueprint", applicationId: "app" } });
  expect(messages.slice(1, -1).map(({ kind }) => kind)).toEqual(["chunk", "chunk", "chunk", "chunk"]);
  expect(messages.at(-1)).toMatchObject({ kind: "blueprintActivation", makeActive: false, makeDefault: true });
});

test("a malformed URL and a port where nobody listens are told", async () => {
  const blueprint = new rrb.Blueprint();
  await expect(blueprint.connectGrpc("app", { url: "rerun+http://127.0.0.1:9876" })).rejects.toMatchObject({
    code: "InvalidArgument",
  });
  const { url } = server;
  await server.server.close();
  await expect(blueprint.connectGrpc("app", { url })).rejects.toMatchObject({ code: "Unavailable" });
});

/** What a viewer reads first. */
async function firstMessages(port: number, count: number): Promise<readonly { readonly kind: string }[]> {
  const channel = new RpcChannel(`http://127.0.0.1:${port}`);
  const call = await channel.open(MessageProxyService.method.readMessages);
  await call.send(new Uint8Array(0));
  call.end();
  const decoder = new LogMsgDecoder({ warn: () => undefined, maxBytes: 1 << 20 });
  const messages: { readonly kind: string }[] = [];
  for await (const batch of call.responses) {
    for (const bytes of batch) messages.push(decoder.decode(bytes.slice()));
    if (messages.length >= count) break;
  }
  channel.close();
  return messages;
}
