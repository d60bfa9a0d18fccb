/** A connection that breaks costs no answer: questions are put again, and what may not be said twice says what happened. */
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { startTcpProxy, type TcpProxy } from "../../tests/support/tcp-proxy.js";
import { startTestCatalog, type TestCatalog } from "../../tests/support/test-catalog.js";
import { CatalogClient } from "./catalog-client.js";
import type { DatasetEntry } from "./dataset-entry.js";

let catalog: TestCatalog;
let rows: readonly unknown[];
beforeAll(async () => {
  catalog = await startTestCatalog();
  const long = (id: number) =>
    Array.from({ length: 40 }, (_, i) => scalarChunk([i, i + 100], [i, new Array<number>(200).fill(id)]));
  const dataset = await catalog.dataset("drives", { a: long(1), b: long(2) });
  rows = await dataset.reader("frame").rows();
});
afterAll(() => catalog.close());

/** The dataset, over connections whose bytes pass through `pass`. */
async function behind(
  pass: (bytes: Buffer) => Buffer | undefined,
): Promise<{ readonly dataset: DatasetEntry; readonly proxy: TcpProxy }> {
  const proxy = await startTcpProxy(catalog.server.port, pass);
  const client = await CatalogClient.connect(`rerun+http://127.0.0.1:${proxy.port}`);
  onTestFinished(async () => {
    await client.close();
    await proxy.close();
  });
  return { dataset: await client.getDataset("drives"), proxy };
}

describe("a connection that breaks", () => {
  it("between calls is made again; a change whose fate nobody knows is told of", async () => {
    const { dataset, proxy } = await behind((bytes) => bytes);
    for (let i = 0; i < 3; i++) {
      proxy.cut();
      expect(await dataset.segmentIds()).toEqual(["a", "b"]);
      proxy.cut();
      expect(await dataset.reader("frame").rows()).toEqual(rows);
    }
    proxy.cut();
    const change = dataset.setDefaultBlueprint("x");
    await expect(change).rejects.toMatchObject({ code: "Unavailable", message: /^the server ended the connection: http/ });
    await dataset.setDefaultBlueprint(null);
  });

  it("after any number of bytes gives all rows all the same", async () => {
    let left = Number.POSITIVE_INFINITY;
    const { dataset, proxy } = await behind((bytes) => {
      left -= bytes.length;
      if (left >= 0) return bytes;
      left = Number.POSITIVE_INFINITY;
      return undefined;
    });
    const before = proxy.receivedBytes();
    await dataset.reader("frame").count();
    const whole = proxy.receivedBytes() - before;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole }), async (cutAfter) => {
        left = cutAfter;
        expect(await dataset.reader("frame").rows()).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });
});

it("a server of something else is told by name", async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<html>");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await expect(CatalogClient.connect(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
    code: "Unavailable",
    message: /^what answers there is no data platform: .*text\/html: http:\/\/127/,
  });
});
