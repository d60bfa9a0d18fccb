import { create, toBinary } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import {
  type DatasetEntry,
  DatasetEntrySchema,
  DatasetKind,
  type EntryDetails,
  EntryDetailsSchema,
  EntryKind as EntryKindNumber,
  LanceTableSchema,
  StoreKind,
  SystemTableKind,
  SystemTableSchema,
  type TableEntry,
  TableEntrySchema,
} from "../../protos/redap.js";
import type { Entry, EntryKind } from "../catalog/catalog-store.js";
import { entryIdMessage, segmentIdMessage, timestampMessage } from "./entry-ids.js";
import type { Platform } from "./platform.js";

export const KIND_NUMBERS: Readonly<Record<EntryKind, EntryKindNumber>> = {
  dataset: EntryKindNumber.DATASET,
  table: EntryKindNumber.TABLE,
  blueprintDataset: EntryKindNumber.BLUEPRINT_DATASET,
  assetDataset: EntryKindNumber.ASSET_DATASET,
};

const DATASET_KINDS: Readonly<Record<EntryKind, DatasetKind>> = {
  dataset: DatasetKind.RECORDING,
  table: DatasetKind.UNSPECIFIED,
  blueprintDataset: DatasetKind.BLUEPRINT,
  assetDataset: DatasetKind.ASSET,
};

export function entryDetailsMessage(entry: Entry): EntryDetails {
  return create(EntryDetailsSchema, {
    id: entryIdMessage(entry.id),
    name: entry.name,
    entryKind: KIND_NUMBERS[entry.kind],
    createdAt: timestampMessage(entry.createdAtNs),
    updatedAt: timestampMessage(entry.updatedAtNs),
  });
}

export function datasetEntryMessage(entry: Entry): DatasetEntry {
  const { blueprintDataset, assetDataset, defaultBlueprint, defaultSegmentTableBlueprint } = entry.details;
  return create(DatasetEntrySchema, {
    details: entryDetailsMessage(entry),
    datasetHandle: {
      entryId: entryIdMessage(entry.id),
      datasetUrl: `memory:///${entry.id}`,
      storeKind: entry.kind === "blueprintDataset" ? StoreKind.BLUEPRINT : StoreKind.RECORDING,
      datasetKind: DATASET_KINDS[entry.kind],
    },
    datasetDetails: {
      ...(blueprintDataset === undefined ? {} : { blueprintDataset: entryIdMessage(blueprintDataset) }),
      ...(assetDataset === undefined ? {} : { assetDataset: entryIdMessage(assetDataset) }),
      ...(defaultBlueprint === undefined ? {} : { defaultBlueprintSegment: segmentIdMessage(defaultBlueprint) }),
      ...(defaultSegmentTableBlueprint === undefined
        ? {}
        : { defaultSegmentTableBlueprintSegment: segmentIdMessage(defaultSegmentTableBlueprint) }),
    },
  });
}

export function tableEntryMessage(platform: Platform, entry: Entry): TableEntry {
  const { blueprintDataset, defaultBlueprint } = entry.details;
  return create(TableEntrySchema, {
    details: entryDetailsMessage(entry),
    providerDetails: providerMessage(platform, entry),
    tableDetails: {
      ...(blueprintDataset === undefined ? {} : { blueprintDataset: entryIdMessage(blueprintDataset) }),
      ...(defaultBlueprint === undefined ? {} : { defaultBlueprintSegment: segmentIdMessage(defaultBlueprint) }),
    },
  });
}

/** Rerun's type names in `Any` begin with a slash and no host. */
function providerMessage(platform: Platform, { details: { table } }: Entry): Any {
  if (table?.provider === "lance") {
    return create(AnySchema, {
      typeUrl: `/${LanceTableSchema.typeName}`,
      value: toBinary(LanceTableSchema, create(LanceTableSchema, { tableUrl: platform.tables.urlOf(table.url) })),
    });
  }
  return create(AnySchema, {
    typeUrl: `/${SystemTableSchema.typeName}`,
    value: toBinary(SystemTableSchema, create(SystemTableSchema, { kind: SystemTableKind.ENTRIES })),
  });
}
