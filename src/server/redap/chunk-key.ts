import { RerunError } from "../../core/index.js";
import { MESSAGE_HEADER_BYTES } from "../recordings/draft-layer.js";
import { SIGNATURE_BYTES, type Signer } from "./signer.js";

/** Where a chunk lies, and of which version its object was when it was registered. */
export interface ChunkKey {
  readonly object: string;
  readonly objectVersion: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * A key is a message `ChunkKey` of the protocol: clients that read an object themselves learn from it which part they need, which
 * is the chunk's message with its header. It is written in one fixed way, each number as wide as it can become, and ends with its
 * signature as one more field.
 */
const TAG = { id: 0x0a, time: 0x09, inc: 0x11, kind: 0x10, etag: 0x22, location: 0x1a, url: 0x0a, offset: 0x10, length: 0x18 };
const TAG_SIGNATURE = 0x7a;
const KIND_RRD = 1;
const ID_BYTES = 18;
/** Widths of numbers, seven bits a byte. */
const WIDTH = { etag: 2, location: 3, url: 3, offset: 8, length: 5 };
/** The id, the kind, and what is before the tag. */
const ETAG_AT = 2 + ID_BYTES + 2 + 1 + WIDTH.etag;
/** What is between tag and URL. */
const URL_HEAD = 1 + WIDTH.location + 1 + WIDTH.url;
const NUMBERS_BYTES = 1 + WIDTH.offset + 1 + WIDTH.length;
const SIGNATURE_HEAD = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Makes keys for the chunks of one object: of a chunk's id, as 16 bytes, and its place. */
export function chunkKeyMaker(
  signer: Signer,
  { object, objectVersion }: Pick<ChunkKey, "object" | "objectVersion">,
): (id: Uint8Array, offset: number, length: number) => Uint8Array {
  const [url, etag] = [encoder.encode(object), encoder.encode(`"${objectVersion}"`)];
  const body = new Uint8Array(ETAG_AT + etag.length + URL_HEAD + url.length + NUMBERS_BYTES);
  const numbersAt = body.length - NUMBERS_BYTES;
  body.set([TAG.id, ID_BYTES, TAG.time]);
  body[11] = TAG.inc;
  body.set([TAG.kind, KIND_RRD, TAG.etag], 2 + ID_BYTES);
  putNumber(body, ETAG_AT - WIDTH.etag, WIDTH.etag, etag.length);
  body.set(etag, ETAG_AT);
  const locationAt = ETAG_AT + etag.length;
  body[locationAt] = TAG.location;
  const locationBytes = body.length - (locationAt + 1 + WIDTH.location);
  putNumber(body, locationAt + 1, WIDTH.location, locationBytes);
  body[locationAt + 1 + WIDTH.location] = TAG.url;
  putNumber(body, locationAt + URL_HEAD - WIDTH.url, WIDTH.url, url.length);
  body.set(url, locationAt + URL_HEAD);
  body[numbersAt] = TAG.offset;
  body[numbersAt + 1 + WIDTH.offset] = TAG.length;
  return (id, offset, length) => {
    // Ids are big-endian, numbers of messages little-endian.
    for (let i = 0; i < 8; i++) {
      body[10 - i] = id[i] ?? 0;
      body[19 - i] = id[8 + i] ?? 0;
    }
    putNumber(body, numbersAt + 1, WIDTH.offset, offset - MESSAGE_HEADER_BYTES);
    putNumber(body, numbersAt + 2 + WIDTH.offset, WIDTH.length, length + MESSAGE_HEADER_BYTES);
    const key = new Uint8Array(body.length + SIGNATURE_HEAD + SIGNATURE_BYTES);
    key.set(body);
    key.set([TAG_SIGNATURE, SIGNATURE_BYTES], body.length);
    key.set(signer.sign("chunk", body), body.length + SIGNATURE_HEAD);
    return key;
  };
}

/** @throws RerunError `InvalidArgument` for what is too short, `NotFound` for a key that this platform did not make */
export function readChunkKey(signer: Signer, key: Uint8Array): ChunkKey {
  if (key.length < ETAG_AT + URL_HEAD + NUMBERS_BYTES + SIGNATURE_HEAD + SIGNATURE_BYTES) {
    throw new RerunError("InvalidArgument", "Failed to decode chunk key: io error: unexpected end of file");
  }
  const body = key.subarray(0, key.length - SIGNATURE_HEAD - SIGNATURE_BYTES);
  const [tag, size] = key.subarray(body.length);
  const isSigned = signer.verify("chunk", body, key.subarray(body.length + SIGNATURE_HEAD));
  if (!isSigned || tag !== TAG_SIGNATURE || size !== SIGNATURE_BYTES || body[0] !== TAG.id) {
    throw new RerunError("NotFound", "Invalid chunk key: this server did not make it");
  }
  const etagEnd = ETAG_AT + numberAt(body, ETAG_AT - WIDTH.etag, WIDTH.etag);
  const numbersAt = body.length - NUMBERS_BYTES;
  return {
    object: decoder.decode(body.subarray(etagEnd + URL_HEAD, numbersAt)),
    objectVersion: decoder.decode(body.subarray(ETAG_AT + 1, etagEnd - 1)),
    offset: numberAt(body, numbersAt + 1, WIDTH.offset) + MESSAGE_HEADER_BYTES,
    length: numberAt(body, numbersAt + 2 + WIDTH.offset, WIDTH.length) - MESSAGE_HEADER_BYTES,
  };
}

/** A number of a message, with zeros in front up to its width. */
function putNumber(bytes: Uint8Array, at: number, width: number, value: number): void {
  let rest = value;
  for (let i = 0; i < width; i++) {
    bytes[at + i] = (rest % 128) | (i < width - 1 ? 128 : 0);
    rest = Math.floor(rest / 128);
  }
}

function numberAt(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 128 + ((bytes[at + i] ?? 0) & 127);
  return value;
}
