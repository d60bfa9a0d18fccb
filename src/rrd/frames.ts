import { RerunError } from "../core/index.js";
import { xxh32 } from "./xxh32.js";

/** The parts of an `.rrd` stream around its messages. All numbers are little-endian. */

export const STREAM_HEADER_BYTES = 12;
export const FRAME_HEADER_BYTES = 16;
export const STREAM_FOOTER_BYTES = 32;

export const KIND_END = 0;
export const KIND_SET_STORE_INFO = 1;
export const KIND_ARROW_MSG = 2;
export const KIND_BLUEPRINT_ACTIVATION = 3;

/** A version as it stands in a file: major, minor, patch, meta (0 = release). */
export type RrdVersion = readonly [number, number, number, number];

/** What this package writes. */
export const RRD_VERSION: RrdVersion = [0, 41, 0, 0];

const MAGIC = "RRF2";
const LEGACY_MAGICS: readonly string[] = ["RRF0", "RRF1"];
const FOOTER_ID = "RRF2FOOT";
const CRC_SEED = 7850921;
const SERIALIZER_PROTOBUF = 2;
const OLDEST_MINOR = 23;
/** What one message may hold: a longer one cannot be a real one. */
const MAX_MESSAGE_BYTES = 0x7fffffff;
const TWO_32 = 4294967296;

export type RrdCompression = "none" | "lz4";

export function streamHeader(version: RrdVersion, compression: RrdCompression): Uint8Array {
  const bytes = new Uint8Array(STREAM_HEADER_BYTES);
  writeAscii(bytes, 0, MAGIC);
  bytes.set(version, 4);
  bytes[8] = compression === "lz4" ? 1 : 0;
  bytes[9] = SERIALIZER_PROTOBUF;
  return bytes;
}

/**
 * The version in a stream header.
 * @param position where the header stands in the file, for messages
 * @throws RerunError `CorruptFile` when it is none or too old to be read
 */
export function readStreamHeader(bytes: Uint8Array, position: number): RrdVersion {
  const magic = ascii(bytes, 0, 4);
  if (LEGACY_MAGICS.includes(magic)) {
    throw new RerunError(
      "CorruptFile",
      `The recording is of a Rerun version too old to be read: it begins with ${magic} at byte ${position}`,
    );
  }
  if (magic !== MAGIC) {
    throw new RerunError(
      "CorruptFile",
      `Not a Rerun recording: expected ${MAGIC} at byte ${position}, got ${JSON.stringify(magic)}`,
    );
  }
  const [major = 0, minor = 0, patch = 0, meta = 0] = bytes.subarray(4, 8);
  if (major === 0 && minor < OLDEST_MINOR) {
    const version = formatVersion([major, minor, patch, meta]);
    throw new RerunError(
      "CorruptFile",
      `The recording is of Rerun ${version}, too old to be read: expected 0.${OLDEST_MINOR} or newer`,
    );
  }
  const [compression = 0, serializer = 0, reserved = 0, alsoReserved = 0] = bytes.subarray(8, 12);
  if (compression > 1 || serializer !== SERIALIZER_PROTOBUF || reserved !== 0 || alsoReserved !== 0) {
    const options = [compression, serializer, reserved, alsoReserved].join(" ");
    throw new RerunError(
      "CorruptFile",
      `The recording has unknown options at byte ${position + 8}: ${options}, expected 0 or 1, 2, 0, 0`,
    );
  }
  return [major, minor, patch, meta];
}

/** `0.41.0`, `0.37.0-alpha.1+dev` */
export function formatVersion([major, minor, patch, meta]: RrdVersion): string {
  const number = meta & 0x3f;
  const suffix = ["", `-rc.${number}`, `-alpha.${number}`, `-alpha.${number}+dev`][meta >> 6] ?? "";
  return `${major}.${minor}.${patch}${suffix}`;
}

/** Whether that version is newer than what this package knows. */
export function isNewer([major, minor, patch]: RrdVersion): boolean {
  const difference = major - RRD_VERSION[0] || minor - RRD_VERSION[1] || patch - RRD_VERSION[2];
  return difference > 0;
}

export function writeFrameHeader(out: Uint8Array, at: number, kind: number, length: number): void {
  const view = new DataView(out.buffer, out.byteOffset + at, FRAME_HEADER_BYTES);
  view.setUint32(0, kind, true);
  view.setUint32(8, length, true);
  view.setUint32(12, Math.floor(length / TWO_32), true);
}

/** A whole message: header and payload. */
export function frame(kind: number, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  writeFrameHeader(out, 0, kind, payload.length);
  out.set(payload, FRAME_HEADER_BYTES);
  return out;
}

/** Kind and length of a message; kind is `undefined` when no such kind exists, length when it is beyond all reason. */
export function readFrameHeader(bytes: Uint8Array): { readonly kind: number | undefined; readonly length: number | undefined } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, FRAME_HEADER_BYTES);
  const kind = view.getUint32(0, true);
  const length = view.getUint32(12, true) * TWO_32 + view.getUint32(8, true);
  return {
    kind: view.getUint32(4, true) === 0 && kind <= KIND_BLUEPRINT_ACTIVATION ? kind : undefined,
    length: length <= MAX_MESSAGE_BYTES ? length : undefined,
  };
}

/** Where the payload of the `End` message lies in the file, and its checksum. */
export interface StreamFooter {
  readonly offset: number;
  readonly length: number;
  readonly checksum: number;
}

/** The bytes that end a stream and say where its footer is. */
export function streamFooter(payload: Uint8Array, offset: number): Uint8Array {
  const bytes = new Uint8Array(STREAM_FOOTER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, offset, true);
  view.setUint32(4, Math.floor(offset / TWO_32), true);
  view.setUint32(8, payload.length, true);
  view.setUint32(16, xxh32(payload, CRC_SEED), true);
  writeAscii(bytes, 20, FOOTER_ID);
  view.setUint32(28, 1, true);
  return bytes;
}

/** What the last 32 bytes of a stream say; `undefined` when they are not a stream's end. */
export function readStreamFooter(bytes: Uint8Array): StreamFooter | undefined {
  if (bytes.length < STREAM_FOOTER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - STREAM_FOOTER_BYTES, STREAM_FOOTER_BYTES);
  if (ascii(bytes, bytes.length - 12, 8) !== FOOTER_ID || view.getUint32(28, true) !== 1) return undefined;
  return {
    offset: view.getUint32(4, true) * TWO_32 + view.getUint32(0, true),
    length: view.getUint32(12, true) * TWO_32 + view.getUint32(8, true),
    checksum: view.getUint32(16, true),
  };
}

/** Whether `payload` is what the stream footer speaks of. */
export function matchesChecksum(payload: Uint8Array, footer: StreamFooter): boolean {
  return payload.length === footer.length && xxh32(payload, CRC_SEED) === footer.checksum;
}

function writeAscii(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
