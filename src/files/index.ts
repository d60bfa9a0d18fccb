export { type ByteSource, openFileBytes } from "./byte-source.js";
export { Cut, type RetryOptions, readBody, requestPart, strongTag, totalOf, withRetries } from "./http-request.js";
export { useNativeLz4 } from "./native-lz4.js";
export { type ReadRrdOptions, readRrdFile } from "./read-rrd.js";
export { replaceFile, replaceFileSync } from "./replace-file.js";
export { openRrdFile, type RrdFile, type RrdFileChunk } from "./rrd-file.js";
