import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { startTestCatalog, type TestCatalog } from "../../tests/support/test-catalog.js";
import { RerunCloudService, UploadMethod } from "../protos/redap.js";
import { type RpcServer, serviceRoutes, startRpcServer } from "../rpc/index.js";
import { CatalogClient } from "./catalog-client.js";

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await startTestCatalog();
});
afterAll(() => catalog.close());

describe("an upload", () => {
  it("of a file or of bytes can be registered by the URL that it gives", async () => {
    const { client } = catalog;
    const path = catalog.recording("up", [scalarChunk([1], [1])]);
    const url = await client.stage(path, { key: "folder/up.rrd" });
    const dataset = await client.createDataset("uploads");
    expect((await (await dataset.register(url)).wait()).segmentIds).toEqual(["up"]);
    const bytes = new Uint8Array(8).fill(1).subarray(2, 5);
    expect(await client.stage(bytes, { key: "three.bin" })).not.toBe(url);
  });

  it("never replaces what is there, and says what is wrong with a file or a key", async () => {
    const { client } = catalog;
    await client.stage(new Uint8Array(3), { key: "once.bin" });
    const again = client.stage(new Uint8Array(3), { key: "once.bin" });
    await expect(again).rejects.toMatchObject({ code: "AlreadyExists" });
    const missing = join(catalog.folder, "none.rrd");
    for (const path of [missing, catalog.folder]) {
      await expect(client.stage(path, { key: "x" })).rejects.toMatchObject({
        code: "NotFound",
        message: `The file cannot be read: ${path}`,
      });
    }
    await expect(client.stage(new Uint8Array(1), { key: "../x" })).rejects.toMatchObject({ code: "InvalidArgument" });
  });
});

describe("a storage of its own", () => {
  let storage: Server;
  let rpc: RpcServer;
  let client: CatalogClient;
  const requests: {
    readonly method: string | undefined;
    readonly headers: NodeJS.Dict<string | string[]>;
    readonly body: string;
  }[] = [];

  /** Grants uploads into a storage that answers so. */
  async function start(status: number, text = ""): Promise<CatalogClient> {
    storage = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        requests.push({ method: request.method, headers: request.headers, body: Buffer.concat(parts).toString() });
        if (status === 0) return;
        response.statusCode = status;
        response.end(text);
      });
    }).listen(0, "127.0.0.1");
    await once(storage, "listening");
    const url = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/bucket/key?signature=s`;
    const value = { method: "PUT", url, headers: [{ name: "if-none-match", value: "*" }] };
    const routes = serviceRoutes(RerunCloudService, {
      whoAmI: () => ({}),
      getWriteAccessGrant: ({ supportedUploadMethods }) => {
        expect(supportedUploadMethods).toEqual([UploadMethod.SINGLE_REQUEST]);
        return { storageUrl: "s3://bucket/key", grant: { redemption: { case: "httpRequest" as const, value } } };
      },
    });
    rpc = await startRpcServer({ port: 0, services: [RerunCloudService], routes });
    client = await CatalogClient.connect(`rerun+http://127.0.0.1:${rpc.port}`);
    return client;
  }

  afterEach(async () => {
    await client.close();
    await rpc.close();
    storage.closeAllConnections();
    storage.close();
    requests.length = 0;
  });

  it("gets the bytes with the headers of the grant, and no token", async () => {
    await start(200);
    expect(await client.stage(new TextEncoder().encode("abc"), { key: "key" })).toBe("s3://bucket/key");
    const [request] = requests;
    expect([request?.method, request?.body]).toEqual(["PUT", "abc"]);
    expect(request?.headers).toMatchObject({ "if-none-match": "*", "content-length": "3" });
    expect(request?.headers.authorization).toBeUndefined();
  });

  it("gets large files piece by piece, and the sender hears how far it is", async () => {
    await start(200);
    const size = 3 * 2 ** 20 + 5;
    const heard: number[] = [];
    const path = catalog.file("large.bin", new Uint8Array(size).fill(65));
    await client.stage(path, {
      key: "key",
      onProgress: (sentBytes, totalBytes) => {
        expect(totalBytes).toBe(size);
        heard.push(sentBytes);
      },
    });
    expect(heard.length).toBeGreaterThan(1);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    expect([heard.at(-1), requests[0]?.body.length, requests[0]?.headers["content-length"]]).toEqual([size, size, String(size)]);
    expect(requests[0]?.headers["transfer-encoding"]).toBeUndefined();
    await client.stage(new Uint8Array(0), { key: "empty" });
    expect(requests[1]?.body).toBe("");
  });

  it.each([
    [409, "AlreadyExists"],
    [412, "AlreadyExists"],
    [403, "PermissionDenied"],
    [500, "Unavailable"],
  ] as const)("that answers HTTP %d is %s", async (status, code) => {
    await start(status, "because");
    await expect(client.stage(new Uint8Array(3), { key: "key" })).rejects.toMatchObject({
      code,
      message: `the upload of 'key' ended with HTTP ${status}: because`,
    });
  });

  it("that does not answer is left when the signal says so", async () => {
    await start(0);
    const stop = new AbortController();
    const reason = new Error("enough");
    const staging = client.stage(new Uint8Array(3), { key: "key", signal: stop.signal });
    await once(storage, "request");
    stop.abort(reason);
    await expect(staging).rejects.toBe(reason);
  });

  it("that is not there is told of", async () => {
    await start(200);
    storage.closeAllConnections();
    await new Promise((resolve) => storage.close(resolve));
    await expect(client.stage(new Uint8Array(3), { key: "key" })).rejects.toMatchObject({
      code: "Unavailable",
      message: expect.stringContaining("the storage cannot be reached"),
    });
  });
});
