import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { MemoryTransport } from "../../../tests/support/memory-transport.js";
import { TestRecording } from "../../../tests/support/test-recording.js";
import { type Timeline, valueAt } from "../../core/index.js";
import { LinkClient } from "../../link/client.js";
import { latestAtWithClear } from "../../store/index.js";
import * as rr from "../../types/index.js";
import { FrameLoader } from "./frame-loader.js";
import { Recording } from "./recording.js";
import type { FrameWish, RecordingQuery } from "./recording-query.js";

const FRAME: Timeline = { name: "frame", type: "sequence" };
const POSITIONS = "Points3D:positions";

function open(made: TestRecording, cacheBytes?: number): { recording: Recording; transport: MemoryTransport } {
  const transport = new MemoryTransport(made.store, "test", "id");
  const recording = new Recording(new LinkClient(transport), cacheBytes === undefined ? {} : { cacheBytes });
  transport.onMessage((notice) => {
    if (notice.kind === "revision") recording.noticeRevision(notice.revision);
  });
  recording.refresh();
  return { recording, transport };
}

function at(time: bigint | undefined): FrameWish {
  return { timeline: time === undefined ? undefined : "frame", time, isVisible: () => true };
}

/** The query once all its chunks are here. */
async function complete(recording: Recording, wish: FrameWish, ask: (query: RecordingQuery) => void): Promise<RecordingQuery> {
  return until(() => {
    recording.startFrame();
    const query = recording.query(wish);
    ask(query);
    if (query.isPending || !recording.isKnown) throw new Error("pending");
    return query;
  });
}

/** Waits until `check` does not throw, however busy the machine is. */
async function until<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 2 });
}

function firstX(query: RecordingQuery, path = "/p"): number | undefined {
  const cell = query.latestAt(path, POSITIONS);
  if (cell === undefined || cell.end === cell.start) return undefined;
  return (valueAt(cell.values, cell.start) as number[])[0];
}

function point(x: number): rr.Points3D {
  return rr.Points3D.fromFields({ positions: [[x, 0, 0]] });
}

function chunkRequests(transport: MemoryTransport): string[] {
  return transport.requests.flatMap((request) => (request.kind === "chunks" ? request.chunkIds : []));
}

describe("latest-at in the viewer", () => {
  test("answers as the store itself, whatever was logged, cleared and evicted", async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("point" as const),
        path: fc.constantFrom("p", "p/q", "r"),
        time: fc.option(fc.integer({ min: 0, max: 9 })),
      }),
      fc.record({
        kind: fc.constant("clear" as const),
        path: fc.constantFrom("p", "p/q"),
        time: fc.option(fc.integer({ min: 0, max: 9 }), { freq: 9 }),
        recursive: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const made = new TestRecording();
        steps.forEach((one, i) => {
          const times = one.time === null ? [] : [[FRAME, BigInt(one.time)] as const];
          made.log(one.path, one.kind === "point" ? point(i) : new rr.Clear({ recursive: one.recursive }), times);
        });
        const { recording } = open(made, 100);
        for (const time of [0n, 3n, 9n]) {
          const paths = ["/p", "/p/q", "/r"];
          const query = await complete(recording, at(time), (asked) =>
            paths.forEach((path) => void asked.latestAt(path, POSITIONS)),
          );
          for (const path of paths) {
            const found = latestAtWithClear(made.store, { entityPath: path, component: POSITIONS, timeline: "frame", at: time });
            const list = found?.chunk.components.get(POSITIONS)?.list;
            const cell = list === undefined || found === undefined ? undefined : (valueAt(list, found.row) as number[][]);
            expect(firstX(query, path), `${path} at ${time} after ${JSON.stringify(steps)}`).toBe(cell?.[0]?.[0]);
          }
        }
        recording.close();
      }),
      { numRuns: 40 },
    );
  });

  test("fetches a chunk once, and again only after it was evicted", async () => {
    const made = new TestRecording();
    // Too big to be merged.
    for (let frame = 0; frame < 3; frame++) {
      const positions = new Float32Array(3 * 50_000).fill(frame);
      made.log("p", rr.Points3D.fromFields({ positions }), [[FRAME, BigInt(frame)]]);
    }
    const roomy = open(made);
    for (const time of [0n, 1n, 2n, 0n, 1n, 2n]) await complete(roomy.recording, at(time), (query) => void firstX(query));
    expect(chunkRequests(roomy.transport)).toHaveLength(3);

    const tight = open(made, 700_000);
    for (const time of [0n, 1n, 2n, 0n]) {
      const query = await complete(tight.recording, at(time), (asked) => void firstX(asked));
      expect(firstX(query)).toBe(Number(time));
      expect(tight.recording.cachedBytes).toBeLessThan(2 * 700_000);
    }
    expect(chunkRequests(tight.transport)).toHaveLength(4);
  });

  test("one picture that needs more than the cache holds is still completed", async () => {
    const made = new TestRecording();
    for (const path of ["a", "b", "c"]) {
      made.log(path, rr.Points3D.fromFields({ positions: new Float32Array(3 * 50_000) }), [[FRAME, 0n]]);
    }
    const { recording, transport } = open(made, 1000);
    await complete(recording, at(0n), (query) => ["/a", "/b", "/c"].forEach((path) => void query.latestAt(path, POSITIONS)));
    expect(chunkRequests(transport)).toHaveLength(3);
  });

  test("without a timeline only static data are seen", async () => {
    const made = new TestRecording();
    made.log("p", point(1), [[FRAME, 0n]]);
    made.log("r", point(2));
    const { recording } = open(made);
    const query = await complete(recording, at(undefined), (asked) => void [firstX(asked, "/p"), firstX(asked, "/r")]);
    expect([firstX(query, "/p"), firstX(query, "/r")]).toEqual([undefined, 2]);
  });
});

test("new data come by revision notices, in one further request for many of them", async () => {
  const made = new TestRecording();
  made.log("p", point(1), [[FRAME, 0n]]);
  const { recording, transport } = open(made);
  await until(() => expect(recording.isKnown).toBe(true));
  for (let i = 1; i <= 20; i++) made.log("p", point(i), [[FRAME, BigInt(i)]]);
  await until(() => expect(recording.index.timelines[0]?.range.max).toBe(20n));
  expect(transport.requests.filter(({ kind }) => kind === "index").length).toBeLessThanOrEqual(3);
});

test("a closed connection is not asked again", async () => {
  const made = new TestRecording();
  made.log("p", point(1), [[FRAME, 0n]]);
  const { recording, transport } = open(made);
  await until(() => expect(recording.isKnown).toBe(true));
  const changes: string[] = [];
  recording.subscribe((change) => changes.push(change));
  transport.close();
  firstX(recording.query(at(0n)));
  await until(() => expect(changes).toEqual(["waiting", "error"]));
  firstX(recording.query(at(0n)));
  recording.noticeRevision(99);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(changes).toEqual(["waiting", "error"]);
});

test("prefetch orders what comes next, up to its limit, and never what is here", async () => {
  const made = new TestRecording();
  for (let frame = 0; frame < 6; frame++) {
    made.log("p", rr.Points3D.fromFields({ positions: new Float32Array(3 * 50_000) }), [[FRAME, BigInt(frame)]]);
  }
  const { recording, transport } = open(made);
  await complete(recording, at(0n), (query) => void firstX(query));
  recording.prefetch([["/p", POSITIONS]], "frame", { from: 0n, to: 5n }, 1_300_000);
  await until(() => expect(chunkRequests(transport)).toHaveLength(3));
  await until(() => {
    const query = recording.query(at(2n), false);
    firstX(query);
    expect(query.isPending).toBe(false);
  });
  expect(chunkRequests(transport)).toHaveLength(3);
});

describe("FrameLoader", () => {
  async function prepared(): Promise<{ recording: Recording; loader: FrameLoader; shown: bigint[]; transport: MemoryTransport }> {
    const made = new TestRecording();
    for (let frame = 0; frame < 10; frame++) {
      made.log("p", rr.Points3D.fromFields({ positions: new Float32Array(3 * 50_000) }), [[FRAME, BigInt(frame)]]);
    }
    const { recording, transport } = open(made);
    await until(() => expect(recording.isKnown).toBe(true));
    const shown: bigint[] = [];
    const loader = new FrameLoader(recording, (query) => {
      firstX(query);
      if (!query.isPending) shown.push(query.time ?? -1n);
    });
    recording.subscribe(() => loader.retry());
    loader.request(at(0n));
    await until(() => expect(shown).toEqual([0n]));
    return { recording, loader, shown, transport };
  }

  test("keeps the picture until the next one is complete, and skips what was wished between", async () => {
    const { loader, shown } = await prepared();
    for (let frame = 1n; frame <= 9n; frame++) loader.request(at(frame));
    expect(shown).toEqual([0n]);
    await until(() => expect(shown).toEqual([0n, 1n, 9n]));
  });

  test("shows what is here at once while something else is on its way", async () => {
    const { loader, shown, transport } = await prepared();
    transport.setBusy(true);
    loader.request(at(5n));
    loader.request(at(0n));
    expect(shown).toEqual([0n, 0n]);
    expect(loader.isWaiting).toBe(false);
  });
});
