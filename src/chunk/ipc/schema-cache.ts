import type { Warning } from "../../core/index.js";
import type { ChunkNames, ColumnRoles } from "./chunk-columns.js";
import { decodeText } from "./flat-reader.js";
import type { WireField } from "./schema-decode.js";

/** What the schema message of a chunk says, but for its id and entity path. */
export interface ChunkLayout {
  readonly fields: readonly WireField[];
  readonly roles: ColumnRoles;
  readonly warnings: readonly Warning[];
  /** Whether entity paths are to be moved: see `movedEntityPath`. */
  readonly movesProperties: boolean;
}

interface Entry {
  readonly bytes: Uint8Array;
  readonly layout: ChunkLayout;
  /** Where id and path lie, the lower one first: start and end. */
  readonly holes: readonly [number, number, number, number];
  readonly isIdFirst: boolean;
}

const MAX_LENGTHS = 256;
const MAX_PER_LENGTH = 8;

/**
 * Remembers schema messages. The chunks of one writer differ in nothing but id and entity path, so a message that equals a
 * known one everywhere else needs no parsing. That is most of the cost of a small chunk, and makes equal types one object.
 */
export class SchemaCache {
  readonly #entries = new Map<number, Entry[]>();

  find(message: Uint8Array): { readonly layout: ChunkLayout; readonly names: ChunkNames } | undefined {
    for (const entry of this.#entries.get(message.length) ?? []) {
      const [a, b, c, d] = entry.holes;
      const known = entry.bytes;
      if (!isEqual(message, known, 0, a) || !isEqual(message, known, b, c) || !isEqual(message, known, d, known.length)) continue;
      const first = decodeText(message, a, b - a);
      const second = decodeText(message, c, d - c);
      const names = entry.isIdFirst ? { id: first, entityPath: second } : { id: second, entityPath: first };
      return { layout: entry.layout, names };
    }
    return undefined;
  }

  /** @param idAt position of the length of the id's text in `message`; `pathAt` that of the entity path's */
  add(message: Uint8Array, layout: ChunkLayout, idAt: number, pathAt: number): void {
    const isIdFirst = idAt < pathAt;
    const [a, b] = textRange(message, Math.min(idAt, pathAt));
    const [c, d] = textRange(message, Math.max(idAt, pathAt));
    if (b > c) return;
    if (this.#entries.size >= MAX_LENGTHS) this.#entries.clear();
    const entries = this.#entries.get(message.length) ?? [];
    if (entries.length >= MAX_PER_LENGTH) entries.shift();
    entries.push({ bytes: new Uint8Array(message), layout, holes: [a, b, c, d], isIdFirst });
    this.#entries.set(message.length, entries);
  }
}

function textRange(message: Uint8Array, at: number): [number, number] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  return [at + 4, at + 4 + view.getUint32(at, true)];
}

function isEqual(a: Uint8Array, b: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (a[i] !== b[i]) return false;
  return true;
}
