import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Table } from "apache-arrow";
import { arrowTableFromIpc, type DecodedTable, tableFromIpc } from "../chunk/arrow.js";
import { RerunError } from "../core/index.js";
import { Compression, type DataframePart, DataframePartSchema, EncoderVersion } from "../protos/redap.js";
import { compressBlock, decompressBlock } from "../rrd/index.js";

/** A part that becomes larger than this is refused, unless the caller says otherwise. */
const MAX_PART_BYTES = 2 ** 30;

export interface EncodePartOptions {
  /** Default `lz4`, where that makes it smaller. */
  readonly compression?: "none" | "lz4";
}

export interface DecodePartOptions {
  /** Of the Arrow data, uncompressed. Default 1 GiB. */
  readonly maxBytes?: number;
}

/**
 * A record batch for the wire.
 *
 * @param ipc an Arrow IPC stream of one batch; it is not copied when it is not compressed
 */
export function dataframePartFromIpc(ipc: Uint8Array, options: EncodePartOptions = {}): DataframePart {
  const block = options.compression === "none" ? undefined : compressBlock(ipc);
  const isSmaller = block !== undefined && block.length < ipc.length;
  const init: MessageInitShape<typeof DataframePartSchema> = {
    encoderVersion: EncoderVersion.V0,
    payload: isSmaller ? block : ipc,
    compression: isSmaller ? Compression.LZ4 : Compression.NONE,
    uncompressedSize: BigInt(ipc.length),
  };
  return create(DataframePartSchema, init);
}

/**
 * The Arrow IPC stream of a part.
 *
 * @throws RerunError `InvalidData` when it is damaged or of an unknown kind, `LimitExceeded`
 */
export function ipcFromDataframePart(part: DataframePart | undefined, options: DecodePartOptions = {}): Uint8Array {
  const { maxBytes = MAX_PART_BYTES } = options;
  if (part === undefined) throw new RerunError("InvalidData", "a message without its dataframe");
  const { payload, compression, encoderVersion } = part;
  if (payload === undefined) throw new RerunError("InvalidData", "a dataframe without data");
  if (encoderVersion !== EncoderVersion.V0) {
    throw new RerunError("InvalidData", `a dataframe of the unknown encoder version ${encoderVersion}, expected 1`);
  }
  if (compression > Compression.LZ4) throw new RerunError("InvalidData", `the unknown compression ${compression}`);
  const isCompressed = compression === Compression.LZ4;
  const size = isCompressed ? Number(part.uncompressedSize) : payload.length;
  if (size > maxBytes) {
    throw new RerunError("LimitExceeded", `a dataframe of ${size} bytes is more than the ${maxBytes} bytes that are taken`);
  }
  return isCompressed ? asInvalid(() => decompressBlock(payload, size)) : payload;
}

/**
 * The columns of a part. Wide, view and dictionary types become plain ones.
 *
 * @throws RerunError `InvalidData`, `LimitExceeded`
 */
export function columnsFromDataframePart(part: DataframePart | undefined, options?: DecodePartOptions): DecodedTable {
  const ipc = ipcFromDataframePart(part, options);
  return asInvalid(() => tableFromIpc(ipc));
}

/**
 * The part as a table of apache-arrow: any types, dictionaries too.
 *
 * @throws RerunError `InvalidData`, `LimitExceeded`
 */
export function tableFromDataframePart(part: DataframePart | undefined, options?: DecodePartOptions): Table {
  const ipc = ipcFromDataframePart(part, options);
  return asInvalid(() => arrowTableFromIpc(ipc));
}

function asInvalid<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RerunError("InvalidData", `a dataframe cannot be read: ${why}`, { cause });
  }
}
