import type { Chunk } from "../chunk/index.js";

/**
 * Why a chunk left the store.
 * - `compacted`: its rows live on in a chunk of the same event
 * - `overwritten`: newer static data took the place of all of its components
 * - `collected`: the garbage collection needed its memory
 */
export type RemovalReason = "compacted" | "overwritten" | "collected";

/** What one insertion or collection changed, all at once. `revision` is the store's from then on. */
export interface StoreEvent {
  readonly revision: number;
  /** The chunk that came, before it was sorted, cut and joined; absent after a collection. */
  readonly inserted?: Chunk;
  readonly added: readonly Chunk[];
  readonly removed: readonly { readonly chunk: Chunk; readonly reason: RemovalReason }[];
}

/** Called after the change, within the call that made it. */
export type StoreListener = (event: StoreEvent) => void;
