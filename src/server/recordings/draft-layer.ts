import { createHash } from "node:crypto";
import { RerunError, type TimeRange } from "../../core/index.js";
import { type RrdManifest, sha256 } from "../../rrd/index.js";
import type { IndexRange, NewLayer } from "../catalog/catalog-store.js";
import type { ObjectStat } from "../segments/segment-storage.js";
import { joinRanges } from "./join-ranges.js";
import { readProperties } from "./property-columns.js";
import type { RecordingIndex } from "./recording-index.js";

/** What a chunk takes beside its payload: the header of its message. */
const MESSAGE_HEADER_BYTES = 16;

/** A layer as it will stand in the catalog, but for where it stands. */
export type DraftLayer = Omit<NewLayer, "dataset" | "layer" | "registeredAtNs" | "updatedAtNs">;

export interface Draft {
  readonly layer: DraftLayer;
  readonly manifest: RrdManifest;
  /** An index that has to be stored under the name `layer.manifestObject`. */
  readonly madeFooter?: Uint8Array;
}

/**
 * What the catalog is to know of a recording in a file.
 * @throws RerunError `NotFound` when the file has no such recording, `CorruptFile`
 */
export async function draftLayer(index: RecordingIndex, object: string, stat: ObjectStat, recordingId: string): Promise<Draft> {
  const manifest = index.manifests.find(({ storeId }) => storeId.recordingId === recordingId);
  if (manifest === undefined) throw new RerunError("NotFound", `the file has no recording '${recordingId}'`);
  const { footer } = index;
  const properties = await readProperties(manifest, index.read);
  const layer: DraftLayer = {
    segment: recordingId,
    object,
    objectBytes: BigInt(stat.bytes),
    objectVersion: stat.version,
    manifestObject: footer.kind === "inFile" ? object : madeFooterName(footer.bytes),
    manifestOffset: BigInt(footer.kind === "inFile" ? footer.offset : 0),
    manifestBytes: BigInt(footer.kind === "inFile" ? footer.length : footer.bytes.length),
    numChunks: BigInt(manifest.chunks.length),
    sizeBytes: BigInt(manifest.chunks.reduce((sum, { byteSize }) => sum + byteSize + MESSAGE_HEADER_BYTES, 0)),
    schemaSha256: schemaSha256(manifest),
    ranges: rangesOf(manifest),
    ...(properties === undefined ? {} : { properties }),
  };
  return footer.kind === "made" ? { layer, manifest, madeFooter: footer.bytes } : { layer, manifest };
}

function madeFooterName(bytes: Uint8Array): string {
  return `manifests/${createHash("sha256").update(bytes).digest("hex")}`;
}

/** As the writer of the file computed it. */
function schemaSha256(manifest: RrdManifest): string {
  const given = manifest.schemaSha256;
  return Buffer.from(given.length === 32 ? given : sha256(manifest.schema)).toString("hex");
}

function rangesOf(manifest: RrdManifest): IndexRange[] {
  const ranges = new Map<string, TimeRange>();
  for (const chunk of manifest.chunks) {
    for (const [timeline, range] of chunk.timelines) ranges.set(timeline, joinRanges(range, ranges.get(timeline)));
  }
  return manifest.timelines.flatMap(({ name, type }) => {
    const range = ranges.get(name);
    return range === undefined ? [] : [{ timeline: name, type, ...range }];
  });
}
