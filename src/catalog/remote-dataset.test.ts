/** The same query gives the same rows, whatever the server can do and however large the segments are. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRedapProxy } from "../../tests/support/redap-proxy.js";
import { FRAME, scalarChunk } from "../../tests/support/scalar-chunk.js";
import { startTestCatalog, type TestCatalog } from "../../tests/support/test-catalog.js";
import { RerunError } from "../core/index.js";
import type { ReaderOptions } from "../dataset/index.js";
import { connect } from "./connect.js";
import { DatasetSelection } from "./remote-dataset.js";

const OTHER = { name: "other", type: "sequence" } as const;
const GIB = 2 ** 30;

/** Sparse and out of order, with static data, a second timeline, empty cells, and an entity of their own. */
const segment = (shift: number) => [
  scalarChunk([5 + shift, 1 + shift, 3 + shift], [1, [2, 3], []], { entityPath: "/a" }),
  scalarChunk([3 + shift, 9 + shift], [4, null], { entityPath: "/a" }),
  scalarChunk([2 + shift, 3 + shift], [6, 7], { entityPath: "/a/b" }),
  scalarChunk([1, 2], [8, 9], { entityPath: "/c", timeline: OTHER }),
  scalarChunk([], [10 + shift], { entityPath: "/still", timeline: undefined }),
  ...Array.from({ length: 40 }, (_, i) => scalarChunk([100 + i], [i], { entityPath: "/long" })),
];

let catalog: TestCatalog;
let id = "";
beforeAll(async () => {
  catalog = await startTestCatalog();
  const segments = { a: segment(0), b: segment(10), c: [scalarChunk([4], [11], { entityPath: "/only" })], d: [] };
  id = (await catalog.dataset("drives", segments)).id;
});
afterAll(() => catalog.close());

interface Query {
  readonly index: string | null;
  readonly options?: ReaderOptions;
  readonly narrow?: (all: DatasetSelection) => DatasetSelection;
}

const QUERIES: readonly (readonly [name: string, Query])[] = [
  ["an index", { index: FRAME.name }],
  ["another index", { index: OTHER.name }],
  ["static data", { index: null }],
  ["filled rows", { index: FRAME.name, options: { fillLatestAt: true } }],
  ["a range", { index: FRAME.name, options: { range: { from: 3, to: 12 } } }],
  ["a filled range", { index: FRAME.name, options: { range: { from: 4, to: 12 }, fillLatestAt: true } }],
  ["index values", { index: FRAME.name, options: { usingIndexValues: [3, 4, 13, 1000] } }],
  ["filled index values", { index: FRAME.name, options: { usingIndexValues: [3, 4, 13, 1000], fillLatestAt: true } }],
  [
    "index values by segment",
    { index: FRAME.name, options: { usingIndexValues: { a: [3, 7], c: [4], none: [1] }, fillLatestAt: true } },
  ],
  ["the first rows", { index: FRAME.name, options: { limit: 4 } }],
  ["some entities", { index: FRAME.name, narrow: (all) => all.filterContents(["/a/**", "-/a/b"]) }],
  ["some segments", { index: FRAME.name, narrow: (all) => all.filterSegments(["b", "c", "none"]) }],
  ["no segments", { index: FRAME.name, narrow: (all) => all.filterSegments([]) }],
];

/** The rows of a query, and the calls that were made for them. */
async function read(
  { index, options, narrow = (all) => all }: Query,
  { isOldServer = false, memoryLimitBytes = GIB }: { readonly isOldServer?: boolean; readonly memoryLimitBytes?: number },
): Promise<{ readonly rows: readonly unknown[]; readonly calls: readonly string[] }> {
  const proxy = await startRedapProxy(catalog.server.port);
  const connection = await connect(proxy.url, {});
  if (isOldServer) connection.capabilities = new Set();
  const all = new DatasetSelection({ catalog: catalog.client, connection, memoryLimitBytes }, { id });
  try {
    const rows = await narrow(all).reader(index, options).rows();
    return { rows, calls: proxy.calls.map(({ method }) => method) };
  } finally {
    connection.close();
    await proxy.close();
  }
}

describe.each(QUERIES)("a query for %s", (_, query) => {
  it("gives the same rows of servers that only know the older question", async () => {
    const [now, before] = [await read(query, {}), await read(query, { isOldServer: true })];
    expect(before.rows).toEqual(now.rows);
    expect(now.calls).not.toContain("QueryDataset");
    expect(before.calls).not.toContain("FindChunks");
    expect(before.calls.includes("QueryDataset")).toBe(now.calls.includes("FindChunks"));
  });

  it("gives the same rows of segments that are read window by window", async () => {
    const [whole, windows] = [await read(query, {}), await read(query, { memoryLimitBytes: 100_000 })];
    expect(windows.rows).toEqual(whole.rows);
    expect(whole.calls).not.toContain("GetRrdManifest");
  });
});

it("segments above a quarter of the memory are read window by window, smaller ones as a whole", async () => {
  const { rows, calls } = await read({ index: FRAME.name, options: { fillLatestAt: true } }, { memoryLimitBytes: 100_000 });
  expect(rows.length).toBeGreaterThan(80);
  expect(calls.filter((method) => method === "GetRrdManifest")).toHaveLength(2);
  const few = await read({ index: FRAME.name, narrow: (all) => all.filterContents("/a") }, { memoryLimitBytes: 100_000 });
  expect(few.calls).not.toContain("GetRrdManifest");
});

it("a query whose chunks at once are above the memory says what it needs", async () => {
  const work = read({ index: FRAME.name }, { memoryLimitBytes: 100 });
  await expect(work).rejects.toMatchObject({ code: "LimitExceeded", message: /needs \d+ bytes .* the limit is 100:/ });
  await expect(work).rejects.toBeInstanceOf(RerunError);
});
