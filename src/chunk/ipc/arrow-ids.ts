/** Numbers of the Arrow IPC format (`Message.fbs`, `Schema.fbs`). */

export const METADATA_V5 = 4;

export const MESSAGE_SCHEMA = 1;
export const MESSAGE_DICTIONARY = 2;
export const MESSAGE_RECORD_BATCH = 3;

/** Numbers of the union `Type`. */
export const TYPE_NULL = 1;
export const TYPE_INT = 2;
export const TYPE_FLOAT = 3;
export const TYPE_BINARY = 4;
export const TYPE_UTF8 = 5;
export const TYPE_BOOL = 6;
export const TYPE_DECIMAL = 7;
export const TYPE_DATE = 8;
export const TYPE_TIME = 9;
export const TYPE_TIMESTAMP = 10;
export const TYPE_LIST = 12;
export const TYPE_STRUCT = 13;
export const TYPE_UNION = 14;
export const TYPE_FIXED_SIZE_BINARY = 15;
export const TYPE_FIXED_SIZE_LIST = 16;
export const TYPE_DURATION = 18;
export const TYPE_LARGE_BINARY = 19;
export const TYPE_LARGE_UTF8 = 20;
export const TYPE_LARGE_LIST = 21;

/** Names of all types, by number, for messages. */
export const TYPE_NAMES: readonly string[] = [
  "None",
  "Null",
  "Int",
  "FloatingPoint",
  "Binary",
  "Utf8",
  "Bool",
  "Decimal",
  "Date",
  "Time",
  "Timestamp",
  "Interval",
  "List",
  "Struct",
  "Union",
  "FixedSizeBinary",
  "FixedSizeList",
  "Map",
  "Duration",
  "LargeBinary",
  "LargeUtf8",
  "LargeList",
  "RunEndEncoded",
  "BinaryView",
  "Utf8View",
  "ListView",
  "LargeListView",
];

export const DATE_UNITS = ["day", "ms"] as const;
export const TIME_UNITS = ["s", "ms", "us", "ns"] as const;

/** What precedes a message: says that a length follows. */
export const CONTINUATION = 0xffffffff;
