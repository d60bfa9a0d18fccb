import type {
  CatalogReads,
  Entry,
  EntryDetails,
  EntryKind,
  IndexRange,
  LayerRow,
  SegmentProperties,
  TaskState,
  TaskStatus,
} from "./catalog-store.js";
import type { SqlConnection, SqlRow, SqlValue } from "./sqlite-database.js";

/** The reading half of the catalog on one connection. Lists are passed as JSON, so that each query is prepared once. */
export function sqlReads(sql: SqlConnection): CatalogReads {
  return {
    entries: async ({ id, name, kinds }) => {
      const where: string[] = [];
      const values: SqlValue[] = [];
      const only = (condition: string, value: string): void => {
        where.push(condition);
        values.push(value);
      };
      if (id !== undefined) only("id = ?", id);
      if (name !== undefined) only("name = ?", name);
      if (kinds !== undefined) only("kind in (select value from json_each(?))", JSON.stringify(kinds));
      const condition = where.length === 0 ? "" : `where ${where.join(" and ")}`;
      return sql.all(`select * from entry ${condition} order by name`, values).map(entryOf);
    },
    entry: async (id) => {
      const row = sql.get("select * from entry where id = ?", [id]);
      return row === undefined ? undefined : entryOf(row);
    },
    layers: async (dataset, { segments } = {}) => {
      const rows =
        segments === undefined
          ? sql.all("select * from layer where dataset = ? order by position", [dataset])
          : sql.all("select * from layer where dataset = ? and segment in (select value from json_each(?)) order by position", [
              dataset,
              JSON.stringify(segments),
            ]);
      return rows.map(layerOf);
    },
    schemaIds: async (dataset) =>
      sql
        .all("select schema_sha256 from layer where dataset = ? group by schema_sha256 order by min(position)", [dataset])
        .map((row) => text(row.schema_sha256)),
    schema: async (sha256) => {
      const row = sql.get("select bytes from recording_schema where sha256 = ?", [sha256]);
      return row === undefined ? undefined : bytes(row.bytes);
    },
    properties: async (dataset, segments) => {
      const rows =
        segments === undefined
          ? sql.all("select * from segment_properties where dataset = ? order by segment", [dataset])
          : sql.all(
              "select p.* from json_each(?) s join segment_properties p on p.dataset = ? and p.segment = s.value order by s.key",
              [JSON.stringify(segments), dataset],
            );
      return rows.map(propertiesOf);
    },
    tasks: async (ids) =>
      sql.all("select t.* from json_each(?) i join task t on t.id = i.value order by i.key", [JSON.stringify(ids)]).map(taskOf),
    setting: async (key) => {
      const row = sql.get("select value from setting where key = ?", [key]);
      return row === undefined ? undefined : text(row.value);
    },
  };
}

type Cell = SqlRow[string] | undefined;

export function text(cell: Cell): string {
  return String(cell);
}

export function integer(cell: Cell): bigint {
  return cell as bigint;
}

function bytes(cell: Cell): Uint8Array {
  return new Uint8Array(cell as ArrayBuffer);
}

function entryOf(row: SqlRow): Entry {
  return {
    id: text(row.id),
    name: text(row.name),
    kind: text(row.kind) as EntryKind,
    createdAtNs: integer(row.created_ns),
    updatedAtNs: integer(row.updated_ns),
    revision: integer(row.revision),
    ...(row.owner === null ? {} : { owner: text(row.owner) }),
    details: JSON.parse(text(row.details)) as EntryDetails,
  };
}

function layerOf(row: SqlRow): LayerRow {
  return {
    dataset: text(row.dataset),
    segment: text(row.segment),
    layer: text(row.layer),
    order: integer(row.position),
    object: text(row.object),
    objectBytes: integer(row.object_bytes),
    objectVersion: text(row.object_version),
    manifestObject: text(row.manifest_object),
    manifestOffset: integer(row.manifest_offset),
    manifestBytes: integer(row.manifest_bytes),
    numChunks: integer(row.num_chunks),
    sizeBytes: integer(row.size_bytes),
    schemaSha256: text(row.schema_sha256),
    registeredAtNs: integer(row.registered_ns),
    updatedAtNs: integer(row.updated_ns),
    ranges: rangesFromJson(text(row.ranges)),
    ...(row.properties === null ? {} : { properties: bytes(row.properties) }),
  };
}

/** Ranges as JSON: 64-bit numbers are texts there. */
export function rangesToJson(ranges: readonly IndexRange[]): string {
  return JSON.stringify(ranges.map(({ timeline, type, min, max }) => [timeline, type, String(min), String(max)]));
}

function rangesFromJson(json: string): IndexRange[] {
  const rows = JSON.parse(json) as [string, IndexRange["type"], string, string][];
  return rows.map(([timeline, type, min, max]) => ({ timeline, type, min: BigInt(min), max: BigInt(max) }));
}

function propertiesOf(row: SqlRow): SegmentProperties {
  return { segment: text(row.segment), row: bytes(row.row), revision: BigInt(text(row.revision)) };
}

export function taskOf(row: SqlRow): TaskState {
  return {
    id: text(row.id),
    kind: text(row.kind),
    payload: text(row.payload),
    status: text(row.status) as TaskStatus,
    attempts: Number(row.attempts),
    createdAtNs: integer(row.created_ns),
    updatedAtNs: integer(row.updated_ns),
    ...(row.message === null ? {} : { message: text(row.message) }),
    ...(row.lease_owner === null ? {} : { leaseOwner: text(row.lease_owner) }),
    ...(row.lease_until_ns === null ? {} : { leaseUntilNs: integer(row.lease_until_ns) }),
  };
}
