import type { RrdEncoder } from "../../rrd/index.js";
import { SOURCE } from "../source.js";
import type { BlueprintMessage } from "./sink.js";

/** The bytes of a blueprint within a recording's file: its store, its chunks, what shall become of it. */
export function encodeBlueprint(encoder: RrdEncoder, message: BlueprintMessage): readonly Uint8Array[] {
  const { storeId, chunks, makeActive, makeDefault } = message;
  return [
    encoder.start({ storeId, source: SOURCE }),
    ...chunks.map((chunk) => encoder.chunk(storeId, chunk)),
    encoder.blueprintActivation(storeId, { makeActive, makeDefault }),
  ];
}
