import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Chunk, ChunkEntry } from "../chunk/index.js";
import { describe, RerunError, type Timeline, type WarningReporter, warnOnce } from "../core/index.js";
import { openRrdFile, type RrdFile } from "../files/index.js";
import {
  ChunkCache,
  type ChunkSource,
  ChunkStore,
  type Contents,
  EntitySchemas,
  type FrameSegment,
  parseContents,
  sourceOfStore,
} from "../store/index.js";

/** A recording that is held in memory, as `RecordingStream` and `loadRecording` have it. */
export interface StoredRecording {
  readonly recordingId: string;
  readonly store: ChunkStore;
}

/** Path or URL of a file, path of a folder with files, a recording, a store. */
export type DatasetItem = string | URL | StoredRecording | ChunkStore;

export interface OpenOptions {
  /** How many bytes of chunks each file keeps in memory for the next query. Default: 128 MiB. */
  readonly cacheBytes?: number | undefined;
  /** Where damage of files is reported. Default: printed once. */
  readonly warn?: WarningReporter | undefined;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_CACHE_BYTES = 128 * 1024 * 1024;

/** A recording of a dataset, with what its table says. */
export interface Segment extends FrameSegment {
  /** Where its parts come from: paths, URLs; none for stores. */
  readonly urls: readonly string[];
}

/** All that is open for a dataset. */
export interface OpenSegments {
  /** By id; a store in memory as it is at this moment. */
  segments(): readonly Segment[];
  close(): Promise<void>;
}

interface Part {
  readonly id: string;
  readonly origin: string;
  readonly url: string | undefined;
  source(): ChunkSource;
}

/**
 * Opens files and takes stores. Each recording in them is a segment; several files with one recording id are one segment.
 *
 * @throws RerunError `NotFound`, `CorruptFile`, `InvalidArgument`
 */
export async function openSegments(items: readonly DatasetItem[], options: OpenOptions): Promise<OpenSegments> {
  const { warn = warnOnce } = options;
  const files: RrdFile[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(files.map((file) => file.close()));
  };
  try {
    const parts: Part[] = [];
    for (const [i, item] of items.entries()) {
      const paths = await filesOf(item, `openDataset: item ${i}`);
      if (paths === undefined) parts.push(storePart(item as ChunkStore | StoredRecording, i));
      for (const path of paths ?? []) {
        const file = await openRrdFile(path, {
          ...(options.warn && { warn: options.warn }),
          ...(options.signal && { signal: options.signal }),
        });
        files.push(file);
        const own = fileParts(file, warn, options.cacheBytes);
        if (own.length === 0) warn({ code: "NotFound", message: `The file holds no recording: ${path}` });
        parts.push(...own);
      }
    }
    return { segments: () => joinParts(parts), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Paths of the files that an item stands for; `undefined` for stores. */
async function filesOf(item: DatasetItem, argument: string): Promise<string[] | undefined> {
  if (item instanceof ChunkStore || (typeof item === "object" && item !== null && "store" in item)) return undefined;
  if (typeof item !== "string" && !(item instanceof URL)) {
    throw new RerunError("InvalidArgument", `${argument}: expected a path, a URL, a recording or a store, got ${describe(item)}`);
  }
  const text = String(item);
  const scheme = /^([a-z][a-z0-9.+-]+):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === "http" || scheme === "https") return [text];
  if (scheme !== undefined && scheme !== "file") throw unknownScheme(argument, scheme, text);
  const path = text.startsWith("file:") ? fileURLToPath(text) : text;
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith(".rrd")).sort();
  if (names.length === 0) throw new RerunError("NotFound", `${argument}: the folder holds no .rrd files: ${path}`);
  return names.map((name) => join(path, name));
}

function unknownScheme(argument: string, scheme: string, url: string): RerunError {
  const isServer = scheme === "rerun" || scheme.startsWith("rerun+");
  const advice = isServer ? ": a server's datasets are opened by CatalogClient.connect" : "";
  return new RerunError(
    "InvalidArgument",
    `${argument}: expected a path or a URL of file:, http: or https:, got ${scheme}:${advice}: ${url}`,
  );
}

function storePart(item: ChunkStore | StoredRecording, index: number): Part {
  const { store, id } =
    item instanceof ChunkStore ? { store: item, id: `store_${index}` } : { store: item.store, id: item.recordingId };
  return { id, origin: `the recording "${id}" in memory`, url: undefined, source: () => sourceOfStore(store) };
}

function fileParts(file: RrdFile, warn: WarningReporter, cacheBytes: number = DEFAULT_CACHE_BYTES): Part[] {
  return file.stores
    .filter(({ storeId }) => storeId.kind === "recording")
    .map(({ storeId }) => {
      const source = agreeing(file.source(storeId), file.path, warn);
      const cache = new ChunkCache(source, cacheBytes);
      const cached: ChunkSource = { ...source, fetch: (entries, options) => cache.load(entries, options) };
      return { id: storeId.recordingId, origin: file.path, url: file.path, source: () => cached };
    });
}

/** Without the chunks in which a timeline is of another type than in the rest of the file, as a store leaves them out. */
function agreeing(source: ChunkSource, path: string, warn: WarningReporter): ChunkSource {
  const types = new Map(source.timelines.map(({ name, type }) => [name, type]));
  const agrees = ({ timelines, entityPath }: Chunk): boolean => {
    for (const { timeline } of timelines.values()) {
      const known = types.get(timeline.name);
      if (known === undefined || known === timeline.type) continue;
      const what = `Timeline "${timeline.name}" is a ${known} in this file, in some of ${entityPath} a ${timeline.type}`;
      warn({ code: "InvalidData", message: `${what}: that is left out: ${path}`, cause: `${timeline.name} of ${path}` });
      return false;
    }
    return true;
  };
  return { ...source, fetch: async (entries, options) => (await source.fetch(entries, options)).filter(agrees) };
}

function joinParts(parts: readonly Part[]): Segment[] {
  const byId = new Map<string, Part[]>();
  for (const part of parts) byId.set(part.id, [...(byId.get(part.id) ?? []), part]);
  return Array.from(byId, ([id, some]): Segment => {
    const own = some.map(({ origin, source }) => ({ origin, source: source() }));
    return {
      id,
      origin: own.map(({ origin }) => origin).join(", "),
      urls: some.flatMap(({ url }) => url ?? []),
      source: joinSources(own.map(({ source }) => source)),
      parts: own.length > 1 ? own : undefined,
    };
  }).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Several parts of one recording as one: of several chunks with one id the first counts. */
export function joinSources(sources: readonly ChunkSource[]): ChunkSource {
  const [first] = sources;
  if (sources.length === 1 && first !== undefined) return first;
  const owners = new Map<string, { readonly entry: ChunkEntry; readonly source: ChunkSource }>();
  const timelines = new Map<string, Timeline>();
  const schemas = new EntitySchemas();
  for (const source of sources) {
    for (const entry of source.entries) if (!owners.has(entry.id)) owners.set(entry.id, { entry, source });
    for (const timeline of source.timelines) if (!timelines.has(timeline.name)) timelines.set(timeline.name, timeline);
    for (const { path, components } of source.entities) for (const component of components) schemas.add(path, component);
  }
  return {
    entries: Array.from(owners.values(), ({ entry }) => entry),
    timelines: [...timelines.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    entities: schemas.all(),
    async fetch(entries, options) {
      const chunks = new Map<string, Chunk>();
      for (const source of sources) {
        const own = entries.filter(({ id }) => owners.get(id)?.source === source);
        for (const chunk of own.length === 0 ? [] : await source.fetch(own, options)) chunks.set(chunk.id, chunk);
      }
      return entries.flatMap(({ id }) => chunks.get(id) ?? []);
    },
    async close() {
      await Promise.all(sources.map((source) => source.close()));
    },
  };
}

/** What of a source belongs to these entities: see `Dataset.filterContents`. Without rules: all of it. */
export function filterSource(source: ChunkSource, contents: Contents | undefined): ChunkSource {
  if (contents === undefined) return source;
  const filter = parseContents(contents);
  const entries = source.entries.filter(({ entityPath }) => filter.includes(entityPath));
  const names = new Set(entries.flatMap(({ timelines }) => [...timelines.keys()]));
  return {
    ...source,
    entries,
    timelines: source.timelines.filter(({ name }) => names.has(name)),
    entities: source.entities.filter(({ path }) => filter.includes(path)),
  };
}

/** The store of a segment that its dataset has no more, or never had. */
export function segmentNotFound(dataset: string, segmentId: string): RerunError {
  return new RerunError("NotFound", `Segment not found in ${dataset}. Segment: ${segmentId}`);
}
