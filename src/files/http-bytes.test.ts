import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import { readBytes } from "./byte-source.js";
import { openHttpBytes } from "./http-bytes.js";
import { openRrdFile } from "./rrd-file.js";

const PATH = fileURLToPath(new URL("../../tests/fixtures/rrd/conv_time.rrd", import.meta.url));
const FILE = readFileSync(PATH);
const QUICK = { retryDelayMs: 1 };

let server: Server;
let base = "";
/** Answers before the usual one; each is used once. */
let before: ((response: ServerResponse) => void)[] = [];
let ranges: (string | undefined)[] = [];
let tag = '"1"';
let body: Uint8Array = FILE;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { range, "if-range": ifRange } = request.headers;
  ranges.push(range);
  const special = before.shift();
  const [, from = "0", to = "0"] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
  if (special !== undefined) {
    special(response);
  } else if (request.url === "/none.rrd") {
    response.writeHead(404, "Not Found").end();
  } else if (request.url === "/whole.rrd" || range === undefined || (ifRange !== undefined && ifRange !== tag)) {
    response.writeHead(200, { "content-length": body.length }).end(body);
  } else if (body.length === 0) {
    response.writeHead(416, { "content-range": "bytes */0" }).end();
  } else {
    const part = body.subarray(Number(from), Number(to) + 1);
    const headers = { etag: tag, "content-range": `bytes ${from}-${to}/${body.length}`, "content-length": part.length };
    response.writeHead(206, headers).end(part);
  }
}

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  [before, ranges, tag, body] = [[], [], '"1"', FILE];
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("openHttpBytes", () => {
  it("asks for the parts that are read, and no more", async () => {
    const bytes = await openHttpBytes(`${base}/file.rrd`);
    expect(bytes.sizeBytes).toBe(FILE.length);
    expect(await readBytes(bytes, 10, 20)).toEqual(new Uint8Array(FILE.subarray(10, 30)));
    expect(await readBytes(bytes, 5, 0)).toEqual(new Uint8Array(0));
    expect(ranges).toEqual(["bytes=0-0", "bytes=10-29"]);
    await expect(readBytes(bytes, FILE.length - 1, 2)).rejects.toThrow(`The file ends at byte ${FILE.length}, expected 1 more`);
    await bytes.close();
    await bytes.close();
    await expect(readBytes(bytes, 0, 1)).rejects.toMatchObject({ code: "Closed" });
  });

  it("takes a file whole from a server that gives no parts, up to a limit", async () => {
    const bytes = await openHttpBytes(`${base}/whole.rrd`);
    expect(await readBytes(bytes, 10, 20)).toEqual(new Uint8Array(FILE.subarray(10, 30)));
    expect(ranges).toHaveLength(1);
    await expect(openHttpBytes(`${base}/whole.rrd`, { maxDownloadBytes: 1000 })).rejects.toThrow(
      `this one has ${FILE.length} bytes, the limit is 1000: download it first: ${base}/whole.rrd`,
    );
    before = [(response) => void response.writeHead(200).end(FILE)];
    await expect(openHttpBytes(`${base}/x`, { maxDownloadBytes: 1000 })).rejects.toThrow("more than 1000 bytes");
  });

  it("tries again what may pass, and says at last why it could not", async () => {
    const busy = (response: ServerResponse): void => void response.writeHead(503, "Busy").end();
    const cut = (response: ServerResponse): void => {
      response.writeHead(206, { etag: tag, "content-range": `bytes 0-99/${FILE.length}`, "content-length": 100 });
      response.write(FILE.subarray(0, 50), () => response.destroy());
    };
    before = [busy];
    const bytes = await openHttpBytes(`${base}/file.rrd`, QUICK);
    before = [cut, busy];
    expect(await readBytes(bytes, 0, 100)).toEqual(new Uint8Array(FILE.subarray(0, 100)));
    before = [busy, busy, busy, busy];
    await expect(readBytes(bytes, 0, 100)).rejects.toThrow(/cannot be read after 4 attempts \(status 503 Busy\)/);
    await expect(openHttpBytes("http://127.0.0.1:1/x", QUICK)).rejects.toMatchObject({ code: "Unavailable" });
  });

  it("says what the server refuses, and that a file has become another one", async () => {
    await expect(openHttpBytes(`${base}/none.rrd`)).rejects.toThrow(`got 404 Not Found: ${base}/none.rrd`);
    const bytes = await openHttpBytes(`${base}/file.rrd`);
    tag = '"2"';
    await expect(readBytes(bytes, 0, 10)).rejects.toThrow("The file is another one since it was opened");
    const [shorter, longer] = [await openHttpBytes(`${base}/file.rrd`), await openHttpBytes(`${base}/file.rrd`)];
    body = FILE.subarray(0, 5000);
    await expect(readBytes(shorter, 0, 10)).rejects.toMatchObject({ code: "CorruptFile" });
    body = FILE;
    before = [(response) => void response.writeHead(206, { "content-range": `bytes 0-9/${FILE.length}` }).end(FILE)];
    await expect(readBytes(longer, 0, 10)).rejects.toThrow("gave more than the 10 bytes from byte 0 on");
  });

  it("knows an empty file, and stops when asked to", async () => {
    body = new Uint8Array(0);
    expect((await openHttpBytes(`${base}/file.rrd`)).sizeBytes).toBe(0);
    body = FILE;
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(openHttpBytes(`${base}/file.rrd`, { signal })).rejects.toThrow("enough");
    const bytes = await openHttpBytes(`${base}/file.rrd`);
    const controller = new AbortController();
    before = [() => controller.abort(new Error("later"))];
    await expect(readBytes(bytes, 0, 10, controller.signal)).rejects.toThrow("later");
  });
});

describe("openRrdFile of a URL", () => {
  it.each(["/file.rrd", "/whole.rrd"])("gives the same chunks as the file on disk: %s", async (path) => {
    const [there, here] = [await openRrdFile(base + path), await openRrdFile(PATH)];
    expect(there.isIndexed).toBe(true);
    expect((await there.readChunks(there.chunks)).map(chunkRows)).toEqual((await here.readChunks(here.chunks)).map(chunkRows));
    await Promise.all([there.close(), here.close()]);
  });

  it("reads through a file without a footer", async () => {
    body = FILE.subarray(0, FILE.length - 32);
    const [there, here] = [await openRrdFile(`${base}/cut.rrd`), await openRrdFile(PATH)];
    expect(there.isIndexed).toBe(false);
    expect(there.chunks).toEqual(here.chunks);
    await Promise.all([there.close(), here.close()]);
  });
});
