import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testRerun } from "../../scripts/paths.mjs";
import type { Chunk, ChunkEntry } from "../../src/chunk/index.js";
import type { Warning } from "../../src/core/index.js";
import { openRrdFile, readRrdFile } from "../../src/files/index.js";
import { chunkRows } from "../support/chunk-rows.js";

const FIXTURES = join(ROOT, "tests", "fixtures", "old-versions");
const versions = readdirSync(FIXTURES).flatMap((name) => /^(.*)\.rrd\.gz$/.exec(name)?.[1] ?? []);
const folder = mkdtempSync(join(tmpdir(), "rerun-ts-old-versions-"));
const original = (version: string): string => join(folder, `${version}.rrd`);
const migrated = (version: string): string => join(folder, "migrated", `${version}.rrd`);

/** Everything a chunk says, by chunk id. */
async function read(path: string): Promise<ReadonlyMap<string, unknown>> {
  const warnings: Warning[] = [];
  const chunks = new Map<string, unknown>();
  for await (const message of readRrdFile(path, { warn: (warning) => warnings.push(warning) })) {
    if (message.kind === "chunk") chunks.set(message.chunk.id, { store: message.storeId, chunk: plain(message.chunk) });
  }
  expect(warnings).toEqual([]);
  return chunks;
}

function plain(chunk: Chunk): unknown {
  return {
    entityPath: chunk.entityPath,
    timelines: [...chunk.timelines.values()].map(({ timeline }) => timeline),
    components: [...chunk.components.values()].map(({ descriptor, list }) => ({ descriptor, type: list.type })),
    rows: chunkRows(chunk),
  };
}

beforeAll(() => {
  mkdirSync(join(folder, "migrated"));
  for (const version of versions) {
    const bytes = gunzipSync(readFileSync(join(FIXTURES, `${version}.rrd.gz`)));
    for (const path of [original(version), migrated(version)]) writeFileSync(path, bytes);
  }
  execFileSync(testRerun(), ["rrd", "migrate", ...versions.map(migrated)], { stdio: "pipe" });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each(versions)("a recording of rerun-sdk %s", (version) => {
  it("reads as what `rerun rrd migrate` makes of it", async () => {
    const [ours, theirs] = [await read(original(version)), await read(migrated(version))];
    expect(ours.size).toBeGreaterThan(50);
    expect([...ours.keys()]).toEqual([...theirs.keys()]);
    for (const [id, chunk] of theirs) expect(ours.get(id)).toEqual(chunk);
  });

  it("has the same index, whether that comes from its footer or from reading it", async () => {
    const file = await openRrdFile(original(version));
    const again = await openRrdFile(migrated(version));
    expect(file.chunks.length).toBeGreaterThan(50);
    expect(again.isIndexed).toBe(true);
    for (const { storeId } of again.stores) {
      const [source, expected] = [file.source(storeId), again.source(storeId)];
      expect(source.entities).toEqual(expected.entities);
      expect(source.timelines).toEqual(expected.timelines);
      const chunks = await source.fetch(source.entries);
      const kept = source.entries.filter(({ components }) => components.size > 0);
      expect(chunks.map(({ id }) => id)).toEqual(source.entries.map(({ id }) => id));
      expect(kept.map(summary)).toEqual(expected.entries.filter(({ components }) => components.size > 0).map(summary));
    }
    await file.close();
    await again.close();
  });
});

function summary({ id, entityPath, numRows, timelines, components }: ChunkEntry): unknown {
  return { id, entityPath, numRows, timelines, components: [...components.keys()] };
}
