import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CatalogStore, Entry, NewLayer, TaskSpec } from "../../src/server/catalog/catalog-store.js";

/** A catalog under test that outlives the object that has it open. */
export interface CatalogUnderTest {
  /** Opens it; several may be open at the same time. */
  open(nowNs: () => bigint): CatalogStore;
  /** Removes it. */
  dispose(): Promise<void>;
}

const SECOND = 1_000_000_000n;

/** What every catalog must do. */
export function describeCatalog(name: string, create: () => CatalogUnderTest): void {
  describe(name, () => {
    let subject: CatalogUnderTest;
    let catalog: CatalogStore;
    let now = 0n;
    const opened: CatalogStore[] = [];
    const open = (): CatalogStore => {
      const store = subject.open(() => now);
      opened.push(store);
      return store;
    };

    beforeEach(() => {
      now = 1_800_000_000n * SECOND;
      subject = create();
      catalog = open();
    });

    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
      await subject.dispose();
    });

    it("keeps entries by id and name, in the order of their names, over a new start", async () => {
      await put(catalog, entry("b"), entry("a", { kind: "table" }), entry("c"));
      await catalog.close();
      catalog = open();
      expect((await catalog.entries({})).map((each) => each.name)).toEqual(["a", "b", "c"]);
      expect(await catalog.entry(idOf("b"))).toEqual(entry("b"));
      expect(await catalog.entries({ name: "a" })).toEqual([entry("a", { kind: "table" })]);
      expect(await catalog.entries({ kinds: ["table"], id: idOf("b") })).toEqual([]);
      expect(await catalog.entry(idOf("none"))).toBeUndefined();
    });

    it("refuses a name twice, and frees a name that was changed or deleted", async () => {
      await put(catalog, entry("a"));
      await expect(put(catalog, { ...entry("b"), name: "a" })).rejects.toMatchObject({ code: "AlreadyExists" });
      await put(catalog, { ...entry("a"), name: "z" });
      await put(catalog, { ...entry("b"), name: "a" });
      await catalog.write([], (tx) => tx.deleteEntry(idOf("a")));
      await put(catalog, entry("z"));
      expect((await catalog.entries({})).map((each) => [each.id, each.name])).toEqual([
        [idOf("b"), "a"],
        [idOf("z"), "z"],
      ]);
    });

    it("leaves nothing of a transaction that failed", async () => {
      const failed = catalog.write([], async (tx) => {
        await tx.putEntry(entry("a"));
        await tx.enqueue([task("t1")]);
        expect(await tx.entry(idOf("a"))).toEqual(entry("a"));
        expect(await catalog.entry(idOf("a"))).toBeUndefined();
        throw new Error("no");
      });
      await expect(failed).rejects.toThrow("no");
      expect(await catalog.entries({})).toEqual([]);
      expect(await catalog.tasks(["t1"])).toEqual([]);
    });

    it("runs transactions one after the other", async () => {
      await put(catalog, entry("a"));
      const rename = (tail: string): Promise<void> =>
        catalog.write([idOf("a")], async (tx) => {
          const before = (await tx.entry(idOf("a"))) ?? entry("a");
          await Promise.resolve();
          await tx.putEntry({ ...before, name: before.name + tail });
        });
      await Promise.all(["1", "2", "3"].map(rename));
      expect((await catalog.entry(idOf("a")))?.name).toBe("a123");
    });

    it("deletes an entry with what it owns and holds", async () => {
      await put(catalog, entry("a"), entry("a_bp", { kind: "blueprintDataset", owner: idOf("a") }), entry("b"));
      await catalog.write([], async (tx) => {
        await tx.putLayers([layer("a", "s"), layer("a_bp", "s"), layer("b", "s")], "error");
        await tx.putProperties(idOf("a"), { segment: "s", row: bytes(1), revision: 7n });
        expect(await tx.deleteEntry(idOf("a"))).toBe(true);
        expect(await tx.deleteEntry(idOf("a"))).toBe(false);
      });
      expect((await catalog.entries({})).map((each) => each.name)).toEqual(["b"]);
      expect(await catalog.layers(idOf("a"))).toEqual([]);
      expect(await catalog.layers(idOf("a_bp"))).toEqual([]);
      expect(await catalog.properties(idOf("a"))).toEqual([]);
      expect(await catalog.layers(idOf("b"))).toHaveLength(1);
    });

    it("keeps layers in the order of registration, replaced ones last", async () => {
      await put(catalog, entry("a"));
      const outcomes = await catalog.write([idOf("a")], async (tx) => [
        await tx.putLayers([layer("a", "s2"), layer("a", "s1"), layer("a", "s1", "x")], "error"),
        await tx.putLayers([layer("a", "s2", "base", 9n), layer("a", "s3")], "error"),
        await tx.putLayers([layer("a", "s2", "base", 8n)], "skip"),
        await tx.putLayers([layer("a", "s2", "base", 7n)], "overwrite"),
      ]);
      expect(outcomes).toEqual([["added", "added", "added"], ["exists", "added"], ["skipped"], ["replaced"]]);
      const all = await catalog.layers(idOf("a"));
      expect(all.map((each) => [each.segment, each.layer, each.numChunks])).toEqual([
        ["s1", "base", 1n],
        ["s1", "x", 1n],
        ["s3", "base", 1n],
        ["s2", "base", 7n],
      ]);
      const { order, ...kept } = all[3] ?? { order: 0n };
      expect([typeof order, kept]).toEqual(["bigint", layer("a", "s2", "base", 7n)]);
      expect((await catalog.layers(idOf("a"), { segments: ["s3", "s1"] })).map((each) => each.segment)).toEqual([
        "s1",
        "s1",
        "s3",
      ]);
      // One for each transaction's change: three of the four puts changed something.
      expect((await catalog.entry(idOf("a")))?.revision).toBe(3n);
    });

    it("removes the product of segments and layers", async () => {
      await put(catalog, entry("a"));
      const keys = async (): Promise<string[]> =>
        (await catalog.layers(idOf("a"))).map((each) => `${each.segment}/${each.layer}`);
      const remove = (segments: string[], layers: string[]): Promise<number> =>
        catalog.write([], (tx) => tx.removeLayers(idOf("a"), segments, layers));
      await catalog.write([], (tx) =>
        tx.putLayers([layer("a", "s1"), layer("a", "s1", "x"), layer("a", "s2"), layer("a", "s2", "x")], "error"),
      );
      expect(await remove(["s1", "none"], ["x", "y"])).toBe(1);
      expect(await keys()).toEqual(["s1/base", "s2/base", "s2/x"]);
      expect(await remove([], ["base"])).toBe(2);
      expect(await remove(["s2"], [])).toBe(1);
      expect(await remove(["s2"], [])).toBe(0);
      expect((await catalog.entry(idOf("a")))?.revision).toBe(4n);
    });

    it("keeps each schema once, in the order in which a dataset came to have them", async () => {
      await put(catalog, entry("a"));
      await catalog.write([], async (tx) => {
        await tx.putSchema("ff", bytes(1));
        await tx.putSchema("ff", bytes(2));
        await tx.putSchema("00", bytes(3));
        await tx.putLayers([{ ...layer("a", "s1"), schemaSha256: "ff" }, layer("a", "s2"), layer("a", "s3")], "error");
      });
      expect(await catalog.schemaIds(idOf("a"))).toEqual(["ff", "00"]);
      expect([await catalog.schema("ff"), await catalog.schema("11")]).toEqual([bytes(1), undefined]);
    });

    it("keeps properties of segments, whole numbers up to 64 bits", async () => {
      const last = (1n << 64n) - 1n;
      await catalog.write([], async (tx) => {
        await tx.putProperties("d", { segment: "s1", row: bytes(1, 2), revision: 1n });
        await tx.putProperties("d", { segment: "s1", row: bytes(3), revision: last });
        await tx.putProperties("d", { segment: "s0", row: bytes(), revision: 2n });
      });
      expect(await catalog.properties("d", ["s1", "none", "s0"])).toEqual([
        { segment: "s1", row: bytes(3), revision: last },
        { segment: "s0", row: bytes(), revision: 2n },
      ]);
      await catalog.write([], (tx) => tx.removeProperties("d", "s1"));
      expect((await catalog.properties("d")).map((each) => each.segment)).toEqual(["s0"]);
    });

    it("tells of entries that came and went, of all of them and in order", async () => {
      const stop = new AbortController();
      const events = catalog.events(stop.signal, 0n);
      await put(catalog, entry("a"), entry("hidden", { owner: idOf("a") }));
      await put(catalog, { ...entry("a"), name: "renamed" });
      await catalog.write([], (tx) => tx.deleteEntry(idOf("a")));
      const heard = [await events.next(), await events.next()].map(({ value }) => value && [value.kind, value.entry]);
      expect(heard).toEqual([
        ["created", idOf("a")],
        ["deleted", idOf("a")],
      ]);
      const live = open().events(stop.signal);
      const next = live.next();
      await put(catalog, entry("b"));
      expect((await next).value).toMatchObject({ kind: "created", entry: idOf("b") });
      stop.abort();
      expect((await events.next()).done).toBe(true);
      expect((await live.next()).done).toBe(true);
    });

    it("has tasks worked on, and ends them within a transaction", async () => {
      const stop = new AbortController();
      const done: string[][] = [];
      const working = catalog.work({ kinds: ["k"], batch: 2, signal: stop.signal, onError: fail }, async (tasks) => {
        done.push(tasks.map((each) => each.id));
        const results = tasks.map(({ id }) => ({
          id,
          status: id === "t2" ? ("failed" as const) : ("success" as const),
          message: id,
        }));
        await catalog.write([], (tx) => tx.finishTasks(results));
        if (done.flat().length === 3) stop.abort();
      });
      await catalog.write([], (tx) => tx.enqueue([task("t1"), task("t2"), task("t3"), { ...task("other"), kind: "else" }]));
      await working;
      expect(done).toEqual([["t1", "t2"], ["t3"]]);
      expect(
        (await catalog.tasks(["t3", "none", "t2", "other"])).map(({ id, status, message, attempts }) => [
          id,
          status,
          message,
          attempts,
        ]),
      ).toEqual([
        ["t3", "success", "t3", 1],
        ["t2", "failed", "t2", 1],
        ["other", "pending", undefined, 0],
      ]);
    });

    it("gives a task to another worker when its own is silent, not before", async () => {
      await catalog.write([], (tx) => tx.enqueue([task("t")]));
      const errors: unknown[] = [];
      const first = new AbortController();
      const onError = (error: unknown): void => {
        errors.push(error);
        first.abort();
      };
      await catalog.work({ kinds: ["k"], batch: 9, signal: first.signal, onError }, () => Promise.reject(new Error("lost")));
      expect(errors).toEqual([new Error("lost")]);
      const other = open();
      const second = new AbortController();
      const ran: string[] = [];
      const working = other.work({ kinds: ["k"], batch: 9, signal: second.signal, onError: fail }, async ([one]) => {
        ran.push(one?.id ?? "");
        await other.write([], (tx) => tx.finishTasks([{ id: "t", status: "success" }]));
        second.abort();
      });
      now += 60n * SECOND;
      await other.write([], (tx) => tx.enqueue([{ ...task("wake"), kind: "else" }]));
      await working;
      expect(ran).toEqual(["t"]);
      expect(await catalog.tasks(["t"])).toMatchObject([{ status: "success", attempts: 2 }]);
    });

    it("gives up a task whose worker fails again and again, and says why", async () => {
      await catalog.write([], (tx) => tx.enqueue([task("t")]));
      const stop = new AbortController();
      let count = 0;
      const onError = (): void => {
        now += 60n * SECOND;
        count++;
        void catalog.write([], (tx) => tx.putSetting("wake", String(count)));
        if (count === 5) queueMicrotask(() => setImmediate(() => stop.abort()));
      };
      await catalog.work({ kinds: ["k"], batch: 1, signal: stop.signal, onError }, () => Promise.reject(new Error("broken")));
      expect(await catalog.tasks(["t"])).toMatchObject([
        { status: "failed", attempts: 5, message: "given up after 5 attempts: broken" },
      ]);
    });

    it("forgets tasks that ended long ago, and old events", async () => {
      await catalog.write([], (tx) => tx.enqueue([task("old"), task("open")]));
      await catalog.write([], (tx) => tx.finishTasks([{ id: "old", status: "success" }]));
      now += 100n * SECOND;
      await catalog.write([], (tx) => tx.enqueue([task("new")]));
      await catalog.write([], (tx) => tx.finishTasks([{ id: "new", status: "failed" }]));
      await catalog.write([], (tx) => tx.forgetOld(now - SECOND));
      expect((await catalog.tasks(["old", "open", "new"])).map(({ id }) => id)).toEqual(["open", "new"]);
    });

    it("lets a cancelled task stay so, whatever its worker says later", async () => {
      await catalog.write([], (tx) => tx.enqueue([task("t"), task("u")]));
      await catalog.write([], (tx) => tx.cancelTasks(["t", "none"]));
      await catalog.write([], (tx) =>
        tx.finishTasks([
          { id: "t", status: "success" },
          { id: "u", status: "success" },
        ]),
      );
      await catalog.write([], (tx) => tx.cancelTasks(["u"]));
      expect((await catalog.tasks(["t", "u"])).map((each) => each.status)).toEqual(["cancelled", "success"]);
    });

    it("wakes who waits for a change", async () => {
      const never = new AbortController().signal;
      const seen = await catalog.changed(Number.MAX_SAFE_INTEGER, 1, never);
      const waiting = catalog.changed(seen, 60_000, never);
      await put(catalog, entry("a"));
      expect(await waiting).toBeGreaterThan(seen);
      expect(await catalog.changed(seen, 60_000, never)).toBeGreaterThan(seen);
    });

    it("keeps settings", async () => {
      await catalog.write([], (tx) => tx.putSetting("k", "1"));
      await catalog.write([], (tx) => tx.putSetting("k", "2"));
      expect([await catalog.setting("k"), await catalog.setting("x")]).toEqual(["2", undefined]);
    });
  });
}

function put(catalog: CatalogStore, ...entries: Entry[]): Promise<void> {
  return catalog.write([], async (tx) => {
    for (const each of entries) await tx.putEntry(each);
  });
}

function idOf(name: string): string {
  return Buffer.from(name).toString("hex").padEnd(32, "0");
}

function entry(name: string, options: Partial<Entry> = {}): Entry {
  const at = 1_795_442_632_218_063_045n;
  const details = { defaultBlueprint: "bp", table: { provider: "lance", url: "file:///t" } } as const;
  return { id: idOf(name), name, kind: "dataset", createdAtNs: at, updatedAtNs: at, revision: 0n, details, ...options };
}

function layer(dataset: string, segment: string, name = "base", numChunks = 1n): NewLayer {
  return {
    dataset: idOf(dataset),
    segment,
    layer: name,
    object: `file:///${segment}.rrd`,
    objectBytes: 1n << 40n,
    objectVersion: "v",
    manifestObject: "m",
    manifestOffset: 5n,
    manifestBytes: 6n,
    numChunks,
    sizeBytes: 3n,
    schemaSha256: "00",
    registeredAtNs: 1n,
    updatedAtNs: 2n,
    ranges: [{ timeline: "t", type: "sequence", min: -(1n << 63n), max: (1n << 63n) - 1n }],
    properties: bytes(1, 2, 3),
  };
}

function task(id: string): TaskSpec {
  return { id, kind: "k", payload: "{}" };
}

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

function fail(error: unknown): void {
  throw error;
}
