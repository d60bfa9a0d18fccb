/** Which type of DuckDB stands for which of Arrow. */
import type { DuckDBType } from "@duckdb/node-api";
import {
  BINARY,
  BOOL,
  type DataType,
  FLOAT32,
  FLOAT64,
  field,
  fixedSizeListOf,
  INT8,
  INT16,
  INT32,
  INT64,
  listOf,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UTF8,
} from "../../core/index.js";
import type { DuckDb } from "./duckdb.js";

/** What DuckDB allows for the size of an array. */
const MAX_ARRAY_SIZE = 100_000;
const MAX_DECIMAL_DIGITS = 38;

/** Whether a list of fixed size can be an array there. */
export function isArray(type: Extract<DataType, { kind: "fixedSizeList" }>): boolean {
  return type.size > 0 && type.size <= MAX_ARRAY_SIZE;
}

/** Whether a decimal can be one there. */
export function isDecimal({ precision, scale }: Extract<DataType, { kind: "decimal" }>): boolean {
  return precision > 0 && precision <= MAX_DECIMAL_DIGITS && scale >= 0 && scale <= precision;
}

/** How unions stand in DuckDB: as what they are, or as structs of all branches, for files that know no unions. */
export type UnionMode = "union" | "struct";

/**
 * DuckDB's type for a column. Durations and times of day in nanoseconds become BIGINT nanoseconds, as its own count microseconds;
 * decimals that are too large for it become texts.
 */
export function duckDbType({ api }: DuckDb, type: DataType, unions: UnionMode): DuckDBType {
  const convert = (inner: DataType): DuckDBType => duckDbType({ api } as DuckDb, inner, unions);
  switch (type.kind) {
    case "null":
    case "bool":
      return api.BOOLEAN;
    case "int":
      return integerType(api, type.bits, type.signed);
    case "float":
      return type.bits === 64 ? api.DOUBLE : api.FLOAT;
    case "utf8":
      return api.VARCHAR;
    case "binary":
    case "fixedSizeBinary":
      return api.BLOB;
    case "timestamp":
      if (type.timezone !== undefined && type.unit === "us") return api.TIMESTAMPTZ;
      return { s: api.TIMESTAMP_S, ms: api.TIMESTAMP_MS, us: api.TIMESTAMP, ns: api.TIMESTAMP_NS }[type.unit];
    case "duration":
      return api.BIGINT;
    case "date":
      return type.unit === "day" ? api.DATE : api.TIMESTAMP_MS;
    case "time":
      return type.unit === "ns" ? api.BIGINT : api.TIME;
    case "decimal":
      return isDecimal(type) ? api.DECIMAL(type.precision, type.scale) : api.VARCHAR;
    case "list":
      return api.LIST(convert(type.item.type));
    case "fixedSizeList":
      return isArray(type) ? api.ARRAY(convert(type.item.type), type.size) : api.LIST(convert(type.item.type));
    case "struct":
      if (type.fields.length === 0) return api.BOOLEAN;
      return api.STRUCT(Object.fromEntries(type.fields.map((f) => [f.name, convert(f.type)])));
    case "union": {
      const members = Object.fromEntries(type.fields.map((f) => [f.name, convert(f.type)]));
      return unions === "union" ? api.UNION(members) : api.STRUCT(members);
    }
  }
}

function integerType(api: DuckDb["api"], bits: 8 | 16 | 32 | 64, signed: boolean): DuckDBType {
  return signed
    ? { 8: api.TINYINT, 16: api.SMALLINT, 32: api.INTEGER, 64: api.BIGINT }[bits]
    : { 8: api.UTINYINT, 16: api.USMALLINT, 32: api.UINTEGER, 64: api.UBIGINT }[bits];
}

/** Arrow's type for a column that DuckDB gives; types without a counterpart become text. */
export function arrowType({ api }: DuckDb, type: DuckDBType): DataType {
  const convert = (inner: DuckDBType): DataType => arrowType({ api } as DuckDb, inner);
  const { DuckDBTypeId: id } = api;
  switch (type.typeId) {
    case id.LIST:
      return listOf(convert((type as InstanceType<DuckDb["api"]["DuckDBListType"]>).valueType));
    case id.ARRAY: {
      const array = type as InstanceType<DuckDb["api"]["DuckDBArrayType"]>;
      return fixedSizeListOf(convert(array.valueType), array.length, true);
    }
    case id.STRUCT: {
      const struct = type as InstanceType<DuckDb["api"]["DuckDBStructType"]>;
      return {
        kind: "struct",
        fields: struct.entryNames.map((name, i) => field(name, convert(struct.entryTypes[i] ?? api.VARCHAR), true)),
      };
    }
    case id.UNION: {
      const union = type as InstanceType<DuckDb["api"]["DuckDBUnionType"]>;
      const fields = union.memberTags.map((name, i) => field(name, convert(union.memberTypes[i] ?? api.VARCHAR), true));
      return { kind: "union", mode: "sparse", typeIds: fields.map((_, i) => i), fields };
    }
    default:
      return plainTypes(api).get(type.typeId) ?? UTF8;
  }
}

function plainTypes({ DuckDBTypeId: id }: DuckDb["api"]): Map<number, DataType> {
  return new Map<number, DataType>([
    [id.BOOLEAN, BOOL],
    [id.TINYINT, INT8],
    [id.SMALLINT, INT16],
    [id.INTEGER, INT32],
    [id.BIGINT, INT64],
    [id.UTINYINT, UINT8],
    [id.USMALLINT, UINT16],
    [id.UINTEGER, UINT32],
    [id.UBIGINT, UINT64],
    [id.FLOAT, FLOAT32],
    [id.DOUBLE, FLOAT64],
    [id.BLOB, BINARY],
    [id.DATE, { kind: "date", unit: "day" }],
    [id.TIMESTAMP_S, { kind: "timestamp", unit: "s" }],
    [id.TIMESTAMP_MS, { kind: "timestamp", unit: "ms" }],
    [id.TIMESTAMP, { kind: "timestamp", unit: "us" }],
    [id.TIMESTAMP_NS, { kind: "timestamp", unit: "ns" }],
    [id.TIMESTAMP_TZ, { kind: "timestamp", unit: "us", timezone: "UTC" }],
    // Sums of integers.
    [id.HUGEINT, FLOAT64],
    [id.UHUGEINT, FLOAT64],
    [id.DECIMAL, FLOAT64],
  ]);
}
