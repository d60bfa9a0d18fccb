import { isRerunError } from "../core/index.js";
import { type Envelope, MAX_PART_BYTES, type Reply } from "./messages.js";

/** The parts of a reply, each made when it is asked for; a promise while what they are made of is on its way. */
export type Answer = Iterable<Envelope<Reply>> | Promise<Iterable<Envelope<Reply>>>;

/** What a reply part carries besides its numbering. */
export interface Part {
  readonly content?: Pick<Reply, "hello" | "missing" | "error">;
  readonly buffer?: Uint8Array;
}

let lastAnswer = 0;

/** The reply to request `id` with these parts, numbered. What `make` throws, or a part does, is said in the reply. */
export function answerWith(id: number, make: () => Iterable<Part> | Promise<Iterable<Part>>): Answer {
  lastAnswer += 1;
  const base = { kind: "reply", id, answer: lastAnswer } as const;
  try {
    const parts = make();
    if (!(parts instanceof Promise)) return number(base, parts);
    return parts.then(
      (ready) => number(base, ready),
      (error: unknown) => number(base, [fault(error)]),
    );
  } catch (error) {
    return number(base, [fault(error)]);
  }
}

/** What is made of a value, at once or as soon as it is there. */
export function whenReady<T, U>(value: T | Promise<T>, make: (value: T) => U): U | Promise<U> {
  return value instanceof Promise ? value.then(make) : make(value);
}

/** A block of bytes as parts that are not too large. */
export function* cut(block: Uint8Array): Generator<Part> {
  for (let at = 0; at < block.length; at += MAX_PART_BYTES) yield { buffer: block.subarray(at, at + MAX_PART_BYTES) };
}

function* number(base: Pick<Reply, "kind" | "id" | "answer">, parts: Iterable<Part>): Generator<Envelope<Reply>> {
  let seq = 0;
  let waiting: Part | undefined;
  for (const part of safe(parts)) {
    if (waiting !== undefined) {
      yield envelope({ ...base, seq, last: false, ...waiting.content }, waiting.buffer);
      seq += 1;
    }
    waiting = part;
  }
  yield envelope({ ...base, seq, last: true, ...waiting?.content }, waiting?.buffer);
}

function* safe(parts: Iterable<Part>): Generator<Part> {
  try {
    yield* parts;
  } catch (error) {
    yield fault(error);
  }
}

function fault(error: unknown): Part {
  const code = isRerunError(error) ? error.code : "InvalidData";
  return { content: { error: { code, message: error instanceof Error ? error.message : String(error) } } };
}

function envelope(content: Reply, buffer: Uint8Array | undefined): Envelope<Reply> {
  return { content, buffers: buffer === undefined ? [] : [buffer] };
}
