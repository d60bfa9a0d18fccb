import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SegmentStorage } from "../../src/server/segments/segment-storage.js";

export interface StorageUnderTest {
  readonly storage: SegmentStorage;
  dispose(): Promise<void>;
}

/** What every storage that can be written must do. */
export function describeStorage(name: string, create: () => StorageUnderTest): void {
  describe(name, () => {
    let subject: StorageUnderTest;
    let storage: SegmentStorage;

    beforeEach(() => {
      subject = create();
      storage = subject.storage;
    });

    afterEach(() => subject.dispose());

    it("gives back exactly the bytes of a place", async () => {
      expect(await storage.create("a/b.bin", pieces([1, 2, 3], [], [4, 5]))).toBe("created");
      expect(await storage.read("a/b.bin", 0, 5)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
      expect(await storage.read("a/b.bin", 2, 2)).toEqual(Uint8Array.of(3, 4));
      expect(await storage.read("a/b.bin", 5, 0)).toEqual(new Uint8Array(0));
      await expect(storage.read("a/b.bin", 3, 3)).rejects.toMatchObject({ code: "CorruptFile" });
      await expect(storage.read("a/none", 0, 1)).rejects.toMatchObject({ code: "NotFound" });
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
      expect(await names(storage, "")).toEqual([]);
      expect(await storage.create("x/half", pieces([2]))).toBe("created");
    });

    it("knows size and version, and what there is below a folder", async () => {
      await storage.create("f/2", pieces([1, 2]));
      await storage.create("f/1", pieces([]));
      await storage.create("g", pieces([1]));
      expect(await storage.stat("f/2")).toEqual({ bytes: 2, version: expect.any(String) });
      expect(await storage.stat("f")).toBeUndefined();
      expect(await names(storage, "f/")).toEqual(["f/1", "f/2"]);
      expect(await names(storage, "")).toEqual(["f/1", "f/2", "g"]);
      expect(await names(storage, "none/")).toEqual([]);
    });

    it("removes objects, and what is not there too", async () => {
      await storage.create("f/1", pieces([1]));
      await storage.read("f/1", 0, 1);
      await storage.remove("f/1");
      await storage.remove("f/1");
      expect(await storage.stat("f/1")).toBeUndefined();
      await expect(storage.read("f/1", 0, 1)).rejects.toMatchObject({ code: "NotFound" });
    });

    it("refuses names that lead elsewhere, and stops when asked to", async () => {
      await expect(storage.create("../x", pieces([1]))).rejects.toMatchObject({ code: "InvalidArgument" });
      await expect(storage.read("a/../../x", 0, 1)).rejects.toMatchObject({ code: "InvalidArgument" });
      await storage.create("a", pieces([1]));
      await expect(storage.read("a", 0, 1, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    });
  });
}

async function* pieces(...parts: readonly number[][]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Uint8Array.from(part);
}

async function names(storage: SegmentStorage, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { object } of storage.list(prefix)) found.push(object);
  return found;
}
