import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerNow } from "../../tests/support/answer-now.js";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { type Fate, ManualTimers, ServiceTransport } from "../../tests/support/test-link.js";
import { isRerunError } from "../core/index.js";
import { ChunkStore, NO_LIMITS } from "../store/index.js";
import { LinkClient } from "./client.js";
import { MAX_PART_BYTES, QueryService } from "./index.js";

const INFO = { applicationId: "app", recordingId: "rec", name: "first run", startTimeNanos: 123n };
const WIDE = Array.from({ length: 20_000 }, (_, i) => i / 3);

/** Chunks from 200 bytes to 5 MB: several to a part, and one in several parts. */
function makeStore(): ChunkStore {
  const store = new ChunkStore({ limits: NO_LIMITS });
  for (let i = 0; i < 40; i++) store.insert(scalarChunk([i], [i % 4 === 0 ? WIDE : [i]]));
  store.insert(
    scalarChunk(
      Array.from({ length: 40 }, (_, i) => i),
      new Array(40).fill(WIDE),
    ),
  );
  return store;
}

const STORE = makeStore();
const IDS = [...STORE.chunks()].map(({ id }) => id);

function connect(fate?: () => Fate, store = STORE): { client: LinkClient; transport: ServiceTransport; timers: ManualTimers } {
  const timers = new ManualTimers();
  const transport = new ServiceTransport(new QueryService(store, INFO), fate);
  return { client: new LinkClient(transport, { timers }), transport, timers };
}

describe("a client", () => {
  it("learns what the recording is", async () => {
    const { client } = connect();
    expect(await client.hello()).toEqual({
      protocol: 1,
      recording: { applicationId: "app", recordingId: "rec", name: "first run" },
      revision: STORE.revision,
    });
  });

  it("gets the index, and chunks cell for cell, in parts that stay within the limit", async () => {
    const { client, transport } = connect();
    const index = await client.index(0);
    expect(index.info).toEqual(INFO);
    expect(index.added.map(({ id }) => id)).toEqual(IDS);
    let size = 0;
    for (const { buffers } of answerNow(new QueryService(STORE, INFO).handle({ kind: "chunks", id: 1, chunkIds: IDS }))) {
      const bytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
      expect(bytes).toBeLessThanOrEqual(MAX_PART_BYTES);
      size += bytes;
    }
    expect(size).toBeGreaterThan(7_000_000);
    const heard: string[] = [];
    const { chunks, missing } = await client.chunks([...IDS, "f".repeat(32)], { onChunk: ({ id }) => heard.push(id) });
    expect(missing).toEqual(["f".repeat(32)]);
    expect(heard.sort()).toEqual([...IDS].sort());
    for (const chunk of chunks) {
      const original = STORE.chunk(chunk.id);
      expect(original && chunkRows(chunk), chunk.id).toEqual(original && chunkRows(original));
    }
    expect(transport.requests).toHaveLength(2);
  });

  it("completes over a link that loses, repeats and reorders parts, without asking again for what came", async () => {
    const fates = fc.infiniteStream(fc.constantFrom<Fate>("arrive", "arrive", "lose", "twice", "late"));
    await fc.assert(
      fc.asyncProperty(fates, async (stream) => {
        const { client, transport, timers } = connect(() => stream.next().value ?? "arrive");
        const wanted = client.chunks(IDS);
        const index = client.index(0);
        const series = client.series({
          entityPath: "/plot",
          component: "Scalars:scalars",
          timeline: "frame",
          from: 0n,
          to: 39n,
          buckets: 500,
        });
        let done = false;
        const all = Promise.all([wanted, index, series]).finally(() => {
          done = true;
        });
        for (let round = 0; round < 5000 && !done; round++) {
          transport.deliverLate();
          timers.advance(600);
          await Promise.resolve().then(() => {});
        }
        const [fetched, delta, reply] = await all;
        expect(fetched.chunks.map(({ id }) => id).sort()).toEqual([...IDS].sort());
        expect(delta.added).toHaveLength(IDS.length);
        expect(reply.numPoints).toBe(80);
        expect(timers.numWaiting).toBe(0);
        const asked = transport.requests.filter((request) => request.kind === "chunks").map((request) => request.chunkIds.length);
        expect(asked).toEqual([...asked].sort((a, b) => b - a));
      }),
      { numRuns: 12 },
    );
  });

  it("does not mix the parts of two answers between which the recording grew", async () => {
    const store = new ChunkStore({ limits: NO_LIMITS });
    for (let i = 0; i < 3000; i++) store.insert(scalarChunk([i], [i], { entityPath: `/${i}${"x".repeat(900)}` }));
    let numParts = 0;
    const { client, timers } = connect(() => (numParts++ === 0 ? "lose" : "arrive"), store);
    const index = client.index(0);
    store.insert(scalarChunk([-1], [-1], { entityPath: "/a/new/one" }));
    timers.advance(1000);
    const delta = await index;
    expect(numParts).toBeGreaterThanOrEqual(4);
    expect(delta.added).toHaveLength(3001);
    expect(delta.entities).toHaveLength(3001);
  });

  it("keeps at most three requests on their way and sends the others in order", async () => {
    const { client, transport, timers } = connect(() => "late");
    const replies = [1, 2, 3, 4, 5].map(() => client.hello());
    expect(transport.requests.map(({ id }) => id)).toEqual([1, 2, 3]);
    for (let i = 0; i < 3; i++) transport.deliverLate();
    expect(transport.requests.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    await Promise.all(replies);
    expect(timers.numWaiting).toBe(0);
  });

  it("asks again after 5 seconds of silence, then after ever longer ones, up to a minute", () => {
    const { client, transport, timers } = connect(() => "lose");
    void client.hello().catch(() => {});
    const sentAfter: number[] = [];
    for (let second = 1; second <= 200; second++) {
      const before = transport.requests.length;
      timers.advance(1000);
      if (transport.requests.length > before) sentAfter.push(second);
    }
    expect(sentAfter).toEqual([5, 15, 35, 75, 135, 195]);
    expect(new Set(transport.requests.map(({ id }) => id))).toEqual(new Set([1]));
    client.close();
  });

  it("does not ask again while the other side says that it waits", () => {
    const { client, transport, timers } = connect(() => "lose");
    void client.hello().catch(() => {});
    for (let second = 1; second <= 20; second++) {
      timers.advance(1000);
      transport.notify({ kind: "waiting" });
    }
    expect(transport.requests).toHaveLength(1);
    client.close();
  });

  it("an abort rejects with its reason and makes room, wherever the request is", async () => {
    const { client, transport, timers } = connect(() => "late");
    const ends = [new AbortController(), new AbortController()];
    const first = client.hello({ signal: (ends[0] as AbortController).signal });
    const others = [client.hello(), client.hello()];
    const queued = client.hello({ signal: (ends[1] as AbortController).signal });
    const last = client.hello();
    (ends[1] as AbortController).abort(new Error("not any more"));
    await expect(queued).rejects.toThrow("not any more");
    (ends[0] as AbortController).abort("gone");
    await expect(first).rejects.toBe("gone");
    await expect(client.hello({ signal: AbortSignal.abort("before") })).rejects.toBe("before");
    for (let i = 0; i < 3; i++) transport.deliverLate();
    await Promise.all([...others, last]);
    expect(transport.requests.map(({ id }) => id)).toEqual([1, 2, 3, 5]);
    expect(timers.numWaiting).toBe(0);
  });

  it("rejects with the recording's own words when it cannot answer", async () => {
    const { client } = connect();
    const query = { entityPath: "/plot", component: "Scalars:scalars", timeline: "frame", from: 0n, to: 1n, buckets: 0 };
    await expect(client.series(query)).rejects.toThrow("A series has 1 to 65536 buckets, got 0");
  });

  it.each(["transport", "notice", "client"])("rejects everything with Closed when the %s closes", async (who) => {
    const { client, transport, timers } = connect(() => "late");
    const replies = [1, 2, 3, 4].map(() => client.hello());
    if (who === "transport") transport.close();
    else if (who === "notice") transport.notify({ kind: "closed", reason: "closed by the program" });
    else client.close();
    for (const outcome of await Promise.allSettled([...replies, client.index(0)])) {
      expect(outcome.status === "rejected" && isRerunError(outcome.reason, "Closed")).toBe(true);
    }
    expect(timers.numWaiting).toBe(0);
  });
});
