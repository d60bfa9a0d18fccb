import type { WarningReporter } from "../core/index.js";

const MASK = 0xffffffffffffffffn;
const PRIME1 = 0x9e3779b185ebca87n;
const PRIME2 = 0xc2b2ae3d27d4eb4fn;
const PRIME3 = 0x165667b19e3779f9n;
const PRIME4 = 0x85ebca77c2b2ae63n;
const PRIME5 = 0x27d4eb2f165667c5n;

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

function round(accumulator: bigint, lane: bigint): bigint {
  return (rotate((accumulator + lane * PRIME2) & MASK, 31n) * PRIME1) & MASK;
}

/** xxHash, 64 bits, seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). For short texts: it uses bigints. */
export function xxh64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let hash = PRIME5;
  if (bytes.length >= 32) {
    let lanes = [(PRIME1 + PRIME2) & MASK, PRIME2, 0n, (0n - PRIME1) & MASK];
    for (; at + 32 <= bytes.length; at += 32) lanes = lanes.map((lane, i) => round(lane, view.getBigUint64(at + 8 * i, true)));
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
    hash = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & MASK;
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * PRIME1 + PRIME4) & MASK;
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * PRIME1 + PRIME4) & MASK;
  }
  if (at + 4 <= bytes.length) {
    hash = (rotate(hash ^ ((BigInt(view.getUint32(at, true)) * PRIME1) & MASK), 23n) * PRIME2 + PRIME3) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at++) hash = (rotate(hash ^ ((BigInt(view.getUint8(at)) * PRIME5) & MASK), 11n) * PRIME1) & MASK;
  hash = ((hash ^ (hash >> 33n)) * PRIME2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * PRIME3) & MASK;
  return hash ^ (hash >> 32n);
}

/** What a catalog allows as the name of an entry. */
const ENTRY_NAME = /^[A-Za-z0-9_:[\] -]{0,180}$/;
const MAX_KEPT = 176;

/**
 * The application id as it can name an entry of a catalog: characters that cannot stand there become `-`, what is too long is
 * cut, and four digits of a hash keep different originals apart. Ids that need no change come back as they are.
 */
export function normalizeApplicationId(id: string, warn: WarningReporter): string {
  if (ENTRY_NAME.test(id)) return id;
  const hash = xxh64(new TextEncoder().encode(id)) & 0xffffn;
  const kept = id.replace(/[^A-Za-z0-9_:[\] -]/gu, "-").slice(0, MAX_KEPT);
  const migrated = kept + hash.toString(16).padStart(4, "0");
  warn({
    code: "InvalidArgument",
    message: `init: applicationId: expected at most 180 letters, digits, spaces and _:[]-, got "${id}": using "${migrated}"`,
  });
  return migrated;
}
