import { takeArray } from "../chunk/index.js";
import type { MemoryFrame } from "../dataset/index.js";
import type { DataframePart } from "../protos/redap.js";
import type { CallSettings, Connection } from "./connection.js";
import type { EntryId } from "./entry-id.js";
import { columnOf, fieldsOf, joinParts, sorbetMetadata, sortedRows, textsOf } from "./tables.js";

export const SEGMENT_ID = "rerun_segment_id";
const LAYER_NAME = "rerun_layer_name";
const STATUS = "rerun_registration_status";
const DONE = "done";

/** Which rows and columns of a table about segments; `undefined` = all. */
export interface ScanOptions {
  readonly columns?: readonly string[] | undefined;
  readonly segmentIds?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The columns of the segment table. */
export async function segmentTableFields(
  connection: Connection,
  settings: CallSettings,
): Promise<Pick<MemoryFrame, "fields" | "metadata">> {
  return fieldsOf((await connection.call((client, options) => client.getSegmentTableSchema({}, options), settings)).schema);
}

/** Rows of the segment table, by segment id. */
export async function scanSegments(connection: Connection, entry: EntryId, scan: ScanOptions): Promise<MemoryFrame> {
  const settings = { entry, signal: scan.signal };
  const request = requestOf(scan);
  const parts = await connection.collect((client, options) => client.scanSegmentTable(request, options), settings);
  const frame = await frameOf(parts, scan, () => segmentTableFields(connection, settings));
  return scan.columns?.includes(SEGMENT_ID) === false ? frame : sortedRows(frame, SEGMENT_ID);
}

/** Rows of the manifest of a dataset, by segment id and layer. */
export async function scanManifest(connection: Connection, entry: EntryId, scan: ScanOptions): Promise<MemoryFrame> {
  const settings = { entry, signal: scan.signal };
  const request = requestOf(scan);
  const parts = await connection.collect((client, options) => client.scanDatasetManifest(request, options), settings);
  const frame = await frameOf(parts, scan, async () =>
    fieldsOf((await connection.call((client, options) => client.getDatasetManifestSchema({}, options), settings)).schema),
  );
  return sortedRows(frame, SEGMENT_ID, LAYER_NAME);
}

/**
 * The answers as one frame. Each says its schema itself, and servers take as long to tell of it as to answer: it is asked for only
 * when there is no answer.
 */
async function frameOf(
  parts: readonly { readonly data?: DataframePart | undefined }[],
  { columns }: ScanOptions,
  ask: () => Promise<Pick<MemoryFrame, "fields" | "metadata">>,
): Promise<MemoryFrame> {
  const schema = parts.length === 0 && columns === undefined ? await ask() : undefined;
  const frame = joinParts(
    parts.map(({ data }) => data),
    schema,
  );
  return { ...frame, metadata: sorbetMetadata(frame.metadata) };
}

/** A manifest without the layers that are not registered whole, and without the column that tells. */
export function registeredLayers(manifest: MemoryFrame): MemoryFrame {
  const fields = manifest.fields.filter(({ name }) => name !== STATUS);
  if (manifest.batches.length === 0 || fields.length === manifest.fields.length) return { ...manifest, fields };
  const rows = textsOf(manifest, STATUS).flatMap((status, row) => (status === DONE ? [row] : []));
  const columns = fields.map(({ name }) => takeArray(columnOf(manifest, name), rows));
  return { ...manifest, fields, batches: rows.length === 0 ? [] : [{ numRows: rows.length, columns }] };
}

function requestOf({ columns = [], segmentIds }: ScanOptions): {
  columns: string[];
  segmentIdFilter?: { strategy: { case: "scanOnly"; value: { segmentIds: string[] } } };
} {
  if (segmentIds === undefined) return { columns: [...columns] };
  return {
    columns: [...columns],
    segmentIdFilter: { strategy: { case: "scanOnly", value: { segmentIds: [...segmentIds] } } },
  };
}
