import { fromBinary } from "@bufbuild/protobuf";
import { chunkFromIpc } from "../chunk/arrow.js";
import { RerunError, type StoreId, type WarningReporter } from "../core/index.js";
import { Compression, Encoding, readArrowMsg, StoreIdSchema } from "../protos/index.js";
import { KIND_ARROW_MSG, KIND_BLUEPRINT_ACTIVATION, KIND_SET_STORE_INFO } from "./frames.js";
import { decompressBlock } from "./lz4-codec.js";
import {
  decodeBlueprintActivation,
  decodeStoreInfo,
  type RrdChunkMessage,
  type RrdMessage,
  storeIdFromMessage,
} from "./messages.js";

/** Chunks that lie otherwise are copied when they are read. */
const CHUNK_ALIGNMENT = 8;

/** Decodes single messages; remembers what later ones may lack. */
export class MessageDecoder {
  readonly #warn: WarningReporter;
  /** Application by recording, of the stores announced so far. */
  readonly #applications = new Map<string, string>();
  #storeBytes: Uint8Array = new Uint8Array(0);
  #storeId: StoreId | undefined;
  /** Version of the stream that the messages stand in. */
  version = "";

  constructor(warn: WarningReporter) {
    this.#warn = warn;
  }

  /** Remembers a store that was announced elsewhere. */
  noteStore(storeId: StoreId): void {
    this.#applications.set(storeId.recordingId, storeId.applicationId);
  }

  /**
   * The message of this kind in a payload.
   *
   * @param offset where the payload lies in the file
   * @param options `isOwn`: nobody else uses the payload's memory, so that a chunk may keep it. Default: it is not referred to
   * afterwards
   * @throws RerunError `CorruptFile`, `LimitExceeded`
   */
  decode(kind: number, payload: Uint8Array, offset: number, { isOwn = false }: { readonly isOwn?: boolean } = {}): RrdMessage {
    try {
      switch (kind) {
        case KIND_SET_STORE_INFO: {
          const message = decodeStoreInfo(payload, this.version);
          this.noteStore(message.storeId);
          return message;
        }
        case KIND_ARROW_MSG:
          return this.#chunk(payload, offset, isOwn);
        case KIND_BLUEPRINT_ACTIVATION:
          return decodeBlueprintActivation(payload, (id) => this.#applications.get(id));
        default:
          throw new RerunError("CorruptFile", `there is no message of kind ${kind}`);
      }
    } catch (error) {
      if (error instanceof RerunError) throw error;
      throw new RerunError("CorruptFile", error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  #chunk(payload: Uint8Array, offset: number, isOwn: boolean): RrdChunkMessage {
    const message = readArrowMsg(payload);
    if (message.encoding !== Encoding.ARROW_IPC) throw new RerunError("CorruptFile", `the unknown encoding ${message.encoding}`);
    const storeId = this.#readStoreId(message.storeId);
    if (message.compression > Compression.LZ4)
      throw new RerunError("CorruptFile", `the unknown compression ${message.compression}`);
    const ipc =
      message.compression === Compression.LZ4
        ? decompressBlock(message.payload, message.uncompressedSize)
        : ownBytes(message.payload, isOwn);
    const place = { offset, size: payload.length, uncompressedSize: ipc.length };
    return { kind: "chunk", storeId, chunk: chunkFromIpc(ipc, { warn: this.#warn }), place };
  }

  /** Nearly always the same as the one before. */
  #readStoreId(bytes: Uint8Array | undefined): StoreId {
    if (bytes === undefined) throw new RerunError("CorruptFile", "the message names no store");
    if (this.#storeId !== undefined && isEqual(bytes, this.#storeBytes)) return this.#storeId;
    const storeId = storeIdFromMessage(fromBinary(StoreIdSchema, bytes), (id) => this.#applications.get(id));
    this.#storeBytes = new Uint8Array(bytes);
    this.#storeId = storeId;
    return storeId;
  }
}

/** As a view of a file a chunk would keep all of that in memory, and be unaligned. */
function ownBytes(payload: Uint8Array, isOwn: boolean): Uint8Array {
  return isOwn && payload.byteOffset % CHUNK_ALIGNMENT === 0 ? payload : new Uint8Array(payload);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
