import type { RrdEncoder } from "../../rrd/index.js";
import { SOURCE } from "../source.js";
import type { StoreMessage } from "./sink.js";

/** The bytes of another store within a recording's file: its chunks, and of a blueprint what shall become of it. */
export function encodeStore(encoder: RrdEncoder, message: StoreMessage): readonly Uint8Array[] {
  const { storeId, chunks, makeActive, makeDefault } = message;
  return [
    encoder.start({ storeId, source: SOURCE }),
    ...chunks.map((chunk) => encoder.chunk(storeId, chunk)),
    ...(storeId.kind === "blueprint" ? [encoder.blueprintActivation(storeId, { makeActive, makeDefault })] : []),
  ];
}
