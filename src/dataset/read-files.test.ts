import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FRAME, scalarChunk } from "../../tests/support/scalar-chunk.js";
import { TestRecording } from "../../tests/support/test-recording.js";
import { Boxes3D, Points3D, Tensor, TextLog } from "../types/index.js";
import type { DataFrame } from "./data-frame.js";
import { openDataset } from "./local-dataset.js";
import { readArrow, readParquet } from "./read-files.js";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-tables-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function frame(): Promise<DataFrame> {
  const recording = new TestRecording();
  for (let i = 0; i < 40; i++) {
    recording.log(
      "/points",
      new Points3D(
        Array.from({ length: i % 3 }, () => [i, 2, 3]),
        { labels: i % 2 ? ["ä"] : [] },
      ),
      [[FRAME, BigInt(i)]],
    );
    if (i % 5 === 0) recording.log("/log", new TextLog(`line ${i}`), [[FRAME, BigInt(i)]]);
    if (i % 7 === 0) recording.log("/boxes", new Boxes3D({ halfSizes: [[1, 2, i]] }), [[FRAME, BigInt(i)]]);
  }
  recording.log("/tensor", new Tensor({ shape: [2], buffer: new Float32Array([1, 2]) }), [[FRAME, 3n]]);
  recording.store.insert(scalarChunk([1, 2, 3], [1.5, null, [2.5, 3.5]]));
  return (await openDataset({ recordingId: "r", store: recording.store })).reader("frame");
}

/** What a reader gets: fields with types and metadata, and rows. */
async function contentOf(of: DataFrame): Promise<unknown> {
  const { fields, metadata } = await of.schema();
  return {
    fields: fields.map((each) => [each.name, String(each.type), [...each.metadata].sort()]),
    metadata: [...metadata],
    rows: await of.rows(),
  };
}

describe("Arrow files", () => {
  it("come back as they were written, and replace what was there only when whole", async () => {
    const path = join(folder, "table.arrow");
    writeFileSync(path, "before");
    await (await frame()).writeArrow(path);
    expect(await contentOf(await readArrow(path))).toEqual(await contentOf(await frame()));
    expect(readdirSync(folder).filter((name) => name.includes(".tmp"))).toEqual([]);
  });

  it("that are none are refused by name", async () => {
    const path = join(folder, "none.arrow");
    await expect(readArrow(path)).rejects.toMatchObject({ code: "NotFound" });
    writeFileSync(path, "not Arrow at all");
    await expect(readArrow(path)).rejects.toThrow(`Not an Arrow file, or a damaged one: ${path}`);
  });
});

describe("Parquet files", () => {
  it("come back with types, metadata and rows", async () => {
    const path = join(folder, "it's a table.parquet");
    const names = (await (await frame()).schema()).fields.map(({ name }) => name).filter((name) => !name.startsWith("/tensor"));
    const written = await (await frame()).sql(`select ${names.map((name) => `"${name}"`).join(", ")} from frame`);
    await written.writeParquet(path);
    const back = await readParquet(path);
    expect(await back.rows()).toEqual(await written.rows());
    const whole = join(folder, "whole.parquet");
    await (await frame()).writeParquet(whole);
    const { fields, metadata } = await (await readParquet(whole)).schema();
    const own = await (await frame()).schema();
    expect([...metadata]).toEqual([...own.metadata]);
    expect(fields.map((each) => [each.name, [...each.metadata].sort()])).toEqual(
      own.fields.map((each) => [each.name, [...each.metadata].sort()]),
    );
    const isUnion = (name: string): boolean => name === "/tensor:Tensor:data";
    const typesOf = (all: typeof fields): string[] => all.flatMap((each) => (isUnion(each.name) ? [] : [String(each.type)]));
    expect(typesOf(fields)).toEqual(typesOf(own.fields));
    expect(readdirSync(folder).filter((name) => name.includes(".tmp") || name.includes(".duckdb"))).toEqual([]);
  });

  it("that are none are refused by name", async () => {
    const path = join(folder, "none.parquet");
    await expect(readParquet(path)).rejects.toMatchObject({ code: "NotFound" });
    writeFileSync(path, readFileSync(join(folder, "whole.parquet")).subarray(0, 500));
    await expect(readParquet(path)).rejects.toThrow(`Not a Parquet file, or a damaged one: ${path}`);
    for (const write of ["writeParquet", "writeArrow"] as const) {
      await expect((await frame())[write](join(folder, "no", "folder"))).rejects.toThrow("The file cannot be written (ENOENT)");
    }
  });
});
