import { expect, it } from "vitest";
import { recordingBytes } from "../../../tests/support/recording-bytes.js";
import { scalarChunk } from "../../../tests/support/scalar-chunk.js";
import type { RrdManifest } from "../../rrd/index.js";
import { DiskStorage } from "../segments/disk-storage.js";
import { draftLayers } from "./draft-layer.js";
import { readRecordingIndex } from "./recording-index.js";

/** The draft of a recording with one chunk, whose file tells this hash of its columns. */
async function draftOf(entityPath: string, schemaSha256: Uint8Array) {
  const tail = recordingBytes("r", [scalarChunk([1], [2], { entityPath })]);
  const stat = { bytes: tail.length, version: "1" };
  const index = await readRecordingIndex(new DiskStorage("/none"), "x", { ...stat, tail });
  const manifests = index.manifests.map((manifest): RrdManifest => ({ ...manifest, schemaSha256 }));
  const [draft] = await draftLayers({ ...index, manifests }, "x", stat);
  if (draft === undefined) throw new Error("no recording");
  return draft;
}

it("columns are known by a hash of ours, whatever the file tells: none has another one's", async () => {
  const zeros = new Uint8Array(32);
  const [a, b, again] = [await draftOf("/a", zeros), await draftOf("/b", zeros), await draftOf("/a", zeros.slice(1))];
  expect(a.layer.schemaSha256).not.toBe(b.layer.schemaSha256);
  expect(a.schema).not.toEqual(b.schema);
  expect(again.layer.schemaSha256).toBe(a.layer.schemaSha256);
  // Thousands of recordings share one.
  expect(again.schema).toBe(a.schema);
});
