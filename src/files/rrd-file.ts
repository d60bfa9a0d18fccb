import type { FileHandle } from "node:fs/promises";
import type { Chunk } from "../chunk/index.js";
import { isRerunError, RerunError, type StoreId, warnOnce } from "../core/index.js";
import {
  KIND_ARROW_MSG,
  locateRrdFooter,
  type ManifestChunk,
  MessageDecoder,
  type RrdMessage,
  type RrdStoreInfoMessage,
  readRrdFooter,
  STREAM_FOOTER_BYTES,
} from "../rrd/index.js";
import { readMessagesBetween } from "./message-gaps.js";
import { useNativeLz4 } from "./native-lz4.js";
import { openFile } from "./open-file.js";
import { type ReadRrdOptions, readRrdFile } from "./read-rrd.js";
import { summarizeChunk } from "./summarize-chunk.js";

/** One chunk of a file that lies on disk. */
export interface RrdFileChunk extends ManifestChunk {
  readonly storeId: StoreId;
}

/** A recording on disk whose chunks are read one by one, when they are needed. */
export interface RrdFile {
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
   * Chunk `index` of `chunks`.
   * @throws RerunError `CorruptFile` when it cannot be decoded, `InvalidArgument` when there is none, `Closed`
   */
  readChunk(index: number): Promise<Chunk>;
  /** Idempotent. */
  close(): Promise<void>;
}

interface Contents {
  readonly stores: readonly RrdStoreInfoMessage[];
  readonly chunks: readonly RrdFileChunk[];
  readonly activations: RrdFile["activations"];
  readonly isIndexed: boolean;
}

/**
 * Opens a recording by the index in its footer. A file without one (still written, cut, damaged) is read through once instead.
 *
 * @throws RerunError `NotFound` when it cannot be opened, `CorruptFile` when it is not a recording
 */
export async function openRrdFile(path: string, options: ReadRrdOptions = {}): Promise<RrdFile> {
  options.signal?.throwIfAborted();
  useNativeLz4();
  const handle = await openFile(path);
  try {
    const contents = (await readIndex(handle, options)) ?? (await scan(path, options));
    return new OpenRrdFile(path, handle, contents, options);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class OpenRrdFile implements RrdFile {
  readonly path: string;
  readonly stores: readonly RrdStoreInfoMessage[];
  readonly chunks: readonly RrdFileChunk[];
  readonly activations: RrdFile["activations"];
  readonly isIndexed: boolean;
  readonly #decoder: MessageDecoder;
  #handle: FileHandle | undefined;

  constructor(path: string, handle: FileHandle, contents: Contents, options: ReadRrdOptions) {
    this.path = path;
    this.stores = contents.stores;
    this.chunks = contents.chunks;
    this.activations = contents.activations;
    this.isIndexed = contents.isIndexed;
    this.#handle = handle;
    this.#decoder = new MessageDecoder(options.warn ?? warnOnce);
    for (const { storeId } of contents.stores) this.#decoder.noteStore(storeId);
  }

  async readChunk(index: number): Promise<Chunk> {
    const entry = this.chunks[index];
    if (entry === undefined)
      throw new RerunError("InvalidArgument", `There is no chunk ${index}, the file has ${this.chunks.length}`);
    if (this.#handle === undefined) throw new RerunError("Closed", `The file is closed: ${this.path}`);
    const payload = await readRange(this.#handle, entry.byteOffset, entry.byteSize);
    const message = this.#decoder.decode(KIND_ARROW_MSG, payload, entry.byteOffset);
    if (message.kind !== "chunk" || message.chunk.id !== entry.id) {
      const found = message.kind === "chunk" ? message.chunk.id : message.kind;
      throw new RerunError(
        "CorruptFile",
        `Expected the chunk ${entry.id} at byte ${entry.byteOffset}, found ${found}: ${this.path}`,
      );
    }
    return message.chunk;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}

/** What the footer says; `undefined` when there is none that can be trusted. */
async function readIndex(handle: FileHandle, options: ReadRrdOptions): Promise<Contents | undefined> {
  const { size } = await handle.stat();
  const tail = await readRange(handle, Math.max(0, size - STREAM_FOOTER_BYTES), Math.min(size, STREAM_FOOTER_BYTES));
  const footer = locateRrdFooter(tail, size);
  if (footer === undefined) return undefined;
  try {
    const manifests = readRrdFooter(await readRange(handle, footer.offset, footer.length), footer);
    const chunks = manifests
      .flatMap(({ storeId, chunks: entries }) => entries.map((entry): RrdFileChunk => ({ ...entry, storeId })))
      .sort((a, b) => a.byteOffset - b.byteOffset);
    const others = await readMessagesBetween(chunks, footer.offset, (offset, length) => readRange(handle, offset, length));
    return { ...sortOut(others), chunks, isIndexed: true };
  } catch (error) {
    if (!isRerunError(error, "CorruptFile", "LimitExceeded")) throw error;
    const warn = options.warn ?? warnOnce;
    warn({ code: "CorruptFile", message: `${error.message}. The file is read without its index` });
    return undefined;
  }
}

async function scan(path: string, options: ReadRrdOptions): Promise<Contents> {
  const chunks: RrdFileChunk[] = [];
  const others: RrdMessage[] = [];
  for await (const message of readRrdFile(path, options)) {
    if (message.kind === "chunk") chunks.push({ ...summarizeChunk(message.chunk, message.place), storeId: message.storeId });
    else others.push(message);
  }
  return { ...sortOut(others), chunks, isIndexed: false };
}

/** Writers announce a store several times: the first one counts. */
function sortOut(messages: readonly RrdMessage[]): Pick<Contents, "stores" | "activations"> {
  const stores = new Map<string, RrdStoreInfoMessage>();
  const activations: Extract<RrdMessage, { kind: "blueprintActivation" }>[] = [];
  for (const message of messages) {
    if (message.kind === "blueprintActivation") activations.push(message);
    if (message.kind !== "storeInfo") continue;
    const key = JSON.stringify(message.storeId);
    if (!stores.has(key)) stores.set(key, message);
  }
  return { stores: [...stores.values()], activations };
}

async function readRange(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0)
      throw new RerunError("CorruptFile", `The file ends at byte ${offset + done}, expected ${length - done} more`);
    done += bytesRead;
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
}
