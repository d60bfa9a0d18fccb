export { type ArrayData, isValidAt, type TypedArray } from "./array-data.js";
export { type Clock, clockNanos, createClock } from "./clock.js";
export { COLORMAP_TURBO, colormapTable } from "./colormap.js";
export { classColor, entityColor, seriesColor, unpackColor } from "./colors.js";
export { type ComponentDescriptor, compareDescriptors } from "./component.js";
export {
  BINARY,
  BOOL,
  type DataType,
  dataTypeKey,
  type Field,
  FLOAT16,
  FLOAT32,
  FLOAT64,
  field,
  fixedSizeListOf,
  INT8,
  INT16,
  INT32,
  INT64,
  listOf,
  NULL,
  sameDataType,
  sameLayout,
  type TimeUnit,
  TUID_TYPE,
  timeBits,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UTF8,
  valuesPerElement,
} from "./data-type.js";
export {
  compareEntityPaths,
  escapeEntityPathPart,
  formatEntityPath,
  isAtOrBelow,
  lastPart,
  normalizeEntityPath,
  parentPath,
  parseEntityPath,
} from "./entity-path.js";
export { isRerunError, RerunError, type RerunErrorCode } from "./errors.js";
export { describeComponent, isNumbers } from "./format-component.js";
export { formatBytes, formatNumber, groupDigits, MINUS } from "./format-number.js";
export {
  formatDate,
  formatDuration,
  formatTime,
  formatTimeOfDay,
  formatTimestamp,
  fractionGroups,
} from "./format-time.js";
export { halfToNumber } from "./half-float.js";
export { joinBytes } from "./join-bytes.js";
export { getHost, type Host, type ImageEncoding, type RawImage, type RichValue, setHost } from "./ports.js";
export type { RecordingInfo } from "./recording-info.js";
export { type StoreId, type StoreKind, storeIdKey } from "./store-id.js";
export { isStrict, setStrict } from "./strict.js";
export { describe, type MutableTime, nanosFromSeconds, nanosFromTimestamp, readTime, type TimeSpec, timeOf } from "./time.js";
export { TIME_MAX, TIME_MIN, TIME_STATIC, type Timeline, type TimeRange, type TimeType } from "./timeline.js";
export {
  compareTuids,
  createTuidSource,
  incrementTuid,
  newTuid,
  newTuidHex,
  TUID_BYTES,
  type TuidSource,
  tuidFromHex,
  tuidToHex,
} from "./tuid.js";
export { newUuid, setUuidSource, type UuidSource, uuidBytes } from "./uuid.js";
export { type PlainValue, plainValues, valueAt } from "./value-at.js";
export { VERSION } from "./version.js";
export { printWarning, resetWarnings, type Warning, type WarningReporter, warnOnce } from "./warnings.js";
