/** Whether bit `index` is set; bits count from the least significant one of each byte. */
export function bitAt(bits: Uint8Array, index: number): boolean {
  return (bits[index >> 3]! & (1 << (index & 7))) !== 0;
}

/** Copies `count` bits. Target bits outside are kept. */
export function copyBits(source: Uint8Array, sourceStart: number, target: Uint8Array, targetStart: number, count: number): void {
  let done = 0;
  if (((sourceStart | targetStart) & 7) === 0) {
    const bytes = count >> 3;
    target.set(source.subarray(sourceStart >> 3, (sourceStart >> 3) + bytes), targetStart >> 3);
    done = bytes << 3;
  }
  for (; done < count; done++) {
    const at = targetStart + done;
    const mask = 1 << (at & 7);
    if (bitAt(source, sourceStart + done)) target[at >> 3] = target[at >> 3]! | mask;
    else target[at >> 3] = target[at >> 3]! & ~mask;
  }
}

/** Sets `count` bits to 1. */
export function setBits(target: Uint8Array, start: number, count: number): void {
  for (let at = start; at < start + count; at++) target[at >> 3] = target[at >> 3]! | (1 << (at & 7));
}

/** How many of the `count` bits from `start` are 0. */
export function countUnsetBits(bits: Uint8Array, start: number, count: number): number {
  let set = 0;
  for (let at = start; at < start + count; ) {
    if ((at & 7) === 0 && at + 8 <= start + count) {
      let byte = bits[at >> 3]!;
      for (; byte !== 0; byte &= byte - 1) set += 1;
      at += 8;
    } else {
      if (bitAt(bits, at)) set += 1;
      at += 1;
    }
  }
  return count - set;
}

/** The bits `start … start + count - 1` as bits from 0: a view when they begin at a byte, else a copy. */
export function sliceBits(bits: Uint8Array, start: number, count: number): Uint8Array {
  const numBytes = (count + 7) >> 3;
  if ((start & 7) === 0) return bits.subarray(start >> 3, (start >> 3) + numBytes);
  const copy = new Uint8Array(numBytes);
  copyBits(bits, start, copy, 0, count);
  return copy;
}

/** Index of the last set bit in `0 … end - 1`, or -1. Skips empty bytes at once. */
export function lastSetBit(bits: Uint8Array, end: number): number {
  let at = end - 1;
  while (at >= 0) {
    if ((at & 7) === 7 && bits[at >> 3] === 0) {
      at -= 8;
      continue;
    }
    if (bitAt(bits, at)) return at;
    at -= 1;
  }
  return -1;
}
