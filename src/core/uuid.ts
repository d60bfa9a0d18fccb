/** Where ids of the parts of blueprints come from. */
export interface UuidSource {
  /** A new id: 36 characters, lower case, with dashes. */
  next(): string;
}

/** Random ids. */
const RANDOM: UuidSource = { next: () => globalThis.crypto.randomUUID() };

let source: UuidSource = RANDOM;

/**
 * Has ids come from another source: for tests, which want the same ones every time. `undefined`: random ids again.
 *
 * @returns the source before
 */
export function setUuidSource(value: UuidSource | undefined): UuidSource {
  const before = source;
  source = value ?? RANDOM;
  return before;
}

/** A new id from the current source. */
export function newUuid(): string {
  return source.next();
}

/** The 16 bytes of an id. */
export function uuidBytes(uuid: string): Uint8Array {
  const digits = uuid.replaceAll("-", "");
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
