import { createHash } from "node:crypto";
import type { TimeRange } from "../../core/index.js";
import { type RrdManifest, schemaDigest } from "../../rrd/index.js";
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
  const schema = schemaOf(manifest);
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
    schemaSha256: schema.sha256,
    ranges: rangesOf(manifest),
    ...(properties === undefined ? {} : { properties }),
  };
  return {
    layer,
    isBlueprint: manifest.storeId.kind === "blueprint",
    isAllStatic: manifest.chunks.every(({ isStatic }) => isStatic),
    schema: schema.bytes,
    ...(footer.kind === "made" ? { madeFooter: footer.bytes } : {}),
  };
}

interface KnownSchema {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

const MAX_SCHEMAS = 64;
/** By what their bytes are. */
const schemas = new Map<string, KnownSchema>();

/**
 * The columns of a recording, and the hash that stands for them in the catalog. It is not the one that the file tells: with that,
 * a file could take another one's columns, and some writers leave it zero. The bytes are the same for all recordings that have the
 * same, and of their own: those given are a part of something larger.
 */
function schemaOf({ schema }: RrdManifest): KnownSchema {
  const key = createHash("sha256").update(schema).digest("base64");
  const known = schemas.get(key);
  if (known !== undefined) return known;
  if (schemas.size >= MAX_SCHEMAS) schemas.clear();
  // Refuses what cannot be read, before it becomes a part of the catalog.
  const made = { bytes: new Uint8Array(schema), sha256: Buffer.from(schemaDigest(schemaFields(schema))).toString("hex") };
  schemas.set(key, made);
  return made;
}

function madeFooterName(bytes: Uint8Array): string {
  return `manifests/${createHash("sha256").update(bytes).digest("hex")}`;
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
