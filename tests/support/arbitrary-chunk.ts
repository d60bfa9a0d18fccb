import fc from "fast-check";
import { type Chunk, makeChunk } from "../../src/chunk/index.js";
import {
  BINARY,
  BOOL,
  type DataType,
  FLOAT16,
  FLOAT32,
  FLOAT64,
  field,
  fixedSizeListOf,
  INT8,
  INT64,
  listOf,
  NULL,
  type Timeline,
  TUID_TYPE,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UTF8,
} from "../../src/core/index.js";
import { arrayFromValues } from "./array-from-values.js";

const DENSE: DataType = {
  kind: "union",
  mode: "dense",
  typeIds: [0, 1, 5],
  fields: [field("_null_markers", NULL, true), field("text", UTF8, false), field("number", FLOAT32, false)],
};
const SPARSE: DataType = { ...DENSE, mode: "sparse", typeIds: [2, 3, 4] };
const STRUCT: DataType = {
  kind: "struct",
  fields: [field("width", UINT32, false), field("names", listOf(UTF8), true), field("choice", DENSE, true)],
};

/** One of every kind of type, nested ones included. */
export const SAMPLE_TYPES: readonly DataType[] = [
  NULL,
  BOOL,
  INT8,
  UINT8,
  UINT16,
  INT64,
  UINT64,
  FLOAT16,
  FLOAT32,
  FLOAT64,
  UTF8,
  BINARY,
  TUID_TYPE,
  { kind: "timestamp", unit: "ns" },
  { kind: "timestamp", unit: "us", timezone: "UTC" },
  { kind: "duration", unit: "ns" },
  { kind: "date", unit: "day" },
  { kind: "date", unit: "ms" },
  { kind: "time", unit: "ms" },
  { kind: "time", unit: "ns" },
  { kind: "decimal", bits: 32, precision: 7, scale: 2 },
  { kind: "decimal", bits: 128, precision: 30, scale: -3 },
  { kind: "decimal", bits: 256, precision: 70, scale: 0 },
  listOf(UTF8),
  listOf(listOf(BOOL)),
  fixedSizeListOf(FLOAT32, 3),
  fixedSizeListOf(fixedSizeListOf(FLOAT32, 2), 2),
  STRUCT,
  listOf(STRUCT),
  DENSE,
  SPARSE,
  listOf(SPARSE),
  fixedSizeListOf(STRUCT, 2),
];

/** Any value of `type`; nulls too when `nullable` (unions have none of their own). */
export function arbitraryValue(type: DataType, nullable: boolean): fc.Arbitrary<unknown> {
  const present = presentValue(type);
  return nullable && type.kind !== "union" && type.kind !== "null" ? fc.option(present, { nil: null, freq: 4 }) : present;
}

function presentValue(type: DataType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "null":
      return fc.constant(null);
    case "bool":
      return fc.boolean();
    case "utf8":
      return fc.string({ unit: "grapheme", maxLength: 6 });
    case "binary":
      return fc.uint8Array({ maxLength: 6 });
    case "fixedSizeBinary":
      return fc.uint8Array({ minLength: type.size, maxLength: type.size });
    case "decimal":
      return fc.uint8Array({ minLength: type.bits / 8, maxLength: type.bits / 8 });
    case "date":
      return type.unit === "day" ? fc.integer() : fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "time":
      return type.unit === "s" || type.unit === "ms" ? fc.integer() : fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "timestamp":
    case "duration":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "float":
      return type.bits === 16 ? fc.integer({ min: 0, max: 65535 }) : type.bits === 32 ? fc.float() : fc.double();
    case "int": {
      const [min, max] = type.signed
        ? [-(2n ** BigInt(type.bits - 1)), 2n ** BigInt(type.bits - 1) - 1n]
        : [0n, 2n ** BigInt(type.bits) - 1n];
      return type.bits === 64 ? fc.bigInt({ min, max }) : fc.integer({ min: Number(min), max: Number(max) });
    }
    case "list":
      return fc.array(arbitraryValue(type.item.type, type.item.nullable), { maxLength: 3 });
    case "fixedSizeList":
      return fc.array(arbitraryValue(type.item.type, type.item.nullable), { minLength: type.size, maxLength: type.size });
    case "struct":
      return fc.record(Object.fromEntries(type.fields.map((f) => [f.name, arbitraryValue(f.type, f.nullable)])));
    case "union":
      return fc.oneof(...type.fields.map((f, branch) => arbitraryValue(f.type, f.nullable).map((value) => ({ branch, value }))));
  }
}

const TIMELINES: readonly Timeline[] = [
  { name: "frame", type: "sequence" },
  { name: "elapsed", type: "duration" },
  { name: "log_time", type: "timestamp" },
];

export interface ChunkShape {
  readonly entityPath?: string;
  /** Default: any of three. */
  readonly timelines?: readonly Timeline[];
  /** Component identifier → type of one instance. Default: up to three of `SAMPLE_TYPES`. */
  readonly components?: Readonly<Record<string, DataType>>;
  /** Default 12. */
  readonly maxRows?: number;
  /** Least number of rows, default 0. */
  readonly minRows?: number;
  /** Times lie in 0 … maxTime, default 10: ties are frequent. */
  readonly maxTime?: number;
}

/** Chunks of one shape with any cells: null, empty, filled; times in any order; row ids distinct and in any order. */
export function arbitraryChunk(shape: ChunkShape = {}): fc.Arbitrary<Chunk> {
  const { entityPath = "/world/points", minRows = 0, maxRows = 12, maxTime = 10 } = shape;
  const timelines = shape.timelines === undefined ? fc.subarray([...TIMELINES]) : fc.constant([...shape.timelines]);
  const components =
    shape.components === undefined
      ? fc
          .array(fc.constantFrom(...SAMPLE_TYPES), { minLength: 1, maxLength: 3 })
          .map((types) => types.map((type, i) => [`component:${i}`, type] as const))
      : fc.constant(Object.entries(shape.components));
  return fc
    .tuple(fc.integer({ min: minRows, max: maxRows }), timelines, components)
    .chain(([numRows, someTimelines, someComponents]) =>
      fc.record({
        id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("hex")),
        rowIds: arbitraryRowIds(numRows),
        timelines: fc.tuple(
          ...someTimelines.map((timeline) =>
            fc
              .array(fc.bigInt({ min: 0n, max: BigInt(maxTime) }), { minLength: numRows, maxLength: numRows })
              .map((times) => ({ timeline, times: BigInt64Array.from(times) })),
          ),
        ),
        components: fc.tuple(
          ...someComponents.map(([component, type]) =>
            fc
              .array(arbitraryValue(listOf(type), true), { minLength: numRows, maxLength: numRows })
              .map((cells) => ({ descriptor: { component }, list: arrayFromValues(listOf(type), cells) })),
          ),
        ),
      }),
    )
    .map((parts) => makeChunk({ ...parts, entityPath }));
}

function arbitraryRowIds(numRows: number): fc.Arbitrary<Uint8Array> {
  return fc.uniqueArray(fc.bigInt({ min: 0n, max: 2n ** 48n - 1n }), { minLength: numRows, maxLength: numRows }).map((ids) => {
    const bytes = new Uint8Array(numRows * 16);
    const view = new DataView(bytes.buffer);
    ids.forEach((id, i) => {
      view.setBigUint64(i * 16, id >> 24n);
      view.setBigUint64(i * 16 + 8, id & 0xffffffn);
    });
    return bytes;
  });
}
