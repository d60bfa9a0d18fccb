import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ObjectStorage, SegmentStorage } from "../../src/server/segments/segment-storage.js";

export interface StorageUnderTest<T extends SegmentStorage = SegmentStorage> {
  readonly storage: T;
  /** The object of a name such as `a/b`. */
  nameOf(name: string): string;
  /** Puts an object there, or another one in its place, as somebody else would. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  dispose(): Promise<void>;
}

/** What every storage must do. */
export function describeStorage(name: string, create: () => StorageUnderTest | Promise<StorageUnderTest>): void {
  describe(`${name}, read`, () => {
    let subject: StorageUnderTest;
    let storage: SegmentStorage;
    let of: (name: string) => string;

    beforeEach(async () => {
      subject = await create();
      storage = subject.storage;
      of = subject.nameOf;
    });

    afterEach(() => subject.dispose());

    it("gives exactly the bytes of a place", async () => {
      await subject.put("a/b.bin", Uint8Array.of(1, 2, 3, 4, 5));
      expect(await storage.read(of("a/b.bin"), 0, 5)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
      expect(await storage.read(of("a/b.bin"), 2, 2)).toEqual(Uint8Array.of(3, 4));
      expect(await storage.read(of("a/b.bin"), 5, 0)).toEqual(new Uint8Array(0));
      for (const [offset, length] of [
        [3, 3],
        [5, 1],
      ] as const) {
        await expect(storage.read(of("a/b.bin"), offset, length)).rejects.toMatchObject({ code: "CorruptFile" });
      }
      await expect(storage.read(of("a/none"), 0, 1)).rejects.toMatchObject({ code: "NotFound" });
    });

    it("gives the end of an object with its size, and all of a small one", async () => {
      await subject.put("a", Uint8Array.of(1, 2, 3));
      await subject.put("empty", new Uint8Array(0));
      const stat = await storage.stat(of("a"));
      expect(stat).toEqual({ bytes: 3, version: expect.any(String) });
      expect(await storage.readTail(of("a"), 2)).toEqual({ ...stat, tail: Uint8Array.of(2, 3) });
      expect(await storage.readTail(of("a"), 100)).toEqual({ ...stat, tail: Uint8Array.of(1, 2, 3) });
      expect(await storage.readTail(of("empty"), 100)).toMatchObject({ bytes: 0, tail: new Uint8Array(0) });
      expect(await storage.readTail(of("none"), 100)).toBeUndefined();
    });

    it("tells versions of an object apart, and gives no bytes of another than the one that is meant", async () => {
      await subject.put("a", Uint8Array.of(1, 2, 3));
      const before = await storage.stat(of("a"));
      const version = before?.version;
      expect(await storage.stat(of("a"))).toEqual(before);
      expect(await storage.read(of("a"), 1, 2, { version })).toEqual(Uint8Array.of(2, 3));
      await subject.put("a", Uint8Array.of(1, 2, 9, 9));
      await expect(storage.read(of("a"), 1, 2, { version })).rejects.toMatchObject({
        code: "FailedPrecondition",
        message: expect.stringMatching(/was changed since it was registered: .*a$/),
      });
      const after = await storage.stat(of("a"));
      expect(after).toMatchObject({ bytes: 4 });
      expect(after?.version).not.toBe(version);
      expect(await storage.read(of("a"), 1, 2, { version: after?.version })).toEqual(Uint8Array.of(2, 9));
      await expect(storage.read(of("none"), 0, 1, { version })).rejects.toMatchObject({ code: "NotFound" });
    });

    it("knows what there is below a folder, by name, whatever the names", async () => {
      const odd = ["f/1", "f/2 a+b%20.rrd", "f/deep/3", "f/ü&'(1).rrd"];
      for (const name of [...odd, "g", "fg"]) await subject.put(name, Uint8Array.of(1, 2));
      const listed: [string, number][] = [];
      for await (const { object, bytes } of storage.list(of("f/"))) listed.push([object, bytes]);
      expect(listed).toEqual(odd.map((name) => [of(name), 2]));
      for (const name of odd) expect(await storage.read(of(name), 0, 2), name).toEqual(Uint8Array.of(1, 2));
      expect(await storage.stat(of("f"))).toBeUndefined();
      for await (const { object } of storage.list(of("none/"))) expect.fail(object);
    });

    it("stops when asked to", async () => {
      await subject.put("a", Uint8Array.of(1));
      const signal = AbortSignal.abort(new Error("enough"));
      await expect(storage.read(of("a"), 0, 1, { signal })).rejects.toThrow("enough");
    });

    it("has either no address for clients, or one that gives the object", async () => {
      await subject.put("a b", Uint8Array.of(1, 2, 3));
      const direct = await storage.directUrl(of("a b"), 900);
      if (direct === undefined) return;
      const response = await fetch(direct.url, { headers: { range: "bytes=1-2" } });
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(Uint8Array.of(2, 3));
      expect(direct.expiresAtMs).toBeGreaterThan(Date.now() + 800_000);
    });
  });
}

/** What every storage of the server's own objects must do beside that. */
export function describeObjectStorage(name: string, create: () => StorageUnderTest<ObjectStorage>): void {
  describeStorage(name, create);
  describe(`${name}, written`, () => {
    let subject: StorageUnderTest<ObjectStorage>;
    let storage: ObjectStorage;

    beforeEach(() => {
      subject = create();
      storage = subject.storage;
    });

    afterEach(() => subject.dispose());

    it("gives back what was written in pieces", async () => {
      expect(await storage.create("a/b.bin", pieces([1, 2, 3], [], [4, 5]))).toBe("created");
      expect(await storage.read("a/b.bin", 0, 5)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
    });

    it("never replaces an object, whoever is first", async () => {
      const outcomes = await Promise.all([1, 2, 3].map((value) => storage.create("one", pieces([value]))));
      expect(outcomes.sort()).toEqual(["created", "exists", "exists"]);
      const [before] = await storage.read("one", 0, 1);
      expect(await storage.create("one", pieces([9]))).toBe("exists");
      expect(await storage.read("one", 0, 1)).toEqual(Uint8Array.of(before ?? 0));
    });

    it("shows nothing of an object whose writing failed, and takes it later", async () => {
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        yield Uint8Array.of(1);
        throw new Error("cut off");
      };
      await expect(storage.create("x/half", broken())).rejects.toThrow("cut off");
      expect(await storage.stat("x/half")).toBeUndefined();
      for await (const { object } of storage.list("")) expect.fail(object);
      expect(await storage.create("x/half", pieces([2]))).toBe("created");
    });

    it("removes objects, and what is not there too", async () => {
      await storage.create("f/1", pieces([1]));
      await storage.read("f/1", 0, 1);
      await storage.remove("f/1");
      await storage.remove("f/1");
      expect(await storage.stat("f/1")).toBeUndefined();
      await expect(storage.read("f/1", 0, 1)).rejects.toMatchObject({ code: "NotFound" });
    });

    it("refuses names that lead elsewhere", async () => {
      await expect(storage.create("../x", pieces([1]))).rejects.toMatchObject({ code: "InvalidArgument" });
      await expect(storage.read("a/../../x", 0, 1)).rejects.toMatchObject({ code: "InvalidArgument" });
    });
  });
}

async function* pieces(...parts: readonly number[][]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Uint8Array.from(part);
}
