import type { Chunk } from "../../chunk/index.js";
import { type StoreId, storeIdKey } from "../../core/index.js";
import type { RrdMessage } from "../../rrd/index.js";
import type { StoreMessage } from "../sinks/sink.js";

/** Where the messages of a recording's file go. */
export interface MessageTarget {
  /** The recording that the target is itself. */
  readonly storeId: StoreId;
  sendChunks(chunks: Iterable<Chunk>): void;
  /** Takes some of the chunks of another store. May be called several times for one. */
  sendStore(message: StoreMessage): void;
}

/** Chunks of one store that wait to be sent together. */
interface Waiting {
  readonly storeId: StoreId;
  chunks: Chunk[];
  sizeBytes: number;
}

const MAX_WAITING_BYTES = 16 << 20;

/**
 * Sends what a file holds: chunks of the target's own recording as its own, other recordings and blueprints under their own
 * names. Memory is bounded but for blueprints, which are sent when they are whole.
 */
export async function forwardMessages(
  target: MessageTarget,
  messages: AsyncIterable<RrdMessage> | Iterable<RrdMessage>,
): Promise<void> {
  const own = storeIdKey(target.storeId);
  const waiting = new Map<string, Waiting>();
  const send = (key: string, makeActive: boolean, makeDefault: boolean): void => {
    const store = waiting.get(key);
    waiting.delete(key);
    if (store !== undefined) target.sendStore({ storeId: store.storeId, chunks: store.chunks, makeActive, makeDefault });
  };
  for await (const message of messages) {
    if (message.kind === "blueprintActivation") {
      send(storeIdKey(message.blueprintId), message.makeActive, message.makeDefault);
    } else if (message.kind === "chunk") {
      const { storeId, chunk } = message;
      const key = storeIdKey(storeId);
      if (key === own) {
        target.sendChunks([chunk]);
        continue;
      }
      const store = waiting.get(key) ?? { storeId, chunks: [], sizeBytes: 0 };
      waiting.set(key, store);
      store.chunks.push(chunk);
      store.sizeBytes += chunk.sizeBytes;
      if (storeId.kind === "recording" && store.sizeBytes >= MAX_WAITING_BYTES) send(key, false, false);
    }
  }
  for (const key of [...waiting.keys()]) send(key, false, false);
}
