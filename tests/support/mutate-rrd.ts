import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  arrowMsgSize,
  Compression,
  RrdFooterSchema,
  type RrdManifestMessage,
  readArrowMsg,
  writeArrowMsg,
} from "../../src/protos/index.js";
import { streamFooter } from "../../src/rrd/frames.js";
import {
  FRAME_HEADER_BYTES,
  KIND_ARROW_MSG,
  lz4Compress,
  lz4Decompress,
  readFrameHeader,
  STREAM_HEADER_BYTES,
} from "../../src/rrd/index.js";

/** Small numbers that repeat for one seed: xorshift32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1;
    for (let i = 0; i < 4; i++) this.below(2);
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

interface Frame {
  readonly kind: number | undefined;
  readonly start: number;
  readonly end: number;
}

function framesOf(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  for (let at = STREAM_HEADER_BYTES; at + FRAME_HEADER_BYTES <= bytes.length; ) {
    const { kind, length } = readFrameHeader(bytes.subarray(at, at + FRAME_HEADER_BYTES));
    if (kind === undefined || length === undefined) break;
    frames.push({ kind, start: at + FRAME_HEADER_BYTES, end: at + FRAME_HEADER_BYTES + length });
    at += FRAME_HEADER_BYTES + length;
    if (kind === 0) break;
  }
  return frames;
}

/** `bytes` with the payload of a frame replaced, and its length made right. */
function withPayload(bytes: Uint8Array, frame: Frame, payload: Uint8Array): Uint8Array {
  const out = Buffer.concat([bytes.subarray(0, frame.start), payload, bytes.subarray(frame.end)]);
  out.writeBigUInt64LE(BigInt(payload.length), frame.start - 8);
  return new Uint8Array(out);
}

const NUMBERS = [0, 1, 2, 7, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

/** A few bits, bytes or numbers changed, a piece cut out, repeated or moved. */
function scramble(source: Uint8Array, random: Random): Uint8Array {
  const bytes = new Uint8Array(source);
  if (bytes.length < 8) return bytes;
  const view = new DataView(bytes.buffer);
  const changes = 1 + random.below(4);
  for (let i = 0; i < changes; i++) {
    const at = random.below(bytes.length - 4);
    switch (random.below(4)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        bytes[at] = random.pick([0, 0xff, 0x80, random.below(256)]);
        break;
      case 2:
        view.setUint32(at & ~3, random.pick(NUMBERS), true);
        break;
      default:
        view.setUint32(at, view.getUint32(at, true) + random.pick([1, -1, 4, -4, 8, 1 << 16, 1 << 24]), true);
    }
  }
  if (random.below(8) > 0) return bytes;
  const [a, b] = [random.below(bytes.length), random.below(bytes.length)];
  const [start, end] = [Math.min(a, b), Math.max(a, b)];
  const parts = random.pick([
    [bytes.subarray(0, start), bytes.subarray(end)],
    [bytes.subarray(0, end), bytes.subarray(start)],
    [bytes.subarray(0, start), bytes.subarray(start, end).slice().reverse(), bytes.subarray(end)],
  ]);
  return new Uint8Array(Buffer.concat(parts));
}

export const MUTATIONS = ["bits", "lengths", "cuts", "protobuf", "ipc", "lz4", "footer", "manifest"] as const;
export type Mutation = (typeof MUTATIONS)[number];

/** A recording damaged in one way, the same for the same seed. Damage inside is wrapped so that what surrounds it is right. */
export function mutateRrd(original: Uint8Array, mutation: Mutation, random: Random): Uint8Array {
  const frames = framesOf(original);
  const chunks = frames.filter(({ kind }) => kind === KIND_ARROW_MSG);
  const frame = chunks.length > 0 ? random.pick(chunks) : undefined;
  switch (mutation) {
    case "bits":
      return scramble(original, random);
    case "lengths": {
      const bytes = original.slice();
      const target = random.pick(frames);
      if (target === undefined) return bytes;
      const { start, end } = target;
      const length = random.pick([...NUMBERS, end - start - 1, end - start + 1, bytes.length, bytes.length - start]);
      new DataView(bytes.buffer).setUint32(start - random.pick([8, 8, 8, 4, 16, 12]), length, true);
      return bytes;
    }
    case "cuts": {
      const at = random.below(original.length + 1);
      const rest = random.pick([0, 1, 32, original.length - at, random.below(original.length + 1)]);
      return new Uint8Array(Buffer.concat([original.subarray(0, at), original.subarray(original.length - rest)]));
    }
    case "protobuf": {
      const target = random.pick(frames);
      if (target === undefined) return original;
      const head = original.slice(target.start, Math.min(target.end, target.start + 200));
      const payload = Buffer.concat([scramble(head, random), original.subarray(target.start + head.length, target.end)]);
      return withPayload(original, target, payload);
    }
    case "ipc":
    case "lz4":
      return frame === undefined ? original : withPayload(original, frame, damagedChunk(original, frame, mutation, random));
    case "footer":
    case "manifest":
      return withDamagedFooter(original, frames, mutation, random);
  }
}

function damagedChunk(bytes: Uint8Array, { start, end }: Frame, mutation: "ipc" | "lz4", random: Random): Uint8Array {
  const message = readArrowMsg(bytes.subarray(start, end));
  const isCompressed = message.compression === Compression.LZ4;
  let payload = new Uint8Array(message.payload);
  let uncompressedSize = message.uncompressedSize;
  if (mutation === "ipc") {
    const ipc = scramble(isCompressed ? lz4Decompress(message.payload, message.uncompressedSize) : message.payload, random);
    payload = isCompressed ? new Uint8Array(lz4Compress(ipc)) : new Uint8Array(ipc);
    uncompressedSize = ipc.length;
  } else {
    payload = new Uint8Array(scramble(isCompressed ? message.payload : lz4Compress(message.payload), random));
    if (random.below(3) === 0) uncompressedSize = random.pick([...NUMBERS, uncompressedSize + 1, payload.length * 255]);
  }
  const head = {
    storeId: message.storeId ?? new Uint8Array(0),
    compression: isCompressed || mutation === "lz4" ? Compression.LZ4 : Compression.NONE,
    uncompressedSize,
    chunkId: "1".padStart(32, "0"),
    isStatic: false,
  };
  const out = new Uint8Array(arrowMsgSize(head, payload.length));
  out.set(payload, writeArrowMsg(head, payload.length, out, 0));
  return out;
}

function withDamagedFooter(
  original: Uint8Array,
  frames: readonly Frame[],
  mutation: "footer" | "manifest",
  random: Random,
): Uint8Array {
  const last = frames[frames.length - 1];
  if (last === undefined || last.kind !== 0 || last.end === last.start) return scramble(original, random);
  const payload = original.subarray(last.start, last.end);
  const damaged =
    mutation === "footer"
      ? scramble(payload, random)
      : withDamagedManifest(fromBinary(RrdFooterSchema, payload).manifests, random);
  const bytes = withPayload(original.subarray(0, last.end), last, damaged);
  // With the right checksum: nobody looks further otherwise.
  return new Uint8Array(Buffer.concat([bytes, streamFooter(damaged, last.start)]));
}

function withDamagedManifest(manifests: RrdManifestMessage[], random: Random): Uint8Array {
  const data = random.pick(manifests).data;
  if (data?.payload !== undefined) {
    const size = Number(data.uncompressedSize ?? 0);
    const table = data.compression === Compression.LZ4 ? lz4Decompress(data.payload, size) : data.payload;
    const damaged = scramble(table, random);
    data.payload = damaged;
    data.compression = Compression.NONE;
    data.uncompressedSize = BigInt(damaged.length);
  }
  return toBinary(RrdFooterSchema, create(RrdFooterSchema, { manifests }));
}
