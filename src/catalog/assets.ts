/** Assets: static data that segments share. What each is for stands in a property of it, which is changed by compare-and-set. */
import { type ArrayData, type Field, field, isRerunError, listOf, UTF8, valueAt } from "../core/index.js";
import { joinSources, type MemoryFrame, textColumn, type WaitOptions } from "../dataset/index.js";
import type { ChunkSource } from "../store/index.js";
import { askAll } from "./ask-all.js";
import type { CallSettings, Connection } from "./connection.js";
import { type EntryId, entryIdFrom } from "./entry-id.js";
import { registerReplacing } from "./register-files.js";
import { openSegmentSource } from "./segment-source.js";
import { columnOf, frameOfPart, partsOfFrame } from "./tables.js";
import { unregister } from "./unregister.js";

/** For all segments but those that are named, or for these only. */
export type AssetMode = "opt_out" | "opt_in";

const MODE_COLUMN = "property:asset:mode";
const SEGMENTS_COLUMN = "property:asset:segments";
const MODE_TEXTS: Readonly<Record<AssetMode, string>> = { opt_out: "OptOut", opt_in: "OptIn" };
const MAX_WRITES = 5;

interface AssetProperty {
  readonly mode: AssetMode;
  readonly segments: readonly string[];
  /** 0 = nothing is stored. */
  readonly revision: bigint;
}

export interface RegisterAssetOptions extends WaitOptions {
  /** It is for all segments but `segments` (`opt_out`), or for these only (`opt_in`). Default: `opt_out`. */
  readonly mode?: AssetMode | undefined;
  /** Default: none. */
  readonly segments?: readonly string[] | undefined;
  /** How the server reaches the storage, where its own setting is another. */
  readonly objectStoreConfig?: string | undefined;
}

/** Registers a file as an asset, and writes what it is for. @returns its id */
export async function registerAsset(
  connection: Connection,
  entry: EntryId,
  uri: string,
  options: RegisterAssetOptions,
): Promise<string> {
  const { mode = "opt_out", segments = [], signal } = options;
  const assetId = (await registerReplacing(connection, entry, uri, options)) ?? "";
  await writeProperty(connection, { entry, signal }, assetId, { mode, segments, revision: undefined });
  return assetId;
}

/** Takes an asset out. */
export async function unregisterAsset(
  connection: Connection,
  entry: EntryId,
  assetId: string,
  { signal }: WaitOptions,
): Promise<void> {
  const handle = await unregister(connection, entry, { segmentsToDrop: assetId, layersToDrop: [], signal });
  await handle.wait({ signal });
}

export function addToAsset(
  connection: Connection,
  settings: CallSettings,
  assetId: string,
  segments: readonly string[],
): Promise<void> {
  return edit(connection, settings, assetId, { segments, applies: true });
}

export function removeFromAsset(
  connection: Connection,
  settings: CallSettings,
  assetId: string,
  segments: readonly string[],
): Promise<void> {
  return edit(connection, settings, assetId, { segments, applies: false });
}

/** The assets that a segment has. @param settings `entry`: the dataset of the segment */
export async function assetsOfSegment(
  connection: Connection,
  settings: CallSettings,
  segmentId: string,
): Promise<{ readonly entry: EntryId | undefined; readonly assetIds: string[] }> {
  const parts = await connection.collect(
    (client, options) => client.getAssetsForSegment({ segmentId: { id: segmentId } }, options),
    settings,
  );
  const [entry] = parts.flatMap(({ assetsEntry }) => (assetsEntry === undefined ? [] : [entryIdFrom(assetsEntry)]));
  const ids = [...new Set(parts.flatMap(({ assetSegmentIds }) => assetSegmentIds.flatMap(({ id }) => id ?? [])))].sort();
  if (entry === undefined || ids.length === 0) return { entry, assetIds: [] };
  const properties = await readProperties(connection, { ...settings, entry }, ids);
  const assetIds = ids.filter((id) => {
    const { mode, segments } = properties.get(id) ?? NOTHING_STORED;
    return segments.includes(segmentId) === (mode === "opt_in");
  });
  return { entry, assetIds };
}

/** The chunks of a segment, with those of its assets. */
export async function segmentSourceWithAssets(
  connection: Connection,
  entry: EntryId,
  segmentId: string,
  { includeAssets, signal }: { readonly includeAssets: boolean; readonly signal: AbortSignal | undefined },
): Promise<ChunkSource> {
  const source = await openSegmentSource(connection, entry, segmentId, signal);
  if (!includeAssets) return source;
  const assets = await assetsOfSegment(connection, { entry, signal }, segmentId);
  const { entry: assetEntry } = assets;
  if (assetEntry === undefined || assets.assetIds.length === 0) return source;
  const open = (id: string, own: AbortSignal) => openSegmentSource(connection, assetEntry, id, own);
  return joinSources([source, ...(await askAll(assets.assetIds, open, signal))]);
}

const NOTHING_STORED: AssetProperty = { mode: "opt_out", segments: [], revision: 0n };

async function readProperties(
  connection: Connection,
  settings: CallSettings,
  assetIds: readonly string[],
): Promise<Map<string, AssetProperty>> {
  const request = { segmentIds: assetIds.map((id) => ({ id })) };
  const parts = await connection.collect((client, options) => client.getSegmentProperties(request, options), settings);
  const found = new Map<string, AssetProperty>();
  for (const { segmentId, properties, revision } of parts.flatMap(({ segments }) => segments)) {
    const frame = frameOfPart(properties);
    const [modeText] = textsIn(frame, MODE_COLUMN);
    const mode = modeText === MODE_TEXTS.opt_in ? "opt_in" : "opt_out";
    found.set(segmentId?.id ?? "", { mode, segments: textsIn(frame, SEGMENTS_COLUMN), revision });
  }
  return found;
}

/** The texts in the one row of a column of lists, if there is such a column. */
function textsIn(frame: MemoryFrame, name: string): string[] {
  if (frame.batches.length === 0 || !frame.fields.some((each) => each.name === name)) return [];
  const value = valueAt(columnOf(frame, name), 0);
  return Array.isArray(value) ? value.map(String) : [];
}

async function edit(
  connection: Connection,
  settings: CallSettings,
  assetId: string,
  { segments, applies }: { readonly segments: readonly string[]; readonly applies: boolean },
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const {
      mode,
      segments: before,
      revision,
    } = (await readProperties(connection, settings, [assetId])).get(assetId) ?? NOTHING_STORED;
    const isListed = applies === (mode === "opt_in");
    const after = isListed ? [...new Set([...before, ...segments])] : before.filter((id) => !segments.includes(id));
    if (after.length === before.length) return;
    try {
      await writeProperty(connection, settings, assetId, { mode, segments: after, revision });
      return;
    } catch (error) {
      // Somebody else was faster: what they wrote is the new beginning.
      if (!isRerunError(error, "FailedPrecondition") || attempt >= MAX_WRITES) throw error;
    }
  }
}

async function writeProperty(
  connection: Connection,
  settings: CallSettings,
  assetId: string,
  {
    mode,
    segments,
    revision,
  }: { readonly mode: AssetMode; readonly segments: readonly string[]; readonly revision: bigint | undefined },
): Promise<void> {
  const [properties] = partsOfFrame({
    fields: [propertyField(MODE_COLUMN), propertyField(SEGMENTS_COLUMN)],
    metadata: new Map(),
    batches: [{ numRows: 1, columns: [oneRow([MODE_TEXTS[mode]]), oneRow(segments)] }],
  });
  const request = {
    segmentId: { id: assetId },
    ...(properties && { properties }),
    ...(revision !== undefined && { expectedRevision: revision }),
  };
  await connection.call((client, options) => client.setSegmentProperties(request, options), { ...settings, changes: true });
}

function propertyField(name: string): Field {
  const metadata = new Map([
    ["rerun:component", name.replace(/^property:asset:/, "")],
    ["rerun:entity_path", "/__properties/asset"],
    ["rerun:kind", "data"],
  ]);
  return field(name, listOf(UTF8), true, metadata);
}

function oneRow(texts: readonly string[]): ArrayData {
  return { type: listOf(UTF8), length: 1, nullCount: 0, offsets: Int32Array.of(0, texts.length), children: [textColumn(texts)] };
}
