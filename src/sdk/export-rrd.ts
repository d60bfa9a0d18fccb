import { open } from "node:fs/promises";
import type { Chunk } from "../chunk/index.js";
import { RerunError, type StoreId } from "../core/index.js";
import { replaceFile } from "../files/index.js";
import { RrdEncoder } from "../rrd/index.js";
import { encodeStore } from "./sinks/encode-store.js";
import { reasonOf } from "./sinks/output-file.js";
import type { StoreMessage } from "./sinks/sink.js";
import type { StoreSink } from "./sinks/store-sink.js";
import { SOURCE } from "./source.js";

/**
 * Writes a complete `.rrd` file. It appears at `path` when it is whole: what was there before stays until then.
 *
 * @throws RerunError `SinkFailed`
 */
export async function writeRrd(
  path: string,
  storeId: StoreId,
  chunks: Iterable<Chunk>,
  blueprints: readonly StoreMessage[] = [],
): Promise<void> {
  // The store may change while we write: what it holds now is what is written.
  const held = [...chunks];
  try {
    await replaceFile(path, async (temporary) => {
      const file = await open(temporary, "wx");
      try {
        const encoder = new RrdEncoder();
        await file.writeFile(encoder.start({ storeId, source: SOURCE }));
        for (const message of blueprints) for (const bytes of encodeStore(encoder, message)) await file.writeFile(bytes);
        for (const chunk of held) await file.writeFile(encoder.chunk(storeId, chunk));
        await file.writeFile(encoder.finish());
      } finally {
        await file.close();
      }
    });
  } catch (cause) {
    throw new RerunError("SinkFailed", `exportRrd: the file cannot be written: ${reasonOf(cause)}: ${path}`, { cause });
  }
}

/** @throws RerunError `IncompleteRecording` when something was evicted, or has gone to a sink and is no longer held */
export function checkComplete({ numEvicted, wasTaken }: StoreSink): void {
  if (wasTaken) {
    throw new RerunError(
      "IncompleteRecording",
      "exportRrd: outside a notebook a recording with a sink keeps nothing in memory: use save, or export before the first sink",
    );
  }
  if (numEvicted > 0) {
    throw new RerunError(
      "IncompleteRecording",
      `exportRrd: ${numEvicted} chunks were dropped at the memoryLimit: use save from the start, a greater memoryLimit, or { allowPartial: true }`,
    );
  }
}
