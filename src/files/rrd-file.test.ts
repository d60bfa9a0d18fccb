import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import { damageChunks } from "../../tests/support/rrd-frames.js";
import type { Warning } from "../core/index.js";
import { decodeRrd, type RrdMessage } from "../rrd/index.js";
import { LazyStore } from "../store/index.js";
import { readRrdFile } from "./read-rrd.js";
import { openRrdFile } from "./rrd-file.js";

const FIXTURES = fileURLToPath(new URL("../../tests/fixtures/rrd/", import.meta.url));
const ORIGINAL = join(FIXTURES, "conv_time.rrd");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-files-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A copy of the original that may be changed. */
function copy(name: string, change: (path: string) => void = () => undefined): string {
  const path = join(folder, name);
  copyFileSync(ORIGINAL, path);
  change(path);
  return path;
}

async function all(path: string, warnings: Warning[] = []): Promise<RrdMessage[]> {
  const messages: RrdMessage[] = [];
  for await (const message of readRrdFile(path, { warn: (warning) => warnings.push(warning) })) messages.push(message);
  return messages;
}

/** A copy in which these chunks cannot be decoded. */
function damaged(name: string, ...numbers: number[]): { path: string; at: number[]; lostBytes: number } {
  const { bytes, ...places } = damageChunks(readFileSync(ORIGINAL), ...numbers);
  return { path: copy(name, (path) => writeFileSync(path, bytes)), ...places };
}

describe("readRrdFile", () => {
  it("gives the same messages as decoding the whole file", async () => {
    const expected = [...decodeRrd(readFileSync(ORIGINAL))];
    expect(await all(ORIGINAL)).toEqual(expected);
  });

  it("reads what is whole in a cut file and says so", async () => {
    const warnings: Warning[] = [];
    const messages = await all(
      copy("cut.rrd", (path) => truncateSync(path, 9000)),
      warnings,
    );
    expect(messages.length).toBeGreaterThan(1);
    expect(warnings.map((warning) => warning.code)).toEqual(["CorruptFile"]);
  });

  it("reports damage once for a file, with its first place, its extent and the file", async () => {
    const warnings: Warning[] = [];
    const { path, at, lostBytes } = damaged("three.rrd", 1, 2, 4);
    expect((await all(path, warnings)).length).toBe((await all(ORIGINAL)).length - 3);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toMatch(
      new RegExp(`^The message at byte ${at[0]} was left out: .* 3 places .* damaged, ${lostBytes} bytes .* lost: ${path}$`),
    );
  });

  it("refuses what is no recording, and stops when asked to", async () => {
    const path = join(folder, "text.rrd");
    writeFileSync(path, "not a recording at all");
    await expect(all(path)).rejects.toThrow("Not a Rerun recording");
    await expect(all(join(folder, "none.rrd"))).rejects.toMatchObject({ code: "NotFound" });
    await expect(all("/dev/null")).rejects.toThrow("expected a file, got a device");
    const reading = readRrdFile(ORIGINAL, { signal: AbortSignal.abort(new Error("enough")) });
    await expect(reading.next()).rejects.toThrow("enough");
  });
});

describe("openRrdFile", () => {
  it("knows all chunks from the footer and reads each by its place", async () => {
    const file = await openRrdFile(ORIGINAL);
    const messages = await all(ORIGINAL);
    const chunks = messages.filter((message) => message.kind === "chunk").map((message) => message.chunk);
    expect(file.isIndexed).toBe(true);
    expect(file.stores.map((store) => store.storeId.recordingId)).toEqual(["conv-time"]);
    expect(file.chunks.map(({ id, entityPath, numRows }) => [id, entityPath, numRows])).toEqual(
      chunks.map(({ id, entityPath, numRows }) => [id, entityPath, numRows]),
    );
    expect((await file.readChunks([...file.chunks].reverse())).map(chunkRows)).toEqual([...chunks].reverse().map(chunkRows));
    await file.close();
    await file.close();
    await expect(file.readChunks(file.chunks)).rejects.toThrow("The file is closed");
  });

  it("says the same of a file without a footer, having read it through", async () => {
    const size = readFileSync(ORIGINAL).length;
    const cut = await openRrdFile(copy("no-footer.rrd", (path) => truncateSync(path, size - 32)));
    const whole = await openRrdFile(ORIGINAL);
    expect(cut.isIndexed).toBe(false);
    expect(cut.chunks).toEqual(whole.chunks);
    const last = [cut, whole].map((file) => file.readChunks(file.chunks.slice(3, 4)));
    expect((await Promise.all(last)).map((chunks) => chunks.map(chunkRows))[0]).toEqual((await last[1])?.map(chunkRows));
    for (const { storeId } of whole.stores) {
      expect(cut.source(storeId).timelines).toEqual(whole.source(storeId).timelines);
      expect(cut.source(storeId).entities).toEqual(whole.source(storeId).entities);
    }
    await cut.close();
    await whole.close();
  });

  it("does not trust a footer that is damaged or of another file", async () => {
    const warnings: Warning[] = [];
    const warn = (warning: Warning): number => warnings.push(warning);
    const size = readFileSync(ORIGINAL).length;
    const flipped = copy("flipped.rrd", (path) => {
      const bytes = readFileSync(path);
      bytes[size - 500] = (bytes[size - 500] ?? 0) ^ 4;
      writeFileSync(path, bytes);
    });
    const damagedFile = await openRrdFile(flipped, { warn });
    expect([damagedFile.isIndexed, warnings.length]).toEqual([false, 1]);
    expect(warnings[0]?.message).toMatch(
      /^The footer at byte \d+ is damaged: .* The file is read without its index: .*flipped.rrd$/,
    );
    const twice = await openRrdFile(
      copy("twice.rrd", (path) => appendFileSync(path, readFileSync(ORIGINAL))),
      { warn },
    );
    expect([twice.isIndexed, twice.chunks.length, warnings.length]).toEqual([false, 2 * damagedFile.chunks.length, 1]);
    await damagedFile.close();
    await twice.close();
  });

  it("leaves out chunks that are damaged, and reports them once for a file", async () => {
    const warnings: Warning[] = [];
    const { path, at, lostBytes } = damaged("lazy.rrd", 1, 2, 4);
    const file = await openRrdFile(path, { warn: (warning) => warnings.push(warning) });
    expect([file.isIndexed, warnings]).toEqual([true, []]);
    const chunks = await file.readChunks(file.chunks.slice(0, 3));
    expect(chunks.map(({ id }) => id)).toEqual([file.chunks[0]?.id]);
    expect(await file.readChunks(file.chunks)).toHaveLength(file.chunks.length - 3);
    const [first = 0, second = 0] = at;
    expect(lostBytes).toBeGreaterThan(second - first);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^The message at byte ${first} was left out: .* 2 places .*: ${path}$`)),
    ]);
    await file.close();
  });

  it("reports a damaged footer and damaged chunks as one", async () => {
    const warnings: Warning[] = [];
    const { path, at } = damaged("both.rrd", 1, 2);
    const bytes = readFileSync(path);
    bytes[bytes.length - 500] = (bytes[bytes.length - 500] ?? 0) ^ 4;
    writeFileSync(path, bytes);
    const file = await openRrdFile(path, { warn: (warning) => warnings.push(warning) });
    await file.readChunks(file.chunks);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^The message at byte ${at[0]} was left out: .* 3 places of the recording are damaged`)),
    ]);
    await file.close();
  });

  it("a store over a damaged file answers from what is whole", async () => {
    const warnings: Warning[] = [];
    const { path } = damaged("store.rrd", 1, 2);
    const file = await openRrdFile(path, { warn: (warning) => warnings.push(warning) });
    const [info] = file.stores;
    if (info === undefined) throw new Error("no store");
    const store = new LazyStore(file.source(info.storeId));
    const ids = (await store.load(store.entries())).map(({ id }) => id);
    expect(ids).toEqual(store.entries().flatMap(({ id }, i) => (i === 1 || i === 2 ? [] : [id])));
    expect(await store.load(store.entries())).toHaveLength(ids.length);
    expect(warnings).toHaveLength(1);
    await file.close();
  });

  it("finds a chunk that was replaced behind its back", async () => {
    const path = copy("changed.rrd");
    const file = await openRrdFile(path);
    const [first, second] = file.chunks;
    const bytes = readFileSync(path);
    bytes.copy(bytes, first?.byteOffset, second?.byteOffset, (second?.byteOffset ?? 0) + (first?.byteSize ?? 0));
    writeFileSync(path, bytes);
    await expect(file.readChunks(file.chunks.slice(0, 1))).rejects.toMatchObject({ code: "CorruptFile" });
    await file.close();
  });
});
