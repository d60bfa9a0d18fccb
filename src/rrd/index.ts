export { Damage, type DamageOptions } from "./damage.js";
export { decodeRrd, type RrdDecoderOptions, RrdStreamDecoder } from "./decoder.js";
export { RrdEncoder, type RrdEncoderOptions, type RrdEncoderState } from "./encoder.js";
export { decodeFooter, encodeFooter, locateRrdFooter, readRrdFooter } from "./footer.js";
export {
  FRAME_HEADER_BYTES,
  formatVersion,
  KIND_ARROW_MSG,
  KIND_BLUEPRINT_ACTIVATION,
  KIND_END,
  KIND_SET_STORE_INFO,
  RRD_VERSION,
  type RrdCompression,
  type RrdVersion,
  readFrameHeader,
  readStreamHeader,
  STREAM_FOOTER_BYTES,
  STREAM_HEADER_BYTES,
  type StreamFooter,
} from "./frames.js";
export { lz4Compress, lz4Decompress } from "./lz4.js";
export { compressBlock, decompressBlock, type Lz4Codec, setLz4Codec } from "./lz4-codec.js";
export { type ManifestChunk, type RrdManifest, readManifest } from "./manifest.js";
export { ManifestRows } from "./manifest-rows.js";
export { MessageDecoder } from "./message-decoder.js";
export type {
  ChunkPlace,
  RrdBlueprintActivationMessage,
  RrdChunkMessage,
  RrdMessage,
  RrdStoreInfo,
  RrdStoreInfoMessage,
} from "./messages.js";
export { schemaDigest } from "./schema-digest.js";
