import { asArray, asText } from "../chunk/index.js";
import { BlockReader, writeBlock } from "./block.js";
import type { SegmentInfo } from "./messages.js";

const MAGIC = 0x31475252;

/** The segments of a dataset as one block. */
export function encodeSegments(segments: readonly SegmentInfo[]): Uint8Array {
  return writeBlock(
    MAGIC,
    segments.map(({ id, name }) => (name === undefined ? [id] : [id, name])),
    [],
  );
}

/** @throws RerunError `InvalidData` */
export function decodeSegments(block: Uint8Array): SegmentInfo[] {
  return asArray(new BlockReader(block, MAGIC, "list of segments").header, "segments").map((entry) => {
    const [id, name] = asArray(entry, "segment");
    return { id: asText(id, "segment id"), ...(name !== undefined && { name: asText(name, "name") }) };
  });
}
