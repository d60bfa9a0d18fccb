import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterEach, describe, expect, test } from "vitest";
import { MessageProxyService, ReadTablesResponseSchema, WriteTableRequestSchema } from "../../protos/proxy.js";
import { RpcChannel } from "../client/rpc-channel.js";
import { dataframePartFromIpc, tableFromDataframePart } from "../dataframe-part.js";
import { firstMessage } from "../first-message.js";
import { type MessageProxyServer, startMessageProxy } from "./proxy-server.js";

const { method } = MessageProxyService;
const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(): Promise<{ readonly channel: RpcChannel; readonly proxy: MessageProxyServer }> {
  const proxy = await startMessageProxy({ port: 0 });
  ends.push(() => proxy.server.close());
  const channel = new RpcChannel(`http://127.0.0.1:${proxy.server.port}`);
  ends.push(() => channel.close());
  return { channel, proxy };
}

/** Sends one message. @returns the answer */
async function ask(channel: RpcChannel, call: keyof typeof method, bytes: Uint8Array): Promise<Uint8Array> {
  const open = await channel.open(method[call]);
  await open.send(bytes);
  open.end();
  return firstMessage(open.responses);
}

describe("a message proxy", () => {
  test("passes tables on to readers that come late", async () => {
    const { channel } = await serve();
    const data = dataframePartFromIpc(tableToIPC(tableFromArrays({ x: new Int32Array([1, 2, 3]) }), "stream"));
    const request = create(WriteTableRequestSchema, { id: { id: "table" }, data });
    expect(await ask(channel, "writeTable", toBinary(WriteTableRequestSchema, request))).toHaveLength(0);
    const answer = fromBinary(ReadTablesResponseSchema, await ask(channel, "readTables", new Uint8Array(0)));
    expect([answer.id?.id, tableFromDataframePart(answer.data).numRows]).toEqual(["table", 3]);
  });

  test("refuses what it cannot read with INVALID_ARGUMENT, and goes on", async () => {
    const { channel, proxy } = await serve();
    const bad = { code: "InvalidArgument" };
    await expect(ask(channel, "writeMessages", new Uint8Array(0))).rejects.toMatchObject({
      ...bad,
      message: "missing `log_msg` in `WriteMessagesRequest`",
    });
    await expect(ask(channel, "writeMessages", new Uint8Array([0x0a, 0xff]))).rejects.toMatchObject(bad);
    // A chunk without anything in it.
    await expect(ask(channel, "writeMessages", new Uint8Array([0x0a, 2, 0x12, 0]))).rejects.toMatchObject(bad);
    await expect(ask(channel, "writeTable", new Uint8Array(0))).rejects.toMatchObject({
      ...bad,
      message: "missing `id` in `WriteTableRequest`",
    });
    expect(proxy.proxy.stats().numEntries).toBe(0);
    const call = await channel.open(method.writeMessages);
    call.end();
    await firstMessage(call.responses);
  });
});
