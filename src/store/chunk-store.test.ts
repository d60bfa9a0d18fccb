import { describe, expect, it } from "vitest";
import { arrayFromValues } from "../../tests/support/array-from-values.js";
import { rowIds, SCALARS, scalarChunk } from "../../tests/support/scalar-chunk.js";
import { type Chunk, makeChunk } from "../chunk/index.js";
import { BOOL, isRerunError, listOf, TIME_MAX, valueAt, type Warning } from "../core/index.js";
import {
  ChunkStore,
  chunkLimitsFromEnv,
  type LatestAtResult,
  LIVE_LIMITS,
  latestAtWithClear,
  NO_LIMITS,
  type RemovalReason,
  type StoreEvent,
} from "./index.js";

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function numRows(store: ChunkStore): number[] {
  return [...store.chunks()].map((chunk) => chunk.numRows);
}

function cell(result: LatestAtResult | undefined, component = SCALARS): unknown {
  const list = result?.chunk.components.get(component)?.list;
  return list === undefined || result === undefined ? undefined : valueAt(list, result.row);
}

function removals(store: ChunkStore): RemovalReason[] {
  const reasons: RemovalReason[] = [];
  store.subscribe(({ removed }) => reasons.push(...removed.map(({ reason }) => reason)));
  return reasons;
}

const AT = { entityPath: "/plot", component: SCALARS, timeline: "frame", at: TIME_MAX };

describe("cutting and joining", () => {
  it("cuts 10000 rows into 4096, 4096 and 1808", () => {
    const store = new ChunkStore();
    store.insert(scalarChunk(upTo(10000), upTo(10000)));
    expect(numRows(store)).toEqual([4096, 4096, 1808]);
  });

  it("cuts at 1024 rows when a timeline is out of order", () => {
    const store = new ChunkStore();
    store.insert(scalarChunk(upTo(3000).reverse(), upTo(3000)));
    expect(numRows(store)).toEqual([1024, 1024, 952]);
  });

  it("cuts by bytes, but never a single row", () => {
    const store = new ChunkStore();
    const wide = upTo(100_000);
    store.insert(scalarChunk([0, 1], [wide, wide]));
    expect(numRows(store)).toEqual([1, 1]);
  });

  it("never cuts static chunks", () => {
    const store = new ChunkStore();
    store.insert(scalarChunk([], upTo(5000), { timeline: undefined }));
    expect(numRows(store)).toEqual([5000]);
  });

  it("joins single rows into few chunks and copies each row rarely", () => {
    const store = new ChunkStore();
    let copied = 0;
    store.subscribe(({ removed, added }) => {
      if (removed.length > 0) for (const chunk of added) copied += chunk.numRows;
    });
    for (const i of upTo(5000)) store.insert(scalarChunk([i], [i]));
    expect(store.stats()).toMatchObject({ numRows: 5000 });
    expect(store.stats().numChunks).toBeLessThan(32);
    expect(Math.max(...numRows(store))).toBeLessThanOrEqual(LIVE_LIMITS.maxRows);
    expect(copied).toBeLessThan(5000 * 6);
  });

  it("leaves chunks as they come without limits", () => {
    const store = new ChunkStore({ limits: NO_LIMITS });
    for (const i of upTo(20)) store.insert(scalarChunk([i], [i]));
    store.insert(scalarChunk(upTo(10000), upTo(10000)));
    expect(store.stats().numChunks).toBe(21);
  });

  it("fills chunks up to the limit, whatever the size of what comes", () => {
    const store = new ChunkStore();
    for (const i of upTo(100))
      store.insert(
        scalarChunk(
          upTo(600).map((row) => 600 * i + row),
          upTo(600),
        ),
      );
    expect(store.stats()).toMatchObject({ numRows: 60_000 });
    expect(store.stats().numChunks).toBeLessThan(24);
  });

  it("joins what was logged one after the other, also when a timeline begins again and again", () => {
    const store = new ChunkStore();
    const logTime = { name: "log_time", type: "timestamp" } as const;
    for (const i of upTo(64)) {
      const chunk = scalarChunk([i % 8], [i]);
      const times = scalarChunk([1000 + i], [i], { timeline: logTime }).timelines;
      store.insert(
        makeChunk({
          ...chunk,
          timelines: [...chunk.timelines.values(), ...times.values()],
          components: chunk.components.values(),
        }),
      );
    }
    expect(store.stats().numChunks).toBeLessThan(12);
  });

  it("does not join chunks of different timelines or types", () => {
    const store = new ChunkStore();
    for (const i of upTo(8)) {
      store.insert(scalarChunk([i], [i]));
      store.insert(scalarChunk([i], [i], { timeline: { name: "log_time", type: "timestamp" } }));
    }
    expect(numRows(store)).toEqual([8, 8]);
  });
});

describe("inserting", () => {
  it("takes a chunk id once, also when its rows live on in another chunk, and the first one wins", () => {
    const store = new ChunkStore();
    const first = scalarChunk([1], [1]);
    store.insert(first);
    expect(store.insert(scalarChunk([90], [90], { id: first.id }))).toBe(false);
    for (const i of upTo(7)) store.insert(scalarChunk([2 + i], [2 + i]));
    expect(store.chunk(first.id)).toBeUndefined();
    expect(store.insert(scalarChunk([91], [91], { id: first.id }))).toBe(false);
    expect(cell(store.latestAt(AT))).toEqual([8]);
  });

  it("ignores chunks without rows and without components, and does not count them as a change", () => {
    const store = new ChunkStore();
    const empty = scalarChunk([], []);
    expect(store.insert(empty)).toBe(false);
    expect(store.insert({ ...scalarChunk([1], [1]), components: new Map() })).toBe(false);
    expect(store.revision).toBe(0);
  });

  it("refuses a timeline of another type and says so", () => {
    const warnings: Warning[] = [];
    const store = new ChunkStore({ warn: (warning) => warnings.push(warning) });
    store.insert(scalarChunk([1], [1]));
    expect(store.insert(scalarChunk([2], [2], { timeline: { name: "frame", type: "duration" } }))).toBe(false);
    expect(warnings.map(({ message }) => message)).toEqual([
      'Timeline "frame" is a sequence in this recording, got a duration: the data is left out, from /plot',
    ]);
    expect(cell(store.latestAt(AT))).toEqual([1]);
  });

  it("tells what came beside what became of it, and nothing of the kind after a collection", () => {
    const store = new ChunkStore({ limits: { ...LIVE_LIMITS, maxRowsIfUnsorted: 2 } });
    const events: StoreEvent[] = [];
    store.subscribe((event) => events.push(event));
    const unsorted = scalarChunk([3, 2, 1], [3, 2, 1]);
    store.insert(unsorted);
    store.collect({ protectLatest: 0 });
    expect(events.map(({ inserted, added, removed }) => [inserted?.id, added.length, removed.length])).toEqual([
      [unsorted.id, 2, 0],
      [undefined, 0, 2],
    ]);
  });

  it("a listener that throws stops neither the store nor the others", () => {
    const warnings: Warning[] = [];
    const store = new ChunkStore({ warn: (warning) => warnings.push(warning) });
    let heard = 0;
    store.subscribe(() => {
      throw new Error("broken");
    });
    const end = store.subscribe(() => heard++);
    store.insert(scalarChunk([1], [1]));
    end();
    store.insert(scalarChunk([2], [2]));
    expect(heard).toBe(1);
    expect(warnings).toHaveLength(2);
  });
});

describe("static data", () => {
  const fixed = { timeline: undefined };

  it("stands for all times and timelines, whatever the row ids", () => {
    const store = new ChunkStore();
    store.insert(scalarChunk([], [7], { ...fixed, firstRow: 0 }));
    store.insert(scalarChunk([5], [1]));
    for (const timeline of ["frame", "other", undefined]) expect(cell(store.latestAt({ ...AT, timeline, at: 0n }))).toEqual([7]);
    expect(store.range({ ...AT, range: { min: 5n, max: 5n } }).map(({ chunk }) => chunk.timelines.size)).toEqual([0]);
  });

  it("is replaced by a greater row id and the old chunk dropped at once, also by an empty cell", () => {
    const store = new ChunkStore();
    const reasons = removals(store);
    store.insert(scalarChunk([], [1], fixed));
    store.insert(scalarChunk([], [[]], fixed));
    expect(cell(store.latestAt(AT))).toEqual([]);
    expect(reasons).toEqual(["overwritten"]);
    expect(store.stats()).toMatchObject({ numChunks: 1, numStaticChunks: 1 });
  });

  it("keeps the greater row id when the smaller one comes later", () => {
    const store = new ChunkStore();
    store.insert(scalarChunk([], [2], { ...fixed, firstRow: 900_000 }));
    store.insert(scalarChunk([], [1], { ...fixed, firstRow: 5 }));
    expect(cell(store.latestAt(AT))).toEqual([2]);
  });

  it.each(["rerun.archetypes.Transform3D", "rerun.archetypes.Pinhole"])("keeps every chunk of %s", (archetype) => {
    const store = new ChunkStore();
    for (const i of upTo(3)) store.insert(scalarChunk([], [i], { ...fixed, archetype }));
    expect(store.stats().numChunks).toBe(3);
    expect(cell(store.latestAt(AT))).toEqual([2]);
  });

  it("keeps a chunk as long as one of its components counts", () => {
    const store = new ChunkStore();
    const parts = scalarChunk([], [1], { ...fixed, component: "other" });
    const both = { ...parts, components: new Map([...parts.components, ...scalarChunk([], [1], fixed).components]) };
    store.insert(both);
    store.insert(scalarChunk([], [2], fixed));
    expect(store.stats().numChunks).toBe(2);
    store.insert(scalarChunk([], [2], { ...fixed, component: "other" }));
    expect(store.chunk(both.id)).toBeUndefined();
  });
});

describe("garbage collection", () => {
  it("keeps the store within its limit by dropping the oldest row ids first", () => {
    const memoryLimitBytes = 40_000;
    const store = new ChunkStore({ memoryLimitBytes, limits: NO_LIMITS });
    const reasons = removals(store);
    // The times descend, so that oldest means oldest row id and nothing else.
    for (const i of upTo(100))
      store.insert(
        scalarChunk(
          upTo(20).map((row) => 5000 - 20 * i + row),
          upTo(20),
        ),
      );
    expect(store.stats().sizeBytes).toBeLessThanOrEqual(memoryLimitBytes);
    expect(new Set(reasons)).toEqual(new Set(["collected"]));
    const firsts = [...store.chunks()].map((chunk) => new DataView(chunk.rowIds.buffer).getUint32(4)).sort((a, b) => a - b);
    const dropped = 100 - firsts.length;
    expect(dropped).toBeGreaterThan(30);
    expect(cell(store.latestAt(AT)), "the latest cell stays although it is the oldest").toEqual([19]);
    expect((firsts[1] ?? 0) - (firsts[0] ?? 0), "after it, what was dropped was the oldest").toBe(20 * (dropped + 1));
  });

  /** Chunks of one row at frames 0 … 9, named a … j, all of one entity. */
  function tenChunks(now: () => number = () => 0): { readonly store: ChunkStore; readonly left: () => string } {
    const store = new ChunkStore({ limits: NO_LIMITS, now });
    const names = new Map<string, string>();
    for (const frame of upTo(10)) {
      const chunk = scalarChunk([frame], [frame]);
      names.set(chunk.id, String.fromCharCode(97 + frame));
      store.insert(chunk);
    }
    return { store, left: () => Array.from(store.chunks(), ({ id }) => names.get(id)).join("") };
  }

  it("ends when its time is over, but drops one chunk at least", () => {
    let ms = 0;
    const { store, left } = tenChunks(() => (ms += 2));
    store.collect({ timeBudgetMs: 5 });
    expect(left()).toBe("defghij");
    expect(store.collect({ timeBudgetMs: 0 })).toBeGreaterThan(0);
    expect(left()).toBe("efghij");
  });

  it("frees no more than it has to", () => {
    const { store, left } = tenChunks();
    const { sizeBytes } = store.stats();
    expect(store.collect({ targetBytes: sizeBytes })).toBe(0);
    expect(store.collect({ targetBytes: sizeBytes * 0.75 })).toBe((sizeBytes / 10) * 3);
    expect(left()).toBe("defghij");
  });

  it("keeps as many of the latest chunks as it is told, those in a time range, and those named", () => {
    const { store, left } = tenChunks();
    const [first] = store.chunks();
    const protectedTimeRanges = new Map([
      ["frame", { min: 4n, max: 5n }],
      ["other", { min: 0n, max: 9n }],
    ]);
    store.collect({ protectLatest: 3, protectedTimeRanges, protectedChunks: new Set([first?.id ?? ""]) });
    expect(left()).toBe("aefhij");
    store.collect();
    expect(left()).toBe("j");
    store.collect({ protectLatest: 0 });
    expect(left()).toBe("");
    expect(store.latestAt(AT)).toBeUndefined();
  });

  it("drops first what is farthest from the cursor, and the older of two that are equally far", () => {
    const { store, left } = tenChunks();
    store.insert(scalarChunk([1], [1], { timeline: { name: "other", type: "sequence" }, firstRow: 0 }));
    const dropOne = (): string => {
      store.collect({ protectLatest: 0, timeBudgetMs: 0, furthestFrom: { timeline: "frame", at: 6n } });
      return left();
    };
    expect([dropOne(), dropOne(), dropOne(), dropOne()]).toEqual(["bcdefghij", "cdefghij", "defghij", "efghij"]);
  });

  it("never drops static data and gives up when nothing else is left", () => {
    const store = new ChunkStore();
    store.insert(scalarChunk([], upTo(1000), { timeline: undefined }));
    store.insert(scalarChunk([1], [1], { component: "other" }));
    expect(store.collect()).toBe(0);
    expect(store.stats().numChunks).toBe(2);
  });
});

describe("clear", () => {
  const CLEAR = "Clear:is_recursive";
  let numClears = 0;

  function clearChunk(entityPath: string, time: number | undefined, isRecursive: boolean): Chunk {
    const timelines =
      time === undefined
        ? []
        : [{ timeline: { name: "frame", type: "sequence" } as const, times: BigInt64Array.of(BigInt(time)) }];
    const list = arrayFromValues(listOf(BOOL), [[isRecursive]]);
    const id = `c${(++numClears).toString().padStart(31, "0")}`;
    return makeChunk({ id, entityPath, rowIds: rowIds(1), timelines, components: [{ descriptor: { component: CLEAR }, list }] });
  }

  // The clear is made after the data, so that its row id is greater.
  function recording(makeClear: () => Chunk): (at: number) => unknown {
    const store = new ChunkStore();
    store.insert(scalarChunk([1, 5], [1, 5], { entityPath: "/a/b" }));
    store.insert(makeClear());
    return (at) => cell(latestAtWithClear(store, { ...AT, entityPath: "/a/b", at: BigInt(at) }));
  }

  it("hides what is not later than it, and nothing later", () => {
    const at = recording(() => clearChunk("/a/b", 3, false));
    expect([2, 3, 4, 5].map(at)).toEqual([[1], undefined, undefined, [5]]);
  });

  it("hides a cell of its own time when its row id is greater", () => {
    expect(recording(() => clearChunk("/a/b", 5, false))(5)).toBeUndefined();
  });

  it("reaches descendants only when it is recursive", () => {
    expect(recording(() => clearChunk("/a", 3, false))(4)).toEqual([1]);
    expect(recording(() => clearChunk("/a", 3, true))(4)).toBeUndefined();
    expect(recording(() => clearChunk("/", 3, true))(4)).toBeUndefined();
    expect(recording(() => clearChunk("/a/b/c", 3, true))(4)).toEqual([1]);
  });

  it("does not touch static data unless it is static itself, and does not hide itself", () => {
    const store = new ChunkStore();
    store.insert(scalarChunk([], [7], { timeline: undefined }));
    store.insert(clearChunk("/plot", 3, false));
    expect(cell(latestAtWithClear(store, { ...AT, at: 4n }))).toEqual([7]);
    expect(cell(latestAtWithClear(store, { ...AT, component: CLEAR, at: 4n }), CLEAR)).toEqual([false]);
    expect(recording(() => clearChunk("/a/b", undefined, false))(9)).toBeUndefined();
  });
});

describe("configuration", () => {
  it("reads limits from the environment, with Rerun's defaults", () => {
    expect(chunkLimitsFromEnv({})).toEqual({ maxBytes: 393_216, maxRows: 4096, maxRowsIfUnsorted: 1024 });
    const env = { RERUN_CHUNK_MAX_BYTES: "0", RERUN_CHUNK_MAX_ROWS: " 7 ", RERUN_CHUNK_MAX_ROWS_IF_UNSORTED: "" };
    expect(chunkLimitsFromEnv(env)).toEqual({ maxBytes: 0, maxRows: 7, maxRowsIfUnsorted: 1024 });
  });

  it.each(["-1", "4k", "1.5", "99999999999999999999"])("refuses %s, naming the variable", (text) => {
    try {
      chunkLimitsFromEnv({ RERUN_CHUNK_MAX_ROWS: text });
      expect.unreachable();
    } catch (error) {
      expect(isRerunError(error, "InvalidArgument") && error.message).toContain("RERUN_CHUNK_MAX_ROWS");
    }
  });
});
