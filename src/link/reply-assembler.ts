import { type Chunk, decodeChunk } from "../chunk/index.js";
import { joinBytes, RerunError } from "../core/index.js";
import type { Reply } from "./messages.js";
import { unpackPieces } from "./piece-codec.js";

/** Collects the parts of a reply until it is complete. Parts may come twice, in any order, and from several answers. */
export interface ReplyAssembler<T> {
  /** Takes a part in. @returns the whole once nothing is missing */
  add(reply: Reply, buffers: readonly Uint8Array[]): T | undefined;
}

interface Answer {
  readonly parts: Map<number, { readonly reply: Reply; readonly buffers: readonly Uint8Array[] }>;
  numParts: number | undefined;
}

/** For replies that are one block: gives the reply's first part and its bytes, joined in order. */
export class BlockAssembler<T> implements ReplyAssembler<T> {
  readonly #finish: (reply: Reply, block: Uint8Array) => T;
  readonly #answers: Map<number | undefined, Answer> = new Map();

  constructor(finish: (reply: Reply, block: Uint8Array) => T) {
    this.#finish = finish;
  }

  add(reply: Reply, buffers: readonly Uint8Array[]): T | undefined {
    let answer = this.#answers.get(reply.answer);
    if (answer === undefined) {
      answer = { parts: new Map(), numParts: undefined };
      this.#answers.set(reply.answer, answer);
    }
    answer.parts.set(reply.seq, { reply, buffers });
    if (reply.last) answer.numParts = reply.seq + 1;
    if (answer.parts.size !== answer.numParts) return undefined;
    const parts = [...answer.parts.values()].sort((a, b) => a.reply.seq - b.reply.seq);
    return this.#finish(parts[0]?.reply ?? reply, joinBytes(parts.flatMap((part) => part.buffers)));
  }
}

/** Chunks that came, and ids of those that do not exist any more. */
export interface FetchedChunks {
  readonly chunks: readonly Chunk[];
  readonly missing: readonly string[];
}

interface Body {
  readonly bytes: Uint8Array;
  readonly offsets: Set<number>;
  received: number;
}

/** Bodies up to this size are copied out of their buffer, so that one of them does not keep all its neighbours in memory. */
const COPY_BELOW_BYTES = 128 * 1024;

/** Puts chunks together from pieces. A piece says itself where it belongs, so those of all answers are used. */
export class ChunkAssembler implements ReplyAssembler<FetchedChunks> {
  readonly #waiting: Set<string>;
  readonly #chunks: Map<string, Chunk> = new Map();
  readonly #missing: Set<string> = new Set();
  readonly #bodies: Map<string, Body> = new Map();
  readonly #onChunk: ((chunk: Chunk) => void) | undefined;

  constructor(chunkIds: readonly string[], onChunk?: (chunk: Chunk) => void) {
    this.#waiting = new Set(chunkIds);
    this.#onChunk = onChunk;
  }

  /** What is still to come, to be asked for again. */
  get waiting(): readonly string[] {
    return [...this.#waiting];
  }

  add(reply: Reply, buffers: readonly Uint8Array[]): FetchedChunks | undefined {
    for (const id of reply.missing ?? []) {
      if (!this.#waiting.delete(id)) continue;
      this.#bodies.delete(id);
      this.#missing.add(id);
    }
    for (const buffer of buffers) {
      for (const { chunkId, offset, total, bytes } of unpackPieces(buffer)) {
        if (!this.#waiting.has(chunkId)) continue;
        if (bytes.length === total) this.#finish(chunkId, total <= COPY_BELOW_BYTES ? bytes.slice() : bytes);
        else this.#addPiece(chunkId, offset, total, bytes);
      }
    }
    if (this.#waiting.size > 0) return undefined;
    return { chunks: [...this.#chunks.values()], missing: [...this.#missing] };
  }

  #addPiece(chunkId: string, offset: number, total: number, bytes: Uint8Array): void {
    let body = this.#bodies.get(chunkId);
    if (body === undefined) {
      body = { bytes: new Uint8Array(total), offsets: new Set(), received: 0 };
      this.#bodies.set(chunkId, body);
    }
    if (body.bytes.length !== total)
      throw new RerunError("InvalidData", `A chunk of ${body.bytes.length} bytes now has ${total}`);
    if (body.offsets.has(offset)) return;
    body.offsets.add(offset);
    body.bytes.set(bytes, offset);
    body.received += bytes.length;
    if (body.received === total) this.#finish(chunkId, body.bytes);
  }

  #finish(chunkId: string, body: Uint8Array): void {
    const chunk = decodeChunk(body);
    if (chunk.id !== chunkId) throw new RerunError("InvalidData", `Asked for chunk ${chunkId}, got ${chunk.id}`);
    this.#waiting.delete(chunkId);
    this.#bodies.delete(chunkId);
    this.#chunks.set(chunkId, chunk);
    this.#onChunk?.(chunk);
  }
}
