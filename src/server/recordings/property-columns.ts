import { type ColumnTable, tableToIpc } from "../../chunk/arrow.js";
import { type Chunk, compareRowIds, componentColumnName, latestRow, sliceArray } from "../../chunk/index.js";
import { type ArrayData, dataTypeKey, type Field, field, isAtOrBelow } from "../../core/index.js";
import { KIND_ARROW_MSG, type ManifestChunk, MessageDecoder, type RrdManifest } from "../../rrd/index.js";

const PROPERTIES = "/__properties";

interface Property {
  readonly field: Field;
  readonly value: ArrayData;
  readonly chunk: Chunk;
  readonly row: number;
}

/**
 * The properties of a recording as one row of an Arrow IPC stream, a column per component by name: what was logged statically at
 * or below `/__properties`, last row id first. `undefined` when there are none.
 *
 * @param read bytes of the file
 * @throws RerunError `CorruptFile`
 */
export async function readProperties(
  manifest: RrdManifest,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<Uint8Array | undefined> {
  const properties = new Map<string, Property>();
  const decoder = new MessageDecoder(() => undefined);
  decoder.noteStore(manifest.storeId);
  for (const entry of manifest.chunks) {
    if (!isProperty(entry)) continue;
    const message = decoder.decode(KIND_ARROW_MSG, await read(entry.byteOffset, entry.byteSize), entry.byteOffset);
    if (message.kind === "chunk") addProperties(message.chunk, properties);
  }
  if (properties.size === 0) return undefined;
  const sorted = [...properties.values()].sort((a, b) => (a.field.name < b.field.name ? -1 : 1));
  const table: ColumnTable = {
    fields: oneOfEqual(sorted.map((each) => each.field)),
    metadata: new Map(),
    numRows: 1,
    columns: sorted.map((each) => each.value),
  };
  return tableToIpc(table);
}

const MAX_KNOWN = 64;
const known = new Map<string, readonly Field[]>();

/** The same object for all recordings with these properties: what is derived from it is made once. */
function oneOfEqual(fields: readonly Field[]): readonly Field[] {
  const key = fields
    .map(({ name, type, metadata }) => [name, dataTypeKey(type), ...(metadata?.values() ?? [])].join("\0"))
    .join("\0\0");
  const same = known.get(key);
  if (same !== undefined) return same;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, fields);
  return fields;
}

function isProperty({ entityPath, isStatic }: ManifestChunk): boolean {
  return isStatic && isAtOrBelow(entityPath, PROPERTIES);
}

function addProperties(chunk: Chunk, properties: Map<string, Property>): void {
  for (const { descriptor, list } of chunk.components.values()) {
    const row = latestRow(chunk, undefined, descriptor.component);
    if (row === undefined) continue;
    const name = componentColumnName(chunk.entityPath, descriptor.component);
    const before = properties.get(name);
    if (before !== undefined && compareRowIds(before.chunk, before.row, chunk, row) > 0) continue;
    const metadata = new Map<string, string>();
    if (descriptor.archetype !== undefined) metadata.set("rerun:archetype", descriptor.archetype);
    metadata.set("rerun:component", descriptor.component);
    if (descriptor.componentType !== undefined) metadata.set("rerun:component_type", descriptor.componentType);
    metadata.set("rerun:entity_path", chunk.entityPath);
    metadata.set("rerun:kind", "data");
    properties.set(name, { field: field(name, list.type, true, metadata), value: sliceArray(list, row, 1), chunk, row });
  }
}
