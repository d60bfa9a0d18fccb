import { chunkToIpc } from "../../src/chunk/arrow.js";
import type { Chunk } from "../../src/chunk/index.js";
import { isRerunError, TIME_MAX, TIME_MIN } from "../../src/core/index.js";
import { locateRrdFooter, RrdStreamDecoder, readRrdFooter } from "../../src/rrd/index.js";
import { ChunkStore } from "../../src/store/index.js";

/**
 * Does with a file what a reader does: reads it in pieces, inserts its chunks, asks the store, writes chunks again, reads the
 * footer. Whatever is wrong must be told by an error of this package.
 *
 * @returns how many chunks were whole
 */
export function exerciseRrd(bytes: Uint8Array): number {
  const store = new ChunkStore({ warn: () => undefined });
  let numChunks = 0;
  guarded(() => {
    const decoder = new RrdStreamDecoder({ warn: () => undefined });
    const middle = bytes.length >>> 1;
    for (const piece of [bytes.subarray(0, middle), bytes.subarray(middle)]) {
      for (const message of decoder.push(piece)) {
        if (message.kind !== "chunk") continue;
        numChunks += 1;
        guarded(() => store.insert(message.chunk));
        guarded(() => chunkToIpc(message.chunk));
      }
    }
    decoder.finish();
  });
  for (const chunk of store.chunks()) ask(store, chunk);
  guarded(() => {
    const footer = locateRrdFooter(bytes.subarray(Math.max(0, bytes.length - 32)), bytes.length);
    if (footer !== undefined) readRrdFooter(bytes.subarray(footer.offset, footer.offset + footer.length), footer);
  });
  return numChunks;
}

function ask(store: ChunkStore, chunk: Chunk): void {
  for (const component of chunk.components.keys()) {
    for (const timeline of chunk.timelines.keys()) {
      const query = { entityPath: chunk.entityPath, component, timeline };
      store.latestAt({ ...query, at: TIME_MAX });
      store.range({ ...query, range: { min: TIME_MIN, max: TIME_MAX } });
    }
  }
}

function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!isRerunError(error)) throw error;
  }
}

/** The largest piece of memory that typed arrays ask for while `run` runs, in bytes. */
export function largestAllocation(run: () => void): number {
  let largest = 0;
  const names = [
    "ArrayBuffer",
    "Uint8Array",
    "Int8Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float64Array",
    "BigInt64Array",
  ] as const;
  const originals = names.map((name) => globalThis[name]);
  names.forEach((name, i) => {
    const original = originals[i] as unknown as { new (...args: never[]): object; BYTES_PER_ELEMENT?: number };
    (globalThis as unknown as Record<string, unknown>)[name] = new Proxy(original, {
      construct(target, args: never[], newTarget) {
        const [length] = args as readonly unknown[];
        if (typeof length === "number") largest = Math.max(largest, length * (original.BYTES_PER_ELEMENT ?? 1));
        return Reflect.construct(target, args, newTarget === globalThis[name] ? target : newTarget);
      },
    });
  });
  try {
    run();
  } finally {
    names.forEach((name, i) => {
      (globalThis as unknown as Record<string, unknown>)[name] = originals[i];
    });
  }
  return largest;
}
