import type { Chunk } from "../../src/chunk/index.js";
import { joinBytes } from "../../src/core/index.js";
import { RrdEncoder } from "../../src/rrd/index.js";

/** The bytes of a file with these chunks as one recording, or as one blueprint. */
export function recordingBytes(
  recordingId: string,
  chunks: readonly Chunk[],
  kind: "recording" | "blueprint" = "recording",
): Uint8Array {
  const encoder = new RrdEncoder();
  const storeId = { kind, applicationId: "test", recordingId } as const;
  const parts = [
    encoder.start({ storeId, source: "test" }),
    ...chunks.map((chunk) => encoder.chunk(storeId, chunk)),
    encoder.finish(),
  ];
  return joinBytes(parts);
}
