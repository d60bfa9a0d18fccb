import { create } from "@bufbuild/protobuf";
import { type ColumnTable, schemaToIpc, tableToIpc } from "../../chunk/arrow.js";
import { allocateValues, binaryArray, concatArrays, nullArray } from "../../chunk/index.js";
import { type ArrayData, type DataType, type Field, field, RerunError } from "../../core/index.js";
import {
  type GetRrdManifestRequest,
  type GetRrdManifestResponse,
  GetRrdManifestResponseSchema,
  StoreKind,
} from "../../protos/redap.js";
import { dataframePartFromIpc } from "../../rpc/index.js";
import { type RrdManifest, schemaDigest } from "../../rrd/index.js";
import { MergedSchema } from "../recordings/merge-schemas.js";
import { type CallHeaders, datasetOf, printEntryId, required } from "./entry-ids.js";
import { layersOf } from "./find-chunks.js";
import { chunkKeys, chunksOfLayer, type LayerChunks } from "./layer-chunks.js";
import type { Platform } from "./platform.js";

const NO_METADATA: ReadonlyMap<string, string> = new Map();

/** The manifest of a segment: the rows of all of its layers, with the keys to fetch their chunks by. */
export async function* getRrdManifest(
  platform: Platform,
  request: GetRrdManifestRequest,
  headers: CallHeaders,
): AsyncGenerator<GetRrdManifestResponse> {
  const dataset = await datasetOf(platform, headers);
  const segment = required(request.segmentId?.id, "GetRrdManifestRequest.segment_id");
  const rows = await layersOf(platform, dataset, [segment]);
  if (rows.length === 0) {
    throw new RerunError("NotFound", `Segment '${segment}' not found in dataset '${printEntryId(dataset.id)}'`);
  }
  const layers = await Promise.all(rows.map((row) => chunksOfLayer(platform, row)));
  const { schema, schemaSha256 } = schemaOf(layers.map(({ manifest }) => manifest));
  yield create(GetRrdManifestResponseSchema, {
    rrdManifest: {
      storeId: {
        kind: dataset.kind === "blueprintDataset" ? StoreKind.BLUEPRINT : StoreKind.RECORDING,
        recordingId: segment,
        applicationId: { id: "none" },
      },
      sorbetSchema: { arrowSchema: schema },
      sorbetSchemaSha256: schemaSha256,
      data: dataframePartFromIpc(tableToIpc(manifestTable(platform, layers))),
    },
  });
}

function schemaOf(manifests: readonly RrdManifest[]): { schema: Uint8Array; schemaSha256: Uint8Array } {
  const [first] = manifests;
  if (manifests.length === 1 && first !== undefined && first.schemaSha256.length === 32) return first;
  const merged = new MergedSchema();
  for (const { fields } of manifests) merged.add(fields);
  const fields = merged.fields();
  return { schema: schemaToIpc(fields, NO_METADATA), schemaSha256: schemaDigest(fields) };
}

function manifestTable(platform: Platform, layers: readonly LayerChunks[]): ColumnTable {
  const fields = mergedFields(layers.map(({ manifest }) => manifest.table.fields));
  const columns = fields.map(({ name, type }) => {
    const parts = layers.map(({ manifest: { table } }) => {
      const own = table.columns[table.fields.findIndex((each) => each.name === name)];
      return own ?? absent(type, table.numRows);
    });
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : concatArrays(type, parts);
  });
  const keys = layers.flatMap((layer) => chunkKeys(platform, layer));
  return {
    fields: [...fields, field("chunk_key", { kind: "binary" }, true)],
    metadata: NO_METADATA,
    numRows: keys.length,
    columns: [...columns, binaryArray(keys)],
  };
}

/** Each column once, in the order of the first manifest that has it, columns of chunks before those of timelines. */
function mergedFields(tables: readonly (readonly Field[])[]): Field[] {
  const fields = new Map<string, Field>();
  for (const each of tables.flat()) if (!fields.has(each.name)) fields.set(each.name, { ...each, nullable: true });
  return [...fields.values()];
}

/** Cells of a column that a layer does not have: no times, no rows, no static data. */
function absent(type: DataType, length: number): ArrayData {
  const isCount = type.kind === "bool" || (type.kind === "int" && !type.signed);
  return isCount ? { type, length, nullCount: 0, values: allocateValues(type, length) } : nullArray(type, length);
}
