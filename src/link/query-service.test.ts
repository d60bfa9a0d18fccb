import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerNow } from "../../tests/support/answer-now.js";
import { arbitraryChunk } from "../../tests/support/arbitrary-chunk.js";
import { FRAME, SCALARS, scalarChunk } from "../../tests/support/scalar-chunk.js";
import { type Chunk, makeChunk } from "../chunk/index.js";
import { FLOAT32, UTF8 } from "../core/index.js";
import { ChunkStore, NO_LIMITS } from "../store/index.js";
import { decodeIndexDelta, decodeSeries } from "./client.js";
import {
  type ChunkSummary,
  type EntitySchema,
  type IndexDelta,
  QueryService,
  type Reply,
  type Request,
  type SeriesReply,
} from "./index.js";
import { MAX_HISTORY } from "./store-history.js";

const INFO = { applicationId: "app", recordingId: "rec" };

function ask(service: QueryService, request: Request): { replies: Reply[]; block: Uint8Array } {
  const parts = [...answerNow(service.handle(request))];
  return { replies: parts.map(({ content }) => content), block: Buffer.concat(parts.flatMap(({ buffers }) => buffers)) };
}

function indexSince(service: QueryService, sinceRevision: number): IndexDelta {
  return decodeIndexDelta(ask(service, { kind: "index", id: 1, sinceRevision }).block);
}

function errorOf(service: QueryService, request: unknown): Reply["error"] {
  const { replies } = ask(service, request as Request);
  expect(replies.at(-1)?.last).toBe(true);
  return replies.at(-1)?.error;
}

/** What a viewer knows after some deltas. */
class Known {
  chunks = new Map<string, ChunkSummary>();
  entities: readonly EntitySchema[] = [];
  timelines: IndexDelta["timelines"] = [];
  revision = 0;

  apply(delta: IndexDelta): void {
    if (delta.reset) this.chunks.clear();
    for (const id of delta.removed) expect(this.chunks.delete(id), "only what was known is removed").toBe(true);
    for (const summary of delta.added) this.chunks.set(summary.id, summary);
    this.entities = delta.entities ?? this.entities;
    this.timelines = delta.timelines;
    this.revision = delta.revision;
  }

  sorted(): unknown {
    const chunks = [...this.chunks.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { chunks, entities: this.entities, timelines: this.timelines, revision: this.revision };
  }
}

function known(...deltas: readonly IndexDelta[]): Known {
  const state = new Known();
  for (const delta of deltas) state.apply(delta);
  return state;
}

describe("an index", () => {
  const shapes = [
    arbitraryChunk({ components: { a: FLOAT32 }, timelines: [FRAME], maxRows: 5 }),
    arbitraryChunk({ components: { a: FLOAT32, b: UTF8 }, timelines: [], maxRows: 2, entityPath: "/fixed" }),
    arbitraryChunk({ components: { b: UTF8 }, maxRows: 4, entityPath: "/c" }),
  ];

  it("built from deltas in sequence equals the full one, for each viewer at its own pace", () => {
    const steps = fc.array(
      fc.oneof(...shapes.map((chunk) => chunk.map((value) => ({ insert: value }))), fc.constantFrom("ask", "collect", "ask")),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(steps, fc.array(fc.nat({ max: 3 }), { maxLength: 30 }), (list, paces) => {
        const store = new ChunkStore({ limits: { maxBytes: 0, maxRows: 6, maxRowsIfUnsorted: 6 } });
        const service = new QueryService(store, INFO);
        const viewers = [new Known(), new Known()];
        for (const [i, step] of list.entries()) {
          if (step === "collect") store.collect({ targetBytes: store.stats().sizeBytes / 2 });
          else if (step === "ask") {
            const viewer = viewers[(paces[i] ?? 0) % 2];
            viewer?.apply(indexSince(service, viewer.revision));
          } else store.insert(distinct(step.insert, i));
        }
        for (const viewer of viewers) {
          viewer.apply(indexSince(service, viewer.revision));
          expect(viewer.sorted()).toEqual(known(indexSince(service, 0)).sorted());
        }
        expect([...known(indexSince(service, 0)).chunks.keys()].sort()).toEqual([...store.chunks()].map(({ id }) => id).sort());
      }),
      { numRuns: 200 },
    );
  });

  it("names entities only when something about them changed", () => {
    const store = new ChunkStore({ limits: NO_LIMITS });
    const service = new QueryService(store, INFO);
    store.insert(scalarChunk([1], [1]));
    store.insert(scalarChunk([2], [2]));
    expect(indexSince(service, 1).entities).toBeUndefined();
    store.insert(scalarChunk([], [2], { timeline: undefined }));
    expect(indexSince(service, 2).entities?.map(({ components }) => components.map(({ isStatic }) => isStatic))).toEqual([
      [true],
    ]);
    expect(indexSince(service, 3)).toMatchObject({ reset: false, added: [], removed: [], revision: 3 });
  });

  it("starts anew for a revision of another store, and one that is too long ago", () => {
    const store = new ChunkStore({ limits: NO_LIMITS });
    store.insert(scalarChunk([0], [0]));
    store.insert(scalarChunk([0], [0]));
    const service = new QueryService(store, INFO);
    expect(indexSince(service, 7)).toMatchObject({ reset: true, revision: 2 });
    expect(indexSince(service, 1), "before the service began to listen").toMatchObject({ reset: true });
    expect(indexSince(service, 2)).toMatchObject({ reset: false });
    for (let i = 0; i <= MAX_HISTORY; i++) store.insert(scalarChunk([i], [i]));
    expect(indexSince(service, 2).reset).toBe(true);
    expect(indexSince(service, store.revision - 5)).toMatchObject({ reset: false });
    expect(indexSince(service, store.revision - 5).added).toHaveLength(5);
  });

  it("lists only components with a value in the chunk, and asks for the recording's name anew", () => {
    const store = new ChunkStore();
    let name = "first";
    const service = new QueryService(store, () => ({ ...INFO, name }));
    store.insert(scalarChunk([1, 2], [null, null]));
    name = "second";
    const delta = indexSince(service, 0);
    expect(delta.info.name).toBe("second");
    expect(delta.added.map(({ components, timelines }) => [components, [...timelines]])).toEqual([
      [[], [["frame", { min: 1n, max: 2n }]]],
    ]);
  });
});

/** Ids that no other step of the test has. */
function distinct(chunk: Chunk, step: number): Chunk {
  const rowIds = chunk.rowIds.slice();
  for (let at = 0; at < rowIds.length; at += 16) rowIds[at + 8] = step;
  const id = step.toString(16).padStart(4, "0") + chunk.id.slice(4);
  return makeChunk({ ...chunk, id, rowIds, timelines: chunk.timelines.values(), components: chunk.components.values() });
}

describe("a series", () => {
  const cellValue = fc.oneof(
    fc.double({ noNaN: true }),
    fc.constant(Number.NaN),
    fc.constant(null),
    fc.array(fc.double({ noNaN: true }), { maxLength: 3 }),
  );
  const chunks = fc.array(fc.array(fc.tuple(fc.nat({ max: 1000 }), cellValue), { minLength: 1, maxLength: 30 }), {
    maxLength: 6,
  });

  function seriesOf(
    list: readonly (readonly [number, number | number[] | null])[][],
    from: bigint,
    to: bigint,
    buckets: number,
    instance = 0,
  ): SeriesReply {
    const store = new ChunkStore({ limits: NO_LIMITS });
    for (const rows of list) {
      store.insert(
        scalarChunk(
          rows.map(([time]) => time),
          rows.map(([, value]) => value),
        ),
      );
    }
    const request: Request = {
      kind: "series",
      id: 1,
      entityPath: "/plot",
      component: SCALARS,
      timeline: "frame",
      from: `${from}`,
      to: `${to}`,
      buckets,
      instance,
    };
    return decodeSeries(ask(new QueryService(store, INFO), request).block);
  }

  it("has the exact extremes of each bucket, or every point when these are few", () => {
    fc.assert(
      fc.property(
        chunks,
        fc.nat({ max: 1000 }),
        fc.nat({ max: 1000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat({ max: 2 }),
        (list, a, span, buckets, instance) => {
          const [from, to] = [BigInt(a), BigInt(a + span)];
          const points = list
            .flat()
            .filter(([time, value]) => value !== null && time >= a && time <= a + span)
            .map(([time, value]) => ({ time, value: (Array.isArray(value) ? value : [value])[instance] ?? Number.NaN }));
          const reply = seriesOf(list, from, to, buckets, instance);
          expect(reply.numPoints).toBe(points.length);
          expect(reply.isReduced).toBe(points.length > buckets);
          if (!reply.isReduced) {
            const order = points.map(({ time }) => BigInt(time)).sort((x, y) => Number(x - y));
            expect([...reply.times]).toEqual(order);
            expect([...reply.min].sort()).toEqual(points.map(({ value }) => value).sort());
            expect(reply.max).toEqual(reply.min);
            return;
          }
          const expected = new Map<number, { time: number; values: number[] }>();
          for (const { time, value } of points) {
            const bucket = Math.floor(((time - a) * buckets) / (span + 1));
            const entry = expected.get(bucket) ?? { time, values: [] };
            entry.time = Math.min(entry.time, time);
            if (!Number.isNaN(value)) entry.values.push(value);
            expected.set(bucket, entry);
          }
          const wanted = [...expected].sort(([x], [y]) => x - y).map(([, entry]) => entry);
          expect([...reply.times]).toEqual(wanted.map(({ time }) => BigInt(time)));
          expect([...reply.min]).toEqual(
            wanted.map(({ values }) => (values.length > 0 ? Math.min(...values) : Number.NaN)).map(plainZero),
          );
          expect([...reply.max].map(plainZero)).toEqual(
            wanted.map(({ values }) => (values.length > 0 ? Math.max(...values) : Number.NaN)).map(plainZero),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it("with raw points follows (time, row id)", () => {
    const reply = seriesOf(
      [
        [
          [5, 1],
          [3, 2],
          [5, 3],
        ],
        [
          [4, 4],
          [5, 5],
          [3, [6, 7]],
        ],
      ],
      0n,
      9n,
      100,
    );
    expect([...reply.times]).toEqual([3n, 3n, 4n, 5n, 5n, 5n]);
    expect([...reply.min]).toEqual([2, 6, 4, 1, 3, 5]);
    expect(reply.numInstances).toBe(2);
  });

  it("places points by time also for nanoseconds and over the whole range of times", () => {
    const day = 1_700_000_000_000_000_000n;
    const store = new ChunkStore();
    const timeline = { name: "log_time", type: "timestamp" } as const;
    store.insert(
      scalarChunk(
        Array.from({ length: 1000 }, (_, i) => day + BigInt(i) * 1_000_000_007n),
        Array.from({ length: 1000 }, (_, i) => i),
        { timeline },
      ),
    );
    const base = { kind: "series", id: 1, entityPath: "/plot", component: SCALARS, timeline: "log_time", buckets: 10 } as const;
    const near = decodeSeries(
      ask(new QueryService(store, INFO), { ...base, from: `${day}`, to: `${day + 999n * 1_000_000_007n}` }).block,
    );
    expect([...near.min]).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect([...near.max]).toEqual([99, 199, 299, 399, 499, 599, 699, 799, 899, 999]);
    expect(near.times[1]).toBe(day + 100n * 1_000_000_007n);
    const far = decodeSeries(
      ask(new QueryService(store, INFO), { ...base, from: `${-(2n ** 63n) + 1n}`, to: `${2n ** 63n - 1n}` }).block,
    );
    expect([[...far.min], [...far.max]]).toEqual([[0], [999]]);
  });
});

/** -0 is 0: which of the two an extreme is does not matter. */
function plainZero(value: number): number {
  return value === 0 ? 0 : value;
}

describe("a service", () => {
  const store = new ChunkStore();
  store.insert(scalarChunk([1], [1]));
  const service = new QueryService(store, INFO);
  const series = {
    kind: "series",
    id: 1,
    entityPath: "/plot",
    component: SCALARS,
    timeline: "frame",
    from: "0",
    to: "1",
    buckets: 5,
  };

  it.each([
    [{ kind: "hello", id: 1, protocol: 99 }, "Unsupported"],
    [{ kind: "bundle", id: 1 }, "Unsupported"],
    [{ kind: "nonsense", id: 1 }, "Unsupported"],
    [{ kind: "index", id: 1, sinceRevision: -1 }, "InvalidData"],
    [{ kind: "index", id: 1 }, "InvalidData"],
    [{ kind: "chunks", id: 1, chunkIds: [7] }, "InvalidData"],
    [{ kind: "chunks", id: 1 }, "InvalidData"],
    [{ ...series, from: 0 }, "InvalidData"],
    [{ ...series, to: "9".repeat(25) }, "InvalidData"],
    [{ ...series, buckets: 1e9 }, "InvalidArgument"],
  ])("answers %j with the error %s", (request, code) => {
    expect(errorOf(service, request)?.code).toBe(code);
  });

  it("does not answer for more than 20 000 chunks at once", () => {
    expect(errorOf(service, { kind: "chunks", id: 1, chunkIds: new Array(20_001).fill("a") })?.code).toBe("LimitExceeded");
  });

  it("does not make a series of texts", () => {
    const texts = new ChunkStore();
    const [chunk] = fc.sample(arbitraryChunk({ components: { text: UTF8 }, timelines: [FRAME], minRows: 20, maxRows: 20 }), 1);
    if (chunk !== undefined) texts.insert(chunk);
    const request = { ...series, entityPath: "/world/points", component: "text", to: "99" };
    expect(errorOf(new QueryService(texts, INFO), request)?.message).toContain("utf8 in text of /world/points");
  });

  it("answers events with silence, and no chunks with one empty part", () => {
    expect(ask(service, { kind: "event", id: 1, event: { type: "play" } }).replies).toEqual([]);
    expect(ask(service, { kind: "chunks", id: 4, chunkIds: [] }).replies).toMatchObject([
      { kind: "reply", id: 4, seq: 0, last: true },
    ]);
  });
});
