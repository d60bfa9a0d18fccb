export { type ByteSource, openFileBytes } from "./byte-source.js";
export { useNativeLz4 } from "./native-lz4.js";
export { type ReadRrdOptions, readRrdFile } from "./read-rrd.js";
export { openRrdFile, type RrdFile, type RrdFileChunk } from "./rrd-file.js";
