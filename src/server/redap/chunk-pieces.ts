import { FRAME_HEAD_BYTES, writeFrameHead } from "../../rpc/index.js";
import type { ChunkKey } from "./chunk-key.js";

/** Chunks that lie this near are read together. */
const MAX_GAP_BYTES = 64 * 1024;
/** Small chunks are sent together. */
const MESSAGE_BYTES = 1024 * 1024;
/** Field 1 of `FetchChunksResponse`, of a variable length. */
const TAG_CHUNKS = 0x0a;

/** What is read of one object at once. */
export interface Piece {
  readonly object: string;
  /** Of the object when it was registered: another one has other chunks in these places. */
  readonly version: string;
  readonly start: number;
  readonly end: number;
  /** Chunks, or a part of one, by the messages that they are sent in; in order. */
  readonly messages: readonly (readonly PieceChunk[])[];
}

/** A chunk of a piece, or the part of it that begins or goes on there. */
export interface PieceChunk {
  readonly start: number;
  readonly end: number;
  /** What stands before it on the wire: the head of its field, and before that of its message, if it is the first there. */
  readonly head: Uint8Array;
}

/**
 * Divides chunks into pieces that are read and sent one after the other, in the order asked for. Neighbours become one piece; a chunk
 * that is larger than a piece may be becomes several.
 */
export class ChunkPieces {
  readonly #keys: readonly ChunkKey[];
  /** The chunk that comes next, and how much of it was given. */
  #at = 0;
  #done = 0;

  constructor(keys: readonly ChunkKey[]) {
    this.#keys = keys;
  }

  /** The next piece, of at most `maxBytes`; `undefined` after the last. */
  next(maxBytes: number): Piece | undefined {
    const first = this.#keys[this.#at];
    if (first === undefined) return undefined;
    return first.length > maxBytes || this.#done > 0 ? this.#part(first, maxBytes) : this.#neighbours(first, maxBytes);
  }

  #part(key: ChunkKey, maxBytes: number): Piece {
    const start = key.offset + this.#done;
    const end = Math.min(start + maxBytes, key.offset + key.length);
    const head = this.#done === 0 ? messageHead([key]) : NO_HEAD;
    this.#done = end - key.offset;
    if (this.#done === key.length) {
      this.#at++;
      this.#done = 0;
    }
    return { object: key.object, version: key.objectVersion, start, end, messages: [[{ start, end, head }]] };
  }

  #neighbours(first: ChunkKey, maxBytes: number): Piece {
    const keys = [first];
    let end = first.offset + first.length;
    for (let key = this.#keys[++this.#at]; key !== undefined; key = this.#keys[++this.#at]) {
      const isNext =
        key.object === first.object &&
        key.objectVersion === first.objectVersion &&
        key.offset >= end &&
        key.offset - end <= MAX_GAP_BYTES &&
        key.offset + key.length - first.offset <= maxBytes;
      if (!isNext) break;
      keys.push(key);
      end = key.offset + key.length;
    }
    return { object: first.object, version: first.objectVersion, start: first.offset, end, messages: messagesOf(keys) };
  }
}

const NO_HEAD = new Uint8Array(0);

function messagesOf(keys: readonly ChunkKey[]): PieceChunk[][] {
  const messages: ChunkKey[][] = [];
  let size = 0;
  for (const key of keys) {
    const last = messages.at(-1);
    if (last === undefined || size + key.length > MESSAGE_BYTES) {
      messages.push([key]);
      size = key.length;
    } else {
      last.push(key);
      size += key.length;
    }
  }
  return messages.map((message) =>
    message.map((key, index) => ({
      start: key.offset,
      end: key.offset + key.length,
      head: index === 0 ? messageHead(message) : fieldHead(key.length),
    })),
  );
}

/** The head of a message with these chunks, and of the first of them. */
function messageHead(keys: readonly ChunkKey[]): Uint8Array {
  const first = fieldHead(keys[0]?.length ?? 0);
  const head = new Uint8Array(FRAME_HEAD_BYTES + first.length);
  writeFrameHead(
    head,
    0,
    0,
    keys.reduce((sum, { length }) => sum + fieldHead(length).length + length, 0),
  );
  head.set(first, FRAME_HEAD_BYTES);
  return head;
}

function fieldHead(length: number): Uint8Array {
  const head = [TAG_CHUNKS];
  let rest = length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) head.push((rest % 128) | 128);
  head.push(rest);
  return Uint8Array.from(head);
}
