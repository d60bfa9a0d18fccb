import { create } from "@bufbuild/protobuf";
import { RerunError } from "../../core/index.js";
import {
  type GetDatasetManifestSchemaResponse,
  GetDatasetManifestSchemaResponseSchema,
  type GetDatasetSchemaResponse,
  GetDatasetSchemaResponseSchema,
  type GetSchemasRequest,
  type GetSchemasResponse,
  GetSchemasResponseSchema,
  type GetSegmentTableSchemaResponse,
  GetSegmentTableSchemaResponseSchema,
  type LayerNameFilter,
  type ScanDatasetManifestRequest,
  type ScanDatasetManifestResponse,
  ScanDatasetManifestResponseSchema,
  type ScanSegmentTableRequest,
  type ScanSegmentTableResponse,
  ScanSegmentTableResponseSchema,
  type SegmentIdFilter,
} from "../../protos/redap.js";
import { dataframe, project, schemaMessage } from "./dataframe.js";
import { type DatasetTable, datasetManifest, filterRows, segmentTable } from "./dataset-tables.js";
import { type CallHeaders, datasetOf } from "./entry-ids.js";
import type { Platform } from "./platform.js";
import { mergedSchema } from "./register-work.js";

export async function getSegmentTableSchema(platform: Platform, headers: CallHeaders): Promise<GetSegmentTableSchemaResponse> {
  const { columns } = await segmentTable(platform, await datasetOf(platform, headers));
  return create(GetSegmentTableSchemaResponseSchema, { schema: schemaMessage(columns.map(({ field }) => field)) });
}

export async function* scanSegmentTable(
  platform: Platform,
  { columns, segmentIdFilter }: ScanSegmentTableRequest,
  headers: CallHeaders,
): AsyncGenerator<ScanSegmentTableResponse> {
  const table = await segmentTable(platform, await datasetOf(platform, headers));
  const isWanted = segmentFilter(segmentIdFilter);
  yield create(ScanSegmentTableResponseSchema, { data: scan(table, columns, isWanted) });
}

export async function getDatasetManifestSchema(
  platform: Platform,
  headers: CallHeaders,
): Promise<GetDatasetManifestSchemaResponse> {
  const { columns } = await datasetManifest(platform, await datasetOf(platform, headers));
  return create(GetDatasetManifestSchemaResponseSchema, { schema: schemaMessage(columns.map(({ field }) => field)) });
}

export async function* scanDatasetManifest(
  platform: Platform,
  { columns, segmentIdFilter, layerNameFilter }: ScanDatasetManifestRequest,
  headers: CallHeaders,
): AsyncGenerator<ScanDatasetManifestResponse> {
  const table = await datasetManifest(platform, await datasetOf(platform, headers));
  const isSegment = segmentFilter(segmentIdFilter);
  const isLayer = layerFilter(layerNameFilter);
  const data = scan(table, columns, (segment, layer) => isSegment(segment) && isLayer(layer));
  yield create(ScanDatasetManifestResponseSchema, { data });
}

export async function getDatasetSchema(platform: Platform, headers: CallHeaders): Promise<GetDatasetSchemaResponse> {
  const { id } = await datasetOf(platform, headers);
  const merged = await mergedSchema(platform.catalog, id);
  return create(GetDatasetSchemaResponseSchema, { schema: schemaMessage(merged.fields()) });
}

export async function* getSchemas(
  platform: Platform,
  { schemaIds }: GetSchemasRequest,
  headers: CallHeaders,
): AsyncGenerator<GetSchemasResponse> {
  const dataset = await datasetOf(platform, headers);
  const known = new Set(await platform.catalog.schemaIds(dataset.id));
  for (const { sha256 = new Uint8Array(0) } of schemaIds) {
    if (sha256.length !== 32) {
      throw new RerunError(
        "InvalidArgument",
        `invalid value for field 'rerun.common.v1alpha1.SchemaId.sha256: expected 32 bytes, got ${sha256.length}'`,
      );
    }
    const hex = Buffer.from(sha256).toString("hex");
    const arrowSchema = known.has(hex) ? await platform.catalog.schema(hex) : undefined;
    if (arrowSchema === undefined) throw new RerunError("NotFound", `Schema '${hex}' not found in dataset '${dataset.name}'`);
    yield create(GetSchemasResponseSchema, { schemaId: { sha256 }, schema: { arrowSchema } });
  }
}

function scan(
  table: DatasetTable,
  columns: readonly string[],
  isWanted: (segment: string, layer: string) => boolean,
): ReturnType<typeof dataframe> {
  // Unknown columns are refused whatever the rows.
  const projected = { ...table, columns: project(table.columns, columns) };
  const filtered = filterRows(projected, isWanted);
  return dataframe(filtered.columns, filtered.segments.length);
}

function segmentFilter(filter: SegmentIdFilter | undefined): (segment: string) => boolean {
  const { case: strategy, value } = filter?.strategy ?? {};
  if (value === undefined) return () => true;
  return listFilter(strategy === "skip", value.segmentIds);
}

function layerFilter(filter: LayerNameFilter | undefined): (layer: string) => boolean {
  const { case: strategy, value } = filter?.strategy ?? {};
  if (value === undefined) return () => true;
  return listFilter(strategy === "skip", value.layerNames);
}

function listFilter(isSkip: boolean, names: readonly string[]): (name: string) => boolean {
  const listed = new Set(names);
  return (name) => listed.has(name) !== isSkip;
}
