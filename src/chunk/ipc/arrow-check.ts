import * as arrow from "apache-arrow";
import { type ArrayData, type Field, isRerunError, warnOnce } from "../../core/index.js";
import { concatArrays } from "../array-ops.js";
import { arrayFromArrow } from "./arrow-arrays.js";
import { fieldFromArrow } from "./arrow-types.js";
import { asCorrupt } from "./chunk-assemble.js";
import { checkMessages, type DecodedTable } from "./chunk-decode.js";
import { corrupt } from "./flat-reader.js";

/**
 * The table in an Arrow IPC stream of somebody who may mean harm: lengths, offsets and indices may be trusted, whatever the types.
 *
 * @throws RerunError `CorruptFile`
 */
export function arrowTableFromIpc(bytes: Uint8Array): arrow.Table {
  checkMessages(bytes, "end");
  try {
    const table = arrow.tableFromIPC(bytes);
    for (const { data, numRows } of table.batches) {
      for (const child of data.children) {
        if (child.length !== numRows) throw corrupt(`a column of ${child.length} rows among ${numRows}`);
        checkData(child);
      }
    }
    return table;
  } catch (error) {
    throw asCorrupt(error);
  }
}

/** Reads a table of types without a direct reader with the help of apache-arrow. @throws RerunError `CorruptFile` */
export function tableFromOtherIpc(bytes: Uint8Array): DecodedTable {
  const table = arrowTableFromIpc(bytes);
  const fields: Field[] = [];
  const columns: ArrayData[] = [];
  // Empty lists that apache-arrow made itself lack their child.
  const batches = table.batches.filter(({ numRows }) => numRows > 0);
  table.schema.fields.forEach((each, index) => {
    const field = knownField(each);
    if (field === undefined) return;
    const parts = batches.flatMap(({ data }) => data.children[index] ?? []);
    fields.push(field);
    columns.push(concatArrays(field.type, parts.map(arrayFromArrow)));
  });
  return { fields, metadata: table.schema.metadata, numRows: table.numRows, columns };
}

function knownField(each: arrow.Field): Field | undefined {
  try {
    return fieldFromArrow(each);
  } catch (error) {
    if (!isRerunError(error, "Unsupported")) throw error;
    warnOnce({ code: "Unsupported", message: `${error.message}: the column "${each.name}" is left out` });
    return undefined;
  }
}

/** Makes sure that everything an array refers to is there. */
function checkData(data: arrow.Data): void {
  const { type, length, nullCount } = data;
  if (nullCount < 0 || nullCount > length) throw corrupt(`${nullCount} nulls among ${length}`);
  if (nullCount > 0 && !arrow.DataType.isNull(type) && !arrow.DataType.isUnion(type)) {
    need("bits of validity", 8 * data.nullBitmap.length, length);
  }
  checkLayout(data);
  for (const child of childrenOf(data)) checkData(child);
}

/** Empty lists that apache-arrow made itself lack their child. */
function childrenOf(data: arrow.Data): readonly arrow.Data[] {
  return data.children.filter((child: arrow.Data | undefined) => child !== undefined);
}

function checkLayout(data: arrow.Data): void {
  const children = childrenOf(data);
  const { type, length, stride, values, valueOffsets, typeIds, dictionary } = data;
  const [first] = children;
  if (arrow.DataType.isDictionary(type)) {
    need("indices", values?.length, length);
    for (const each of dictionary?.data ?? []) checkData(each);
    checkIndices(data, dictionary?.length ?? 0);
  } else if (arrow.DataType.isUnion(type)) {
    need("type ids", typeIds?.length, length);
    checkUnion(typeIds, type, length, children, arrow.DataType.isDenseUnion(type) ? valueOffsets : undefined);
  } else if (arrow.DataType.isStruct(type)) {
    for (const child of children) need("elements of a struct", child.length, length);
  } else if (arrow.DataType.isFixedSizeList(type)) {
    need("elements of lists", first?.length, length * type.listSize);
  } else if (arrow.DataType.isList(type) || arrow.DataType.isMap(type)) {
    checkOffsets(valueOffsets, length, first?.length ?? 0);
  } else if (
    arrow.DataType.isUtf8(type) ||
    arrow.DataType.isBinary(type) ||
    arrow.DataType.isLargeUtf8(type) ||
    arrow.DataType.isLargeBinary(type)
  ) {
    checkOffsets(valueOffsets, length, values?.length ?? 0);
  } else if (arrow.DataType.isBool(type)) {
    need("bits", 8 * (values?.length ?? 0), length);
  } else if (!arrow.DataType.isNull(type)) {
    need("values", values?.length, length * stride);
  }
}

function need(what: string, found: number | undefined, needed: number): void {
  if ((found ?? 0) < needed) throw corrupt(`${found ?? 0} ${what}, expected ${needed}`);
}

function checkOffsets(offsets: ArrayLike<number | bigint> | undefined, length: number, end: number): void {
  if (length === 0) return;
  need("offsets", offsets?.length, length + 1);
  let last = 0;
  for (let i = 0; i <= length; i++) {
    const offset = Number(offsets?.[i]);
    if (offset < last || offset > end) throw corrupt(`the offset ${offset} after ${last}, at most ${end}`);
    last = offset;
  }
}

function checkIndices(data: arrow.Data, count: number): void {
  for (let i = 0; i < data.length; i++) {
    const index = Number(data.values?.[i]);
    // Behind nulls anything may stand.
    if ((index < 0 || index >= count) && data.getValid(i)) throw corrupt(`the index ${index} into a dictionary of ${count}`);
  }
}

function checkUnion(
  typeIds: ArrayLike<number> | undefined,
  type: arrow.Union,
  length: number,
  children: readonly arrow.Data[],
  offsets: ArrayLike<number> | undefined,
): void {
  for (let i = 0; i < length; i++) {
    const child = children[type.typeIdToChildIndex[typeIds?.[i] ?? -1] ?? -1];
    if (child === undefined) throw corrupt(`a union has no branch ${typeIds?.[i]}`);
    const at = offsets === undefined ? i : (offsets[i] ?? -1);
    if (at < 0 || at >= child.length) throw corrupt(`element ${at} in a branch of ${child.length}`);
  }
}
