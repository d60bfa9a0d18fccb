/**
 * `ArrowMsg` by hand. It carries the chunks, so it must not copy its payload: the writer leaves room for it, the reader gives
 * views. Field numbers as in `codegen/protos/rerun/log_msg/v1alpha1/log_msg.proto`.
 */
import { FieldReader, varintSize, writeVarint } from "./wire-fields.js";

const TAG_STORE_ID = 0x0a;
const TAG_COMPRESSION = 0x10;
const TAG_UNCOMPRESSED_SIZE = 0x18;
const TAG_ENCODING = 0x20;
const TAG_PAYLOAD = 0x2a;
const TAG_CHUNK_ID = 0x32;
const TAG_IS_STATIC = 0x38;
const TAG_TUID_TIME = 0x09;
const TAG_TUID_INC = 0x11;
/** Encoded `Tuid`: two tagged 64-bit numbers. */
const TUID_BYTES = 18;
/** Chunk id with tag and length, and the static flag. */
const TAIL_BYTES = 2 + TUID_BYTES + 2;

/** Everything but the payload. */
export interface ArrowMsgHead {
  /** An encoded `rerun.common.v1alpha1.StoreId`. */
  readonly storeId: Uint8Array;
  /** A `Compression`. */
  readonly compression: number;
  readonly uncompressedSize: number;
  /** 32 hexadecimal digits. */
  readonly chunkId: string;
  readonly isStatic: boolean;
}

export interface ArrowMsgView {
  /** An encoded `rerun.common.v1alpha1.StoreId`; a view. */
  readonly storeId: Uint8Array | undefined;
  readonly compression: number;
  readonly uncompressedSize: number;
  /** An `Encoding`. */
  readonly encoding: number;
  /** A view. */
  readonly payload: Uint8Array;
}

/** Size of the encoded message. */
export function arrowMsgSize(head: ArrowMsgHead, payloadLength: number): number {
  return payloadAt(head, payloadLength) + payloadLength + TAIL_BYTES;
}

function payloadAt(head: ArrowMsgHead, payloadLength: number): number {
  const { storeId, uncompressedSize } = head;
  return (
    1 + varintSize(storeId.length) + storeId.length + 2 + 1 + varintSize(uncompressedSize) + 2 + 1 + varintSize(payloadLength)
  );
}

/**
 * Writes the message at `start` but for its payload.
 * @returns where the payload goes
 */
export function writeArrowMsg(head: ArrowMsgHead, payloadLength: number, out: Uint8Array, start: number): number {
  let at = start;
  out[at++] = TAG_STORE_ID;
  at = writeVarint(head.storeId.length, out, at);
  out.set(head.storeId, at);
  at += head.storeId.length;
  out[at++] = TAG_COMPRESSION;
  out[at++] = head.compression;
  out[at++] = TAG_UNCOMPRESSED_SIZE;
  at = writeVarint(head.uncompressedSize, out, at);
  out[at++] = TAG_ENCODING;
  out[at++] = 1;
  out[at++] = TAG_PAYLOAD;
  at = writeVarint(payloadLength, out, at);
  let tail = at + payloadLength;
  out[tail++] = TAG_CHUNK_ID;
  out[tail++] = TUID_BYTES;
  out[tail++] = TAG_TUID_TIME;
  writeReversedHex(head.chunkId, 0, out, tail);
  out[tail + 8] = TAG_TUID_INC;
  writeReversedHex(head.chunkId, 16, out, tail + 9);
  out[tail + 17] = TAG_IS_STATIC;
  out[tail + 18] = head.isStatic ? 1 : 0;
  return at;
}

/** 16 digits from `from` as 8 bytes, last byte first. */
function writeReversedHex(hex: string, from: number, out: Uint8Array, at: number): void {
  for (let i = 0; i < 8; i++)
    out[at + 7 - i] = 16 * digit(hex.charCodeAt(from + 2 * i)) + digit(hex.charCodeAt(from + 2 * i + 1));
}

function digit(code: number): number {
  return code <= 57 ? code - 48 : (code & 0xdf) - 55;
}

/** Where the payload lies in a message of which these are the first bytes; `undefined` when they do not go so far. */
export function findArrowPayload(start: Uint8Array): number | undefined {
  const reader = new FieldReader(start);
  try {
    while (!reader.isAtEnd()) {
      const tag = reader.varint();
      if (tag !== TAG_PAYLOAD) {
        reader.skip(tag & 7);
        continue;
      }
      reader.varint();
      return reader.position;
    }
  } catch {
    // They end within a field.
  }
  return undefined;
}

/** The fields of an encoded message. @throws RangeError when it is damaged */
export function readArrowMsg(bytes: Uint8Array): ArrowMsgView {
  const reader = new FieldReader(bytes);
  let storeId: Uint8Array | undefined;
  let compression = 0;
  let uncompressedSize = 0;
  let encoding = 0;
  let payload = new Uint8Array(0);
  while (!reader.isAtEnd()) {
    const tag = reader.varint();
    if (tag === TAG_STORE_ID) storeId = reader.bytes();
    else if (tag === TAG_COMPRESSION) compression = reader.varint();
    else if (tag === TAG_UNCOMPRESSED_SIZE) uncompressedSize = reader.varint();
    else if (tag === TAG_ENCODING) encoding = reader.varint();
    else if (tag === TAG_PAYLOAD) payload = reader.bytes() as Uint8Array<ArrayBuffer>;
    else reader.skip(tag & 7);
  }
  return { storeId, compression, uncompressedSize, encoding, payload };
}
