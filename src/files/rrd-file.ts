import type { Chunk } from "../chunk/index.js";
import { isRerunError, RerunError, type StoreId, storeIdKey, type Timeline, warnOnce } from "../core/index.js";
import {
  KIND_ARROW_MSG,
  locateRrdFooter,
  type ManifestChunk,
  MessageDecoder,
  type RrdMessage,
  type RrdStoreInfoMessage,
  readRrdFooter,
  readStreamHeader,
  STREAM_FOOTER_BYTES,
  STREAM_HEADER_BYTES,
} from "../rrd/index.js";
import { type ChunkSource, type EntitySchema, type FetchOptions, StoreContents } from "../store/index.js";
import { type ByteSource, openFileBytes } from "./byte-source.js";
import { openHttpBytes } from "./http-bytes.js";
import { readMessagesBetween } from "./message-gaps.js";
import { useNativeLz4 } from "./native-lz4.js";
import { type ReadRrdOptions, readRrdBytes, readRrdFile } from "./read-rrd.js";

/** One chunk of a file that lies on disk. */
export interface RrdFileChunk extends ManifestChunk {
  readonly storeId: StoreId;
}

/** A recording on disk or behind a URL, whose chunks are read one by one, when they are needed. */
export interface RrdFile {
  /** Or its `http:` or `https:` URL. */
  readonly path: string;
  /** What the file says of its stores, each once. */
  readonly stores: readonly RrdStoreInfoMessage[];
  /** All that is known of the chunks without reading them, in file order. */
  readonly chunks: readonly RrdFileChunk[];
  /** Activations of blueprints. */
  readonly activations: readonly Extract<RrdMessage, { kind: "blueprintActivation" }>[];
  /** Whether the index came from the file's footer; otherwise the whole file was read once. */
  readonly isIndexed: boolean;
  /**
   * These chunks of the file, in their order. Neighbours are read at once.
   * @throws RerunError `CorruptFile` when one cannot be decoded or is another one, `Closed`; the reason of the signal
   */
  readChunks(chunks: readonly RrdFileChunk[], options?: FetchOptions): Promise<Chunk[]>;
  /** The chunks of one store of the file. Closing the source leaves the file open. */
  source(storeId: StoreId): ChunkSource;
  /** Idempotent. */
  close(): Promise<void>;
}

interface Contents {
  readonly stores: readonly RrdStoreInfoMessage[];
  readonly chunks: readonly RrdFileChunk[];
  readonly activations: RrdFile["activations"];
  readonly isIndexed: boolean;
  /** By the store's key. */
  readonly schemas: ReadonlyMap<string, StoreContents>;
}

/**
 * Opens a recording by the index in its footer. A file without one (still written, cut, damaged) is read through once instead.
 *
 * @param path or an `http:` or `https:` URL
 * @throws RerunError `NotFound` when it cannot be opened, `CorruptFile` when it is not a recording; of URLs also `Unavailable`,
 * `LimitExceeded` as `openHttpBytes`
 */
export async function openRrdFile(path: string, options: ReadRrdOptions = {}): Promise<RrdFile> {
  options.signal?.throwIfAborted();
  useNativeLz4();
  const isUrl = /^https?:/i.test(path);
  const bytes = isUrl ? await openHttpBytes(path, { signal: options.signal }) : await openFileBytes(path);
  try {
    const messages = (): AsyncIterable<RrdMessage> => (isUrl ? readRrdBytes(bytes, options) : readRrdFile(path, options));
    const contents = (await readIndex(bytes, options)) ?? (await scan(messages()));
    return new OpenRrdFile(path, bytes, contents, options);
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

class OpenRrdFile implements RrdFile {
  readonly path: string;
  readonly stores: readonly RrdStoreInfoMessage[];
  readonly chunks: readonly RrdFileChunk[];
  readonly activations: RrdFile["activations"];
  readonly isIndexed: boolean;
  readonly #schemas: ReadonlyMap<string, StoreContents>;
  readonly #bytes: ByteSource;
  readonly #decoder: MessageDecoder;

  constructor(path: string, bytes: ByteSource, contents: Contents, options: ReadRrdOptions) {
    this.path = path;
    this.stores = contents.stores;
    this.chunks = contents.chunks;
    this.activations = contents.activations;
    this.isIndexed = contents.isIndexed;
    this.#schemas = contents.schemas;
    this.#bytes = bytes;
    this.#decoder = new MessageDecoder(options.warn ?? warnOnce);
    for (const { storeId } of contents.stores) this.#decoder.noteStore(storeId);
  }

  async readChunks(chunks: readonly RrdFileChunk[], { signal }: FetchOptions = {}): Promise<Chunk[]> {
    const read = new Map<RrdFileChunk, Chunk>();
    for (const group of neighbours(chunks)) {
      const [first] = group;
      const last = group[group.length - 1];
      if (first === undefined || last === undefined) continue;
      const bytes = await this.#bytes.read(first.byteOffset, last.byteOffset + last.byteSize - first.byteOffset, signal);
      signal?.throwIfAborted();
      for (const entry of group) {
        const start = entry.byteOffset - first.byteOffset;
        read.set(entry, this.#decode(entry, bytes.subarray(start, start + entry.byteSize)));
      }
    }
    return chunks.flatMap((entry) => read.get(entry) ?? []);
  }

  source(storeId: StoreId): ChunkSource {
    const key = storeIdKey(storeId);
    const places = new Map<string, RrdFileChunk>();
    for (const chunk of this.chunks) {
      if (storeIdKey(chunk.storeId) === key && !places.has(chunk.id)) places.set(chunk.id, chunk);
    }
    const contents = this.#schemas.get(key);
    const timelines: readonly Timeline[] = contents?.timelines ?? [];
    const entities: readonly EntitySchema[] = contents?.entities ?? [];
    return {
      entries: [...places.values()],
      timelines,
      entities,
      fetch: (entries, options) =>
        this.readChunks(
          entries.flatMap(({ id }) => places.get(id) ?? []),
          options,
        ),
      close: async () => undefined,
    };
  }

  close(): Promise<void> {
    return this.#bytes.close();
  }

  #decode(entry: RrdFileChunk, payload: Uint8Array): Chunk {
    const message = this.#decoder.decode(KIND_ARROW_MSG, payload, entry.byteOffset);
    if (message.kind === "chunk" && message.chunk.id === entry.id) return message.chunk;
    const found = message.kind === "chunk" ? message.chunk.id : message.kind;
    throw new RerunError(
      "CorruptFile",
      `Expected the chunk ${entry.id} at byte ${entry.byteOffset}, found ${found}: ${this.path}`,
    );
  }
}

/** A gap that is cheaper to read than to skip. */
const MAX_GAP_BYTES = 64 * 1024;
const MAX_READ_BYTES = 8 * 1024 * 1024;

/** The chunks by place, those near each other together: they are read at once. */
function neighbours(chunks: readonly RrdFileChunk[]): RrdFileChunk[][] {
  const groups: RrdFileChunk[][] = [];
  let group: RrdFileChunk[] = [];
  let [start, end] = [0, Number.NEGATIVE_INFINITY];
  for (const chunk of [...new Set(chunks)].sort((a, b) => a.byteOffset - b.byteOffset)) {
    const chunkEnd = chunk.byteOffset + chunk.byteSize;
    if (chunk.byteOffset - end > MAX_GAP_BYTES || chunkEnd - start > MAX_READ_BYTES) {
      group = [];
      groups.push(group);
      start = chunk.byteOffset;
    }
    group.push(chunk);
    end = Math.max(end, chunkEnd);
  }
  return groups;
}

/** Minor version; writers before put chunks of one store into the manifest of another, when a file has several. */
const FIRST_TO_TELL_STORES_APART = 36;

/** What the footer says; `undefined` when there is none that can be trusted. */
async function readIndex(bytes: ByteSource, options: ReadRrdOptions): Promise<Contents | undefined> {
  const { sizeBytes } = bytes;
  const tailBytes = Math.min(sizeBytes, STREAM_FOOTER_BYTES);
  const footer = locateRrdFooter(await bytes.read(sizeBytes - tailBytes, tailBytes, options.signal), sizeBytes);
  if (footer === undefined) return undefined;
  try {
    const manifests = readRrdFooter(await bytes.read(footer.offset, footer.length, options.signal), footer);
    const chunks = manifests
      .flatMap(({ storeId, chunks: entries }) => entries.map((entry): RrdFileChunk => ({ ...entry, storeId })))
      .sort((a, b) => a.byteOffset - b.byteOffset);
    const others = await readMessagesBetween(chunks, footer.offset, (offset, length) =>
      bytes.read(offset, length, options.signal),
    );
    const [major, minor] = readStreamHeader(await bytes.read(0, STREAM_HEADER_BYTES, options.signal), 0);
    if (manifests.length > 1 && major === 0 && minor < FIRST_TO_TELL_STORES_APART) return undefined;
    const schemas = new Map(manifests.map((manifest) => [storeIdKey(manifest.storeId), StoreContents.ofColumns(manifest)]));
    return { ...sortOut(others), chunks, isIndexed: true, schemas };
  } catch (error) {
    if (!isRerunError(error, "CorruptFile", "LimitExceeded")) throw error;
    const warn = options.warn ?? warnOnce;
    warn({ code: "CorruptFile", message: `${error.message}. The file is read without its index` });
    return undefined;
  }
}

async function scan(messages: AsyncIterable<RrdMessage>): Promise<Contents> {
  const chunks: RrdFileChunk[] = [];
  const others: RrdMessage[] = [];
  const schemas = new Map<string, StoreContents>();
  for await (const message of messages) {
    if (message.kind !== "chunk") {
      others.push(message);
      continue;
    }
    const { storeId, chunk, place } = message;
    const key = storeIdKey(storeId);
    const contents = schemas.get(key) ?? new StoreContents();
    schemas.set(key, contents);
    chunks.push({
      ...contents.add(chunk),
      byteOffset: place.offset,
      byteSize: place.size,
      sizeBytes: place.uncompressedSize,
      storeId,
    });
  }
  return { ...sortOut(others), chunks, isIndexed: false, schemas };
}

/** Writers announce a store several times: the first one counts. */
function sortOut(messages: readonly RrdMessage[]): Pick<Contents, "stores" | "activations"> {
  const stores = new Map<string, RrdStoreInfoMessage>();
  const activations: Extract<RrdMessage, { kind: "blueprintActivation" }>[] = [];
  for (const message of messages) {
    if (message.kind === "blueprintActivation") activations.push(message);
    if (message.kind !== "storeInfo") continue;
    const key = storeIdKey(message.storeId);
    if (!stores.has(key)) stores.set(key, message);
  }
  return { stores: [...stores.values()], activations };
}
