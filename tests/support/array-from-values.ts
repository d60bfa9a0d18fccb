import { type ArrayData, type DataType, type TypedArray, valuesPerElement } from "../../src/core/index.js";

/** A value of a union for `arrayFromValues`: which branch, and its value. */
export interface BranchValue {
  readonly branch: number;
  readonly value: unknown;
}

/** The array of these plain values, built the slow and obvious way: the model that tests compare with. */
export function arrayFromValues(type: DataType, values: readonly unknown[]): ArrayData {
  const { length } = values;
  if (type.kind === "null") return { type, length, nullCount: length };
  const base = { type, length, ...validityOf(values) };
  switch (type.kind) {
    case "bool": {
      const bits = new Uint8Array(Math.ceil(length / 8));
      values.forEach((value, i) => {
        if (value === true) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
      });
      return { ...base, values: bits };
    }
    case "utf8":
      return bytesArray(
        base,
        values.map((value) => new TextEncoder().encode((value as string | null) ?? "")),
      );
    case "binary":
      return bytesArray(
        base,
        values.map((value) => (value as Uint8Array | null) ?? new Uint8Array(0)),
      );
    case "fixedSizeBinary":
    case "decimal": {
      const size = valuesPerElement(type);
      const bytes = new Uint8Array(length * size);
      values.forEach((value, i) => {
        if (value !== null) bytes.set(value as Uint8Array, i * size);
      });
      return { ...base, values: bytes };
    }
    case "list": {
      const lists = values.map((value) => (value as unknown[] | null) ?? []);
      return { ...base, offsets: offsetsOf(lists), children: [arrayFromValues(type.item.type, lists.flat(1))] };
    }
    case "fixedSizeList": {
      const items = values.flatMap(
        (value) => (value as unknown[] | null) ?? Array.from({ length: type.size }, () => zero(type.item.type)),
      );
      return { ...base, children: [arrayFromValues(type.item.type, items)] };
    }
    case "struct":
      return {
        ...base,
        children: type.fields.map((f) =>
          arrayFromValues(
            f.type,
            values.map((value) => (value === null ? zero(f.type) : ((value as Record<string, unknown>)[f.name] ?? null))),
          ),
        ),
      };
    case "union":
      return unionArray(type, values as readonly BranchValue[]);
    default:
      return { ...base, values: numbers(type, values) };
  }
}

function validityOf(values: readonly unknown[]): Pick<ArrayData, "nullCount" | "validity"> {
  const nullCount = values.filter((value) => value === null).length;
  if (nullCount === 0) return { nullCount };
  const validity = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, i) => {
    if (value !== null) validity[i >> 3] = (validity[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return { nullCount, validity };
}

function offsetsOf(lists: readonly ArrayLike<unknown>[]): Int32Array {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + list.length;
  });
  return offsets;
}

function bytesArray(base: ArrayData, parts: readonly Uint8Array[]): ArrayData {
  const offsets = offsetsOf(parts);
  const bytes = new Uint8Array(offsets[parts.length] ?? 0);
  parts.forEach((part, i) => {
    bytes.set(part, offsets[i]);
  });
  return { ...base, offsets, values: bytes };
}

function unionArray(type: Extract<DataType, { kind: "union" }>, values: readonly BranchValue[]): ArrayData {
  const { length } = values;
  const typeIds = Int8Array.from(values, ({ branch }) => type.typeIds[branch] ?? 0);
  if (type.mode === "sparse") {
    const children = type.fields.map((f, branch) =>
      arrayFromValues(
        f.type,
        values.map((value) => (value.branch === branch ? value.value : zero(f.type))),
      ),
    );
    return { type, length, nullCount: 0, typeIds, children };
  }
  const branches: unknown[][] = type.fields.map(() => []);
  const offsets = Int32Array.from(values, ({ branch, value }) => ((branches[branch]?.push(value) ?? 1) as number) - 1);
  return {
    type,
    length,
    nullCount: 0,
    typeIds,
    offsets,
    children: type.fields.map((f, i) => arrayFromValues(f.type, branches[i] ?? [])),
  };
}

function numbers(type: DataType, values: readonly unknown[]): TypedArray {
  if (type.kind === "float") {
    const list = values.map((value) => (value as number | null) ?? 0);
    if (type.bits === 16) return Uint16Array.from(list);
    return type.bits === 32 ? Float32Array.from(list) : Float64Array.from(list);
  }
  if (type.kind === "date" || type.kind === "time") {
    if (type.unit === "day" || type.unit === "s" || (type.kind === "time" && type.unit === "ms")) {
      return Int32Array.from(values, (value) => (value as number | null) ?? 0);
    }
    return BigInt64Array.from(values, (value) => (value as bigint | null) ?? 0n);
  }
  if (type.kind === "timestamp" || type.kind === "duration" || (type.kind === "int" && type.bits === 64)) {
    const list = values.map((value) => (value as bigint | null) ?? 0n);
    return type.kind === "int" && !type.signed ? BigUint64Array.from(list) : BigInt64Array.from(list);
  }
  if (type.kind !== "int") throw new Error(`No numbers in ${type.kind}`);
  const list = values.map((value) => (value as number | null) ?? 0);
  if (type.bits === 8) return type.signed ? Int8Array.from(list) : Uint8Array.from(list);
  if (type.bits === 16) return type.signed ? Int16Array.from(list) : Uint16Array.from(list);
  return type.signed ? Int32Array.from(list) : Uint32Array.from(list);
}

/** Some value of a type, for slots that nobody sees. */
function zero(type: DataType): unknown {
  switch (type.kind) {
    case "null":
      return null;
    case "bool":
      return false;
    case "utf8":
      return "";
    case "binary":
      return new Uint8Array(0);
    case "fixedSizeBinary":
    case "decimal":
      return new Uint8Array(valuesPerElement(type));
    case "date":
      return type.unit === "day" ? 0 : 0n;
    case "time":
      return type.unit === "s" || type.unit === "ms" ? 0 : 0n;
    case "list":
      return [];
    case "fixedSizeList":
      return Array.from({ length: type.size }, () => zero(type.item.type));
    case "struct":
      return Object.fromEntries(type.fields.map((f) => [f.name, zero(f.type)]));
    case "union":
      return { branch: 0, value: zero(type.fields[0]?.type ?? type) };
    case "timestamp":
    case "duration":
      return 0n;
    case "int":
      return type.bits === 64 ? 0n : 0;
    case "float":
      return 0;
  }
}
