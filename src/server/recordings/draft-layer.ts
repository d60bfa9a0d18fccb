import { createHash } from "node:crypto";
import type { TimeRange } from "../../core/index.js";
import { type RrdManifest, sha256 } from "../../rrd/index.js";
import type { IndexRange, NewLayer } from "../catalog/catalog-store.js";
import type { ObjectStat } from "../segments/segment-storage.js";
import { joinRanges } from "./join-ranges.js";
import { schemaFields } from "./merge-schemas.js";
import { readProperties } from "./property-columns.js";
import type { RecordingIndex } from "./recording-index.js";

/** What a chunk takes beside its payload: the header of its message. */
export const MESSAGE_HEADER_BYTES = 16;

/** A layer as it will stand in the catalog, but for where it stands. */
export type DraftLayer = Omit<NewLayer, "dataset" | "layer" | "registeredAtNs" | "updatedAtNs">;

export interface Draft {
  readonly layer: DraftLayer;
  readonly isBlueprint: boolean;
  /** Whether all chunks are static. */
  readonly isAllStatic: boolean;
  /** The columns of the recording as Arrow IPC. */
  readonly schema: Uint8Array;
  /** An index that has to be stored under the name `layer.manifestObject`. */
  readonly madeFooter?: Uint8Array;
}

/**
 * What the catalog is to know of each recording in a file. Holds nothing of the index.
 * @throws RerunError `CorruptFile`
 */
export async function draftLayers(index: RecordingIndex, object: string, stat: ObjectStat): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for (const manifest of index.manifests) drafts.push(await draftLayer(index, manifest, object, stat));
  return drafts;
}

async function draftLayer(
  { footer, read }: RecordingIndex,
  manifest: RrdManifest,
  object: string,
  stat: ObjectStat,
): Promise<Draft> {
  const properties = await readProperties(manifest, read);
  const schemaSha256 = sha256Of(manifest);
  const layer: DraftLayer = {
    segment: manifest.storeId.recordingId,
    object,
    objectBytes: BigInt(stat.bytes),
    objectVersion: stat.version,
    manifestObject: footer.kind === "inFile" ? object : madeFooterName(footer.bytes),
    manifestOffset: BigInt(footer.kind === "inFile" ? footer.offset : 0),
    manifestBytes: BigInt(footer.kind === "inFile" ? footer.length : footer.bytes.length),
    numChunks: BigInt(manifest.chunks.length),
    sizeBytes: BigInt(manifest.chunks.reduce((sum, { byteSize }) => sum + byteSize + MESSAGE_HEADER_BYTES, 0)),
    schemaSha256,
    ranges: rangesOf(manifest),
    ...(properties === undefined ? {} : { properties }),
  };
  return {
    layer,
    isBlueprint: manifest.storeId.kind === "blueprint",
    isAllStatic: manifest.chunks.every(({ isStatic }) => isStatic),
    schema: oneOfEqual(schemaSha256, manifest),
    ...(footer.kind === "made" ? { madeFooter: footer.bytes } : {}),
  };
}

const MAX_SCHEMAS = 64;
const schemas = new Map<string, Uint8Array>();

/** The same bytes for all recordings of one schema, of their own: the ones given are a part of something larger. */
function oneOfEqual(schemaSha256: string, manifest: RrdManifest): Uint8Array {
  const known = schemas.get(schemaSha256);
  if (known !== undefined) return known;
  if (schemas.size >= MAX_SCHEMAS) schemas.clear();
  const own = new Uint8Array(manifest.schema);
  schemaFields(own); // Refuses what cannot be read, before it becomes a part of the catalog.
  schemas.set(schemaSha256, own);
  return own;
}

function madeFooterName(bytes: Uint8Array): string {
  return `manifests/${createHash("sha256").update(bytes).digest("hex")}`;
}

/** As the writer of the file computed it. */
function sha256Of(manifest: RrdManifest): string {
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
