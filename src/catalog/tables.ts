/** Tables as they come over the wire: schemas and record batches to our own layout, and back. */
import { tableFromIpc, tableToIpc } from "../chunk/arrow.js";
import { concatArrays, SORBET_VERSION, takeArray } from "../chunk/index.js";
import { type ArrayData, type Field, RerunError, valueAt } from "../core/index.js";
import { type MemoryFrame, memorySource, type OpenFrame } from "../dataset/index.js";
import type { DataframePart, Schema as SchemaMessage } from "../protos/redap.js";
import { columnsFromDataframePart, dataframePartFromIpc } from "../rpc/index.js";

/** The fields and metadata of a schema. @throws RerunError `InvalidData` */
export function fieldsOf(schema: SchemaMessage | undefined): Pick<MemoryFrame, "fields" | "metadata"> {
  const ipc = schema?.arrowSchema;
  if (ipc === undefined) throw new RerunError("InvalidData", "the server's answer lacks its schema");
  return tableFromIpc(ipc);
}

/** The metadata of a table about recordings: where a server tells none, the version of the schema, as Rerun's clients have it. */
export function sorbetMetadata(metadata: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return metadata.size > 0 ? metadata : new Map([["sorbet:version", SORBET_VERSION]]);
}

/** A part in our own layout. @throws RerunError `InvalidData` */
export function frameOfPart(part: DataframePart | undefined): MemoryFrame {
  const { fields, metadata, numRows, columns } = columnsFromDataframePart(part);
  return { fields, metadata, batches: numRows === 0 ? [] : [{ numRows, columns }] };
}

/** Some parts of one schema as one frame; without any part the frame is empty. */
export function joinParts(
  parts: readonly (DataframePart | undefined)[],
  schema?: Pick<MemoryFrame, "fields" | "metadata">,
): MemoryFrame {
  const frames = parts.map(frameOfPart);
  const { fields, metadata } = schema ?? frames[0] ?? { fields: [], metadata: new Map<string, string>() };
  return { fields, metadata, batches: frames.flatMap(({ batches }) => batches) };
}

/** A column by its name, of all batches. @throws RerunError `InvalidData` when the frame has none */
export function columnOf(frame: MemoryFrame, name: string): ArrayData {
  const index = frame.fields.findIndex((field) => field.name === name);
  const type = frame.fields[index]?.type;
  if (type === undefined) throw new RerunError("InvalidData", `the server's answer lacks the column '${name}'`);
  const arrays = frame.batches.flatMap(({ columns }) => columns[index] ?? []);
  const [only] = arrays;
  return arrays.length === 1 && only !== undefined ? only : concatArrays(type, arrays);
}

/** The texts of a column; null is the empty text. */
export function textsOf(frame: MemoryFrame, name: string): string[] {
  const column = columnOf(frame, name);
  return Array.from({ length: column.length }, (_, row) => String(valueAt(column, row) ?? ""));
}

/** A frame for the wire: one part for each batch. */
export function partsOfFrame({ fields, metadata, batches }: MemoryFrame): DataframePart[] {
  return batches.map(({ numRows, columns }) => dataframePartFromIpc(tableToIpc({ fields, metadata, numRows, columns })));
}

/** The rows in the order of columns of texts: what a server gives is in none. */
export function sortedRows(frame: MemoryFrame, ...names: string[]): MemoryFrame {
  const keys = names.map((name) => textsOf(frame, name));
  const numRows = keys[0]?.length ?? 0;
  if (numRows === 0) return frame;
  const order = Uint32Array.from({ length: numRows }, (_, row) => row).sort((a, b) => {
    for (const key of keys) {
      const [left = "", right = ""] = [key[a], key[b]];
      if (left !== right) return left < right ? -1 : 1;
    }
    return a - b;
  });
  const columns = frame.fields.map(({ name }: Field) => takeArray(columnOf(frame, name), order));
  return { ...frame, batches: [{ numRows, columns }] };
}

/** A frame in memory that is ready to be read. */
export function openMemory(memory: MemoryFrame): Promise<OpenFrame> {
  return memorySource(memory).open();
}
