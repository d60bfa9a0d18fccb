import type { Chunk } from "../chunk/index.js";
import { isRerunError, RerunError, type StoreId, storeIdKey, type Timeline, warnOnce } from "../core/index.js";
import {
  Damage,
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
import { type ByteSource, openFileBytes, readBytes } from "./byte-source.js";
import { openHttpBytes } from "./http-bytes.js";
import { readMessagesBetween } from "./message-gaps.js";
import { useNativeLz4 } from "./native-lz4.js";
import { type ReadRrdOptions, readRrdBytes } from "./read-rrd.js";

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
   * These chunks of the file, in their order. Neighbours are read at once. Those that are damaged are left out and reported,
   * once for the file.
   * @throws RerunError `CorruptFile` when the file is another one since it was opened, `Closed`; the reason of the signal
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
  const damage = new Damage({ ...options, name: path });
  try {
    const contents = (await readIndex(bytes, options, damage)) ?? (await scan(readRrdBytes(bytes, options, damage)));
    return new OpenRrdFile(path, bytes, contents, options, damage);
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
  readonly #damage: Damage;

  constructor(path: string, bytes: ByteSource, contents: Contents, options: ReadRrdOptions, damage: Damage) {
    this.path = path;
    this.stores = contents.stores;
    this.chunks = contents.chunks;
    this.activations = contents.activations;
    this.isIndexed = contents.isIndexed;
    this.#schemas = contents.schemas;
    this.#bytes = bytes;
    this.#damage = damage;
    this.#decoder = new MessageDecoder(options.warn ?? warnOnce);
    for (const { storeId } of contents.stores) this.#decoder.noteStore(storeId);
  }

  async readChunks(chunks: readonly RrdFileChunk[], { signal }: FetchOptions = {}): Promise<Chunk[]> {
    const read = new Map<RrdFileChunk, Chunk>();
    for (const group of neighbours(chunks)) {
      const [first] = group;
      const last = group[group.length - 1];
      if (first === undefined || last === undefined) continue;
      const bytes = await readBytes(this.#bytes, first.byteOffset, last.byteOffset + last.byteSize - first.byteOffset, signal);
      signal?.throwIfAborted();
      for (const entry of group) {
        const start = entry.byteOffset - first.byteOffset;
        const chunk = this.#decode(entry, bytes.subarray(start, start + entry.byteSize));
        if (chunk !== undefined) read.set(entry, chunk);
      }
    }
    const whole = chunks.flatMap((entry) => read.get(entry) ?? []);
    if (whole.length < chunks.length) {
      await this.#bytes.checkUnchanged();
      this.#damage.report();
    }
    return whole;
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

  /** `undefined` when it is damaged. */
  #decode({ id, byteOffset, byteSize }: RrdFileChunk, payload: Uint8Array): Chunk | undefined {
    let message: RrdMessage;
    try {
      message = this.#decoder.decode(KIND_ARROW_MSG, payload, byteOffset);
    } catch (error) {
      if (!isRerunError(error)) throw error;
      this.#damage.addMessage(byteOffset, byteSize, error);
      return undefined;
    }
    if (message.kind === "chunk" && message.chunk.id === id) return message.chunk;
    const found = message.kind === "chunk" ? message.chunk.id : message.kind;
    throw new RerunError("CorruptFile", `Expected the chunk ${id} at byte ${byteOffset}, found ${found}: ${this.path}`);
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
async function readIndex(source: ByteSource, { signal }: ReadRrdOptions, damage: Damage): Promise<Contents | undefined> {
  const { sizeBytes } = source;
  const read = (offset: number, length: number): Promise<Uint8Array> => readBytes(source, offset, length, signal);
  const tailBytes = Math.min(sizeBytes, STREAM_FOOTER_BYTES);
  const footer = locateRrdFooter(await read(sizeBytes - tailBytes, tailBytes), sizeBytes);
  if (footer === undefined) return undefined;
  try {
    const manifests = readRrdFooter(await read(footer.offset, footer.length), footer);
    const chunks = manifests
      .flatMap(({ storeId, chunks: entries }) => entries.map((entry): RrdFileChunk => ({ ...entry, storeId })))
      .sort((a, b) => a.byteOffset - b.byteOffset);
    const others = await readMessagesBetween(chunks, footer.offset, read);
    const [major, minor] = readStreamHeader(await read(0, STREAM_HEADER_BYTES), 0);
    if (manifests.length > 1 && major === 0 && minor < FIRST_TO_TELL_STORES_APART) return undefined;
    const schemas = new Map(manifests.map((manifest) => [storeIdKey(manifest.storeId), StoreContents.ofColumns(manifest)]));
    return { ...sortOut(others), chunks, isIndexed: true, schemas };
  } catch (error) {
    if (!isRerunError(error, "CorruptFile", "LimitExceeded")) throw error;
    // What it says is not lost: the chunks say it too.
    damage.add(footer.offset, 0, `${error.message}. The file is read without its index`);
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
