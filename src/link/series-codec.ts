import { asBoolean, asCount, asRecord } from "../chunk/index.js";
import { BlockReader, writeBlock } from "./block.js";
import type { SeriesReply } from "./messages.js";

const MAGIC = 0x31535252;

/** The reply as one block; `max` travels only when it differs from `min`. */
export function encodeSeries(reply: SeriesReply): Uint8Array {
  const { times, min, max, numPoints, isReduced, numInstances = 1 } = reply;
  const header = { count: times.length, numPoints, isReduced, numInstances };
  return writeBlock(MAGIC, header, isReduced ? [times, min, max] : [times, min]);
}

/** The reply in `block`, as views of it. @throws RerunError `InvalidData` */
export function decodeSeries(block: Uint8Array): SeriesReply {
  const reader = new BlockReader(block, MAGIC, "series");
  const header = asRecord(reader.header, "series header");
  const count = asCount(header.count, "number of points");
  const isReduced = asBoolean(header.isReduced, "flag");
  const times = reader.int64(count);
  const min = reader.float64(count);
  return {
    times,
    min,
    max: isReduced ? reader.float64(count) : min,
    numPoints: asCount(header.numPoints, "number of points"),
    isReduced,
    numInstances: asCount(header.numInstances, "number of instances"),
  };
}
