/**
 * Jupyter messages as ZeroMQ frames: parse, verify, build, sign. Pure.
 *
 * Frames are `[identity…, "<IDS|MSG>", signature, header, parent header, metadata, content, buffer…]`. The signature is
 * HMAC-SHA256 in hexadecimal over the four JSON frames, not over the buffers; an empty key means unsigned.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { RerunError } from "../../core/index.js";

export type JsonObject = { readonly [key: string]: unknown };

export interface MessageHeader extends JsonObject {
  readonly msg_id: string;
  readonly msg_type: string;
}

export interface KernelMessage {
  /** ZeroMQ routing frames of the sender, or the topic of a broadcast. */
  readonly identities: readonly Uint8Array[];
  readonly header: MessageHeader;
  /** Header of the message this one belongs to; empty when there is none. */
  readonly parent: JsonObject;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

const DELIMITER: Uint8Array = new TextEncoder().encode("<IDS|MSG>");
const JSON_FRAMES = 4;
const decoder = new TextDecoder();

/** The header alone, without checking the signature; `undefined` when the frames hold no Jupyter message. */
export function peekHeader(frames: readonly Uint8Array[]): MessageHeader | undefined {
  const delimiter = frames.findIndex(isDelimiter);
  const frame = delimiter < 0 ? undefined : frames[delimiter + 2];
  if (frame === undefined) return undefined;
  try {
    return asHeader(parseJson(frame));
  } catch {
    return undefined; // whoever handles the message in full reports what is wrong with it
  }
}

/**
 * The message in `frames`, its signature checked against `key`. Buffers are views of the frames.
 *
 * @throws RerunError `InvalidData` when frames are missing, are not JSON objects or are signed with another key
 */
export function parseFrames(frames: readonly Uint8Array[], key: string): KernelMessage {
  const delimiter = frames.findIndex(isDelimiter);
  if (delimiter < 0) throw new RerunError("InvalidData", "A kernel message has no <IDS|MSG> frame.");
  const signed = frames.slice(delimiter + 2, delimiter + 2 + JSON_FRAMES);
  const signature = frames[delimiter + 1];
  if (signature === undefined || signed.length < JSON_FRAMES) {
    const count = frames.length - delimiter - 1;
    throw new RerunError("InvalidData", `A kernel message needs 5 frames after <IDS|MSG>, this one has ${count}.`);
  }
  if (key !== "" && !sameText(decoder.decode(signature), sign(signed, key))) {
    throw new RerunError("InvalidData", "A kernel message is signed with another key.");
  }
  const [header, parent, metadata, content] = signed.map(parseJson) as [JsonObject, JsonObject, JsonObject, JsonObject];
  return {
    identities: frames.slice(0, delimiter),
    header: asHeader(header),
    parent,
    metadata,
    content,
    buffers: frames.slice(delimiter + 2 + JSON_FRAMES),
  };
}

/** The signed frames of `message`. Buffers are passed on as they are, not copied. */
export function buildFrames(message: KernelMessage, key: string): Uint8Array[] {
  const signed = [message.header, message.parent, message.metadata, message.content].map((part) =>
    Buffer.from(JSON.stringify(part)),
  );
  const signature = Buffer.from(key === "" ? "" : sign(signed, key));
  return [...message.identities, DELIMITER, signature, ...signed, ...message.buffers];
}

function sign(frames: readonly Uint8Array[], key: string): string {
  const hash = createHmac("sha256", key);
  for (const frame of frames) hash.update(frame);
  return hash.digest("hex");
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function isDelimiter(frame: Uint8Array): boolean {
  return frame.length === DELIMITER.length && DELIMITER.every((byte, i) => frame[i] === byte);
}

function parseJson(frame: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(frame));
  } catch (cause) {
    throw new RerunError("InvalidData", "A frame of a kernel message is not JSON.", { cause });
  }
  if (!isJsonObject(value))
    throw new RerunError("InvalidData", `A frame of a kernel message is ${describe(value)}, not an object.`);
  return value;
}

/** Whether `value` is a plain JSON object (not null, not a list). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asHeader(value: JsonObject): MessageHeader {
  if (typeof value.msg_id !== "string" || typeof value.msg_type !== "string") {
    throw new RerunError("InvalidData", "The header of a kernel message needs msg_id and msg_type.");
  }
  return value as MessageHeader;
}

function describe(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
