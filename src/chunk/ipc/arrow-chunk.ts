import * as arrow from "apache-arrow";
import { type ArrayData, type Field, isRerunError, RerunError, type WarningReporter, warnOnce } from "../../core/index.js";
import type { Chunk } from "../chunk.js";
import { arrayFromArrow, arrayToArrow } from "./arrow-arrays.js";
import { fieldFromArrow, fieldToArrow } from "./arrow-types.js";
import { asCorrupt, assembleChunk } from "./chunk-assemble.js";
import { chunkNames, columnRoles } from "./chunk-columns.js";
import { chunkFields, chunkMetadata, timelineDataType } from "./chunk-metadata.js";
import { corrupt } from "./flat-reader.js";
import { migrateSchema, movedEntityPath } from "./migrate.js";

/** The Arrow schema of a chunk's record batch, with all of Rerun's metadata. */
export function chunkSchema(chunk: Chunk): arrow.Schema {
  return new arrow.Schema(chunkFields(chunk).map(fieldToArrow), chunkMetadata(chunk.id, chunk.entityPath));
}

/** A chunk as a record batch of apache-arrow. Shares the buffers. */
export function chunkToRecordBatch(chunk: Chunk): arrow.RecordBatch {
  const schema = chunkSchema(chunk);
  const columns = chunkColumns(chunk).map(arrayToArrow);
  const struct = new arrow.Data(new arrow.Struct(schema.fields), 0, chunk.numRows, 0, undefined, columns);
  return new arrow.RecordBatch(schema, struct);
}

/** All columns of a chunk as arrays, in file order. */
function chunkColumns(chunk: Chunk): ArrayData[] {
  const [rowIdField] = chunkFields(chunk) as [Field];
  const base = { length: chunk.numRows, nullCount: 0 };
  const columns: ArrayData[] = [{ ...base, type: rowIdField.type, values: chunk.rowIds }];
  for (const { timeline, times } of chunk.timelines.values()) {
    columns.push({ ...base, type: timelineDataType(timeline), values: times });
  }
  for (const { list } of chunk.components.values()) columns.push(list);
  return columns;
}

/**
 * The chunk that a record batch holds, by the same forgiving rules as for one read from bytes; columns of types that have no
 * counterpart are left out with a warning. Shares the buffers where it can.
 *
 * @throws RerunError `CorruptFile` when it is not a chunk
 */
export function chunkFromRecordBatch(batch: arrow.RecordBatch, options: { readonly warn?: WarningReporter } = {}): Chunk {
  const warn = options.warn ?? warnOnce;
  try {
    const fields: Field[] = [];
    const columns: ArrayData[] = [];
    batch.schema.fields.forEach((field, index) => {
      try {
        const column = batch.data.children[index];
        if (column === undefined) throw corrupt(`the column "${field.name}" has no data`);
        columns.push(arrayFromArrow(column));
        fields.push(fieldFromArrow(field));
      } catch (error) {
        if (!isRerunError(error, "Unsupported")) throw error;
        warn({ code: "Unsupported", message: `${error.message}: the column "${field.name}" is left out` });
      }
    });
    const migrated = migrateSchema(fields, batch.schema.metadata, warn);
    const { id, entityPath } = chunkNames(migrated.metadata);
    const names = { id, entityPath: migrated.movesProperties ? movedEntityPath(entityPath) : entityPath };
    return assembleChunk(names, columnRoles(migrated.fields), columns, batch.numRows, warn);
  } catch (error) {
    throw asCorrupt(error);
  }
}

/** Reads a chunk of types without a direct reader with the help of apache-arrow. */
export function chunkFromOtherIpc(bytes: Uint8Array, warn: WarningReporter): Chunk {
  let batch: arrow.RecordBatch | undefined;
  try {
    const reader = arrow.RecordBatchReader.from(bytes);
    batch = reader.next().value ?? undefined;
  } catch (error) {
    throw new RerunError("CorruptFile", "Arrow data cannot be read", { cause: error });
  }
  if (batch === undefined) throw corrupt("a stream without a record batch");
  return chunkFromRecordBatch(batch, { warn });
}
