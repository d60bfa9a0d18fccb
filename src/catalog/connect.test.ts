import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedapProxy, startRedapProxy } from "../../tests/support/redap-proxy.js";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { startTestCatalog, type TestCatalog } from "../../tests/support/test-catalog.js";
import { mintToken } from "../server/index.js";
import { CatalogClient } from "./catalog-client.js";
import { connect } from "./connect.js";

const SECRET = Buffer.alloc(40, 3);
const tokenFor = (...allowedHosts: string[]): string =>
  mintToken(SECRET, { allowedHosts, permission: "read-write", lifetimeSec: 600 }, Math.floor(Date.now() / 1000));
const TOKEN = tokenFor("127.0.0.1");
const ELSEWHERE = tokenFor("data.example.com", ".cloud.rerun.io");

let catalog: TestCatalog;
let proxy: RedapProxy;
beforeAll(async () => {
  catalog = await startTestCatalog({ authSecret: SECRET }, { token: TOKEN });
  await catalog.dataset("drives", { a: [scalarChunk([1], [1])] });
});
afterAll(() => catalog.close());

afterEach(async () => {
  vi.unstubAllEnvs();
  await proxy?.close();
});

async function clientWith(token?: string): Promise<CatalogClient> {
  proxy = await startRedapProxy(catalog.server.port);
  return CatalogClient.connect(proxy.url, { token });
}

/** The tokens of all calls, without repetitions. */
const sent = (): unknown[] => [...new Set(proxy.calls.map(({ headers }) => headers.authorization))];

describe("a token", () => {
  it("goes with every call to a host that it names, downloads too", async () => {
    const client = await clientWith(TOKEN);
    const dataset = await client.getDataset("drives");
    expect((await dataset.reader("frame").toArrow()).numRows).toBe(1);
    await (await dataset.segmentStore("a")).close();
    expect(proxy.calls.map(({ method }) => method)).toEqual(expect.arrayContaining(["WhoAmI", "FindChunks", "FetchChunks"]));
    expect(sent()).toEqual([`Bearer ${TOKEN}`]);
    await client.close();
  });

  it("does not go to other hosts", async () => {
    await expect(clientWith(ELSEWHERE)).rejects.toMatchObject({ code: "Unauthenticated" });
    expect(sent()).toEqual([undefined]);
  });

  it("that is no JWT is refused before anything is sent", async () => {
    await expect(clientWith("secret")).rejects.toMatchObject({ code: "Unauthenticated", message: /no JWT/ });
    expect(proxy.calls).toEqual([]);
  });

  it("that was given and is refused is not replaced by the environment's", async () => {
    vi.stubEnv("REDAP_TOKEN", TOKEN);
    const [head, body] = TOKEN.split(".");
    await expect(clientWith(`${head}.${body}.AAAA`)).rejects.toMatchObject({ code: "Unauthenticated" });
    expect(sent()).toEqual([`Bearer ${head}.${body}.AAAA`]);
  });
});

describe("REDAP_TOKEN", () => {
  it("goes to a server that asks for a token, from then on", async () => {
    vi.stubEnv("REDAP_TOKEN", TOKEN);
    const client = await clientWith();
    await client.entries();
    const [first, ...others] = proxy.calls;
    expect([first?.method, first?.headers.authorization]).toEqual(["WhoAmI", undefined]);
    expect(new Set(others.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${TOKEN}`]));
    await client.close();
  });

  it("does not go to a server that asks for none", async () => {
    vi.stubEnv("REDAP_TOKEN", TOKEN);
    const open = await startTestCatalog();
    const { client, proxy: ownProxy } = await open.through();
    await client.entries();
    expect(ownProxy.calls.map(({ headers }) => headers.authorization)).toEqual(ownProxy.calls.map(() => undefined));
    await open.close();
  });

  it("does not go to hosts that it does not name", async () => {
    vi.stubEnv("REDAP_TOKEN", ELSEWHERE);
    await expect(clientWith()).rejects.toMatchObject({ code: "Unauthenticated" });
    expect(sent()).toEqual([undefined]);
  });

  it("without it a server that asks for a token is not entered", async () => {
    vi.stubEnv("REDAP_TOKEN", undefined);
    await expect(clientWith()).rejects.toMatchObject({ code: "Unauthenticated", message: /a token is required/ });
  });
});

describe("connecting", () => {
  it("tells which client of which version it is, and learns what the server can do", async () => {
    proxy = await startRedapProxy(catalog.server.port);
    const connection = await connect(proxy.url, { token: TOKEN });
    const headers = proxy.calls[0]?.headers;
    expect(headers?.["x-rerun-client-version"]).toMatch(/^rerun-ts\/\d/);
    expect(headers?.["x-rerun-client-id"]).toMatch(/^[0-9a-fA-F]{32}$/);
    expect(connection.capabilities).toContain("dataset:find_chunks");
    connection.close();
    connection.close();
  });

  it("takes the address with HTTP's scheme too", async () => {
    const client = await CatalogClient.connect(`http://127.0.0.1:${catalog.server.port}`, { token: TOKEN });
    expect(client.url).toBe(catalog.server.url);
    expect(String(client)).toBe(`CatalogClient('${catalog.server.url}')`);
    await client.close();
    await client.close();
  });

  it.each([
    ["ftp://a", /invalid or missing scheme/],
    ["rerun+http://a b", /the host or port cannot be read/],
  ])("refuses the address %s", async (url, message) => {
    await expect(CatalogClient.connect(url)).rejects.toMatchObject({ code: "InvalidArgument", message });
  });

  it("a client that is closed does not connect again", async () => {
    const client = await clientWith(TOKEN);
    const dataset = await client.getDataset("drives");
    const { length: numCalls } = proxy.calls;
    const waiting = client.entries();
    await client.close();
    await expect(waiting).rejects.toMatchObject({ code: "Closed" });
    await expect(client.entries()).rejects.toMatchObject({ code: "Closed" });
    await expect(dataset.reader("frame").toArrow()).rejects.toMatchObject({ code: "Closed" });
    await expect(dataset.delete()).rejects.toMatchObject({ code: "Closed", message: `the client is closed: ${proxy.url}` });
    expect(proxy.calls.length).toBeLessThanOrEqual(numCalls + 1);
  });
});
