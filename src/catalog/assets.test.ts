import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { startTestCatalog, type TestCatalog } from "../../tests/support/test-catalog.js";
import { RerunError } from "../core/index.js";
import type { DatasetEntry } from "./dataset-entry.js";

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await startTestCatalog();
});
afterAll(() => catalog.close());

const asset = (id: string): string =>
  catalog.recording(id, [scalarChunk([], [1], { entityPath: `/${id}`, timeline: undefined })], `asset-${id}.rrd`);

/** A dataset with the segments a, b and c. */
const threeSegments = (name: string): Promise<DatasetEntry> =>
  catalog.dataset(name, Object.fromEntries(["a", "b", "c"].map((id) => [id, [scalarChunk([1], [1])]])));

async function coverage(dataset: DatasetEntry): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const id of ["a", "b", "c"]) found[id] = await dataset.assetsForSegment(id);
  return found;
}

describe("an asset", () => {
  it("is all segments' but for those that are named, or only theirs", async () => {
    const dataset = await threeSegments("modes");
    expect(await dataset.assets()).toEqual([]);
    expect(await dataset.registerAsset(asset("map"), { segments: ["b"] })).toBe("map");
    expect(await dataset.registerAsset(asset("lidar"), { mode: "opt_in", segments: ["b"] })).toBe("lidar");
    expect(await dataset.assets()).toEqual(["lidar", "map"]);
    expect(await coverage(dataset)).toEqual({ a: ["map"], b: ["lidar"], c: ["map"] });
    await dataset.addSegmentsToAsset("map", ["b"]);
    await dataset.removeSegmentsFromAsset("map", ["a", "c"]);
    await dataset.addSegmentsToAsset("lidar", ["a", "b"]);
    expect(await coverage(dataset)).toEqual({ a: ["lidar"], b: ["lidar", "map"], c: [] });
  });

  it("is in the store and the schema of the segments that it is for", async () => {
    const dataset = await threeSegments("stores");
    await dataset.registerAsset(asset("map"), { segments: ["b"] });
    const pathsOf = async (id: string, includeAssets?: boolean): Promise<string[]> => {
      const store = await dataset.segmentStore(id, { includeAssets });
      const paths = store.schema().entities.map(({ path }) => path);
      await store.close();
      return paths.filter((path) => !path.startsWith("/__")).sort();
    };
    expect(await pathsOf("a")).toEqual(["/map", "/plot"]);
    expect(await pathsOf("a", false)).toEqual(["/plot"]);
    expect(await pathsOf("b")).toEqual(["/plot"]);
    const segment = await dataset.segment("a");
    expect((await segment.schema({ includeAssets: true })).entityPaths()).toEqual(["/map", "/plot"]);
    expect((await segment.schema()).entityPaths()).toEqual(["/plot"]);
  });

  it("that is taken out is no segment's; one that is not there is no error", async () => {
    const dataset = await threeSegments("removed");
    await dataset.unregisterAsset("none");
    await dataset.registerAsset(asset("map"));
    await dataset.unregisterAsset("map");
    await dataset.unregisterAsset("map");
    expect([await dataset.assets(), await dataset.assetsForSegment("a")]).toEqual([[], []]);
  });

  it("keeps what several change at the same time", async () => {
    const dataset = await threeSegments("racing");
    await dataset.registerAsset(asset("map"), { mode: "opt_in" });
    await Promise.all(["a", "b", "c"].map((id) => dataset.addSegmentsToAsset("map", [id])));
    expect(await coverage(dataset)).toEqual({ a: ["map"], b: ["map"], c: ["map"] });
  });

  it("is written five times at most when others are always faster", async () => {
    const dataset = await threeSegments("beaten");
    await dataset.registerAsset(asset("map"), { mode: "opt_in" });
    let numWrites = 0;
    const { client } = await catalog.through({
      begin: ({ method }) => {
        if (method !== "SetSegmentProperties") return;
        numWrites += 1;
        throw new RerunError("FailedPrecondition", "somebody was faster");
      },
    });
    const own = await client.getDataset("beaten");
    await expect(own.addSegmentsToAsset("map", ["a"])).rejects.toMatchObject({ code: "FailedPrecondition" });
    expect(numWrites).toBe(5);
  });
});
