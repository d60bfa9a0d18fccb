import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { schemaToIpc, tableToIpc } from "../chunk/arrow.js";
import { RerunError, type StoreId } from "../core/index.js";
import { Compression, EncoderVersion, RrdFooterSchema, type RrdManifestMessage, RrdManifestSchema } from "../protos/index.js";
import { matchesChecksum, type RrdCompression, readStreamFooter, STREAM_FOOTER_BYTES, type StreamFooter } from "./frames.js";
import { compressBlock } from "./lz4-codec.js";
import { type RrdManifest, readManifest } from "./manifest.js";
import type { ManifestRows } from "./manifest-rows.js";
import { manifestTable, recordingFields } from "./manifest-table.js";
import { storeIdToMessage } from "./messages.js";
import { schemaDigest } from "./schema-digest.js";

const NO_METADATA: ReadonlyMap<string, string> = new Map();

/** The payload of the `End` message: a manifest for each store that has chunks. */
export function encodeFooter(stores: Iterable<readonly [StoreId, ManifestRows]>, compression: RrdCompression): Uint8Array {
  const manifests = [...stores].map(([storeId, rows]) => encodeManifest(storeId, rows, compression));
  return toBinary(RrdFooterSchema, create(RrdFooterSchema, { manifests }));
}

function encodeManifest(storeId: StoreId, rows: ManifestRows, compression: RrdCompression): RrdManifestMessage {
  const fields = recordingFields(rows);
  const table = tableToIpc(manifestTable(rows));
  const payload = compression === "lz4" ? compressBlock(table) : table;
  return create(RrdManifestSchema, {
    storeId: storeIdToMessage(storeId),
    sorbetSchema: { arrowSchema: schemaToIpc(fields, NO_METADATA) },
    sorbetSchemaSha256: schemaDigest(fields),
    data: {
      encoderVersion: EncoderVersion.V0,
      payload,
      compression: compression === "lz4" ? Compression.LZ4 : Compression.NONE,
      uncompressedSize: BigInt(table.length),
    },
  });
}

/**
 * Where the footer of a file lies, read from the file's last bytes.
 *
 * @param tail the last 32 bytes of the file, or more
 * @param fileSize size of the whole file
 * @returns `undefined` when the file has no footer, as one that was cut or is still written
 */
export function locateRrdFooter(tail: Uint8Array, fileSize: number): StreamFooter | undefined {
  const footer = readStreamFooter(tail);
  if (footer === undefined || footer.length === 0) return undefined;
  // In recordings that were put one behind the other, the last one's footer speaks of places in a file of its own.
  return footer.offset + footer.length === fileSize - STREAM_FOOTER_BYTES ? footer : undefined;
}

/**
 * The manifests of a file from the payload that `locateRrdFooter` found.
 * @throws RerunError `CorruptFile` when the payload is not what was written, or does not say what it should
 */
export function readRrdFooter(payload: Uint8Array, footer: StreamFooter): RrdManifest[] {
  if (!matchesChecksum(payload, footer)) {
    throw new RerunError("CorruptFile", `The footer at byte ${footer.offset} is damaged: its checksum is wrong`);
  }
  return decodeFooter(payload);
}

/** The manifests in the payload of an `End` message. @throws RerunError `CorruptFile` */
export function decodeFooter(payload: Uint8Array): RrdManifest[] {
  try {
    return fromBinary(RrdFooterSchema, payload).manifests.map(readManifest);
  } catch (error) {
    if (error instanceof RerunError) throw error;
    throw new RerunError("CorruptFile", "The footer is damaged: it is no list of manifests", { cause: error });
  }
}
