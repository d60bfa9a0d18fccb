import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import type { Warning } from "../core/index.js";
import { decodeRrd, type RrdMessage } from "../rrd/index.js";
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

  it("refuses what is no recording, and stops when asked to", async () => {
    const path = join(folder, "text.rrd");
    writeFileSync(path, "not a recording at all");
    await expect(all(path)).rejects.toThrow("Not a Rerun recording");
    await expect(all(join(folder, "none.rrd"))).rejects.toMatchObject({ code: "NotFound" });
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
    const damaged = await openRrdFile(flipped, { warn });
    expect([damaged.isIndexed, warnings.length]).toEqual([false, 1]);
    const twice = await openRrdFile(
      copy("twice.rrd", (path) => appendFileSync(path, readFileSync(ORIGINAL))),
      { warn },
    );
    expect([twice.isIndexed, twice.chunks.length, warnings.length]).toEqual([false, 2 * damaged.chunks.length, 1]);
    await damaged.close();
    await twice.close();
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
