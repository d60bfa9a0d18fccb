import { RerunError } from "../../core/index.js";

/** A box of an mp4 file: a type of four letters, and where its body lies. */
export interface Mp4Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const HEADER_BYTES = 8;

/** @throws RerunError `CorruptFile` */
export function corruptVideo(reason: string): never {
  throw new RerunError("CorruptFile", `the frames of the video cannot be read: ${reason}`);
}

/**
 * The boxes between `start` and `end`, one after the other. One that is cut off by the end of the file is the last.
 *
 * @throws RerunError `CorruptFile` for a box that is smaller than its header, or larger than what it lies in
 */
export function* boxesIn(view: DataView, start: number, end: number): Iterable<Mp4Box> {
  for (let at = start; at + HEADER_BYTES <= end; ) {
    const type = String.fromCharCode(...[4, 5, 6, 7].map((offset) => view.getUint8(at + offset)));
    let size = view.getUint32(at);
    let header = HEADER_BYTES;
    if (size === 0) {
      size = end - at;
    } else if (size === 1) {
      header = 16;
      size = at + header <= end ? Number(view.getBigUint64(at + 8)) : 0;
    }
    if (size < header) corruptVideo(`the box "${type}" has ${size} bytes`);
    const isCut = at + size > end;
    // Only the pictures may be cut off: the tables come from boxes that are whole.
    if (isCut && type !== "mdat") corruptVideo(`the box "${type}" ends behind what it lies in`);
    yield { type, start: at + header, end: Math.min(at + size, end) };
    at += size;
  }
}

/** The first box of that type in `parent`. */
export function boxIn(view: DataView, parent: Mp4Box, type: string): Mp4Box | undefined {
  for (const box of boxesIn(view, parent.start, parent.end)) if (box.type === type) return box;
  return undefined;
}

/** Reads numbers of a box, one after the other. */
export class Mp4Reader {
  readonly #view: DataView;
  readonly #box: Mp4Box;
  #at: number;

  constructor(view: DataView, box: Mp4Box) {
    this.#view = view;
    this.#box = box;
    this.#at = box.start;
  }

  skip(numBytes: number): void {
    this.#take(numBytes);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  uint64(): number {
    return Number(this.#view.getBigUint64(this.#take(8)));
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#box.end - this.#at;
  }

  #take(numBytes: number): number {
    const at = this.#at;
    if (at + numBytes > this.#box.end) corruptVideo(`the box "${this.#box.type}" is too small for what it says`);
    this.#at = at + numBytes;
    return at;
  }
}
