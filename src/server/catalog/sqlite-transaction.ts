import { RerunError } from "../../core/index.js";
import type { CatalogReads, CatalogTx, Entry, NewLayer, OnDuplicate, PutOutcome } from "./catalog-store.js";
import type { SqlConnection } from "./sqlite-database.js";
import { integer, rangesToJson, text } from "./sqlite-reads.js";

const PUT_LAYER = `insert into layer values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Who listens is a few events behind at most. */
const KEPT_EVENTS = 1000n;

/** The catalog within a transaction that is open on `sql`. */
export function sqlTransaction(sql: SqlConnection, reads: CatalogReads, nowNs: () => bigint): CatalogTx {
  return {
    ...reads,
    putEntry: async (entry) => putEntry(sql, entry),
    deleteEntry: async (id) => deleteEntry(sql, id),
    putLayers: async (rows, onDuplicate) => putLayers(sql, rows, onDuplicate, nowNs()),
    removeLayers: async (dataset, segments, layers) => {
      const condition = [
        segments.length === 0 ? "? = '[]'" : "segment in (select value from json_each(?))",
        layers.length === 0 ? "? = '[]'" : "layer in (select value from json_each(?))",
      ].join(" and ");
      const values = [dataset, JSON.stringify(segments), JSON.stringify(layers)];
      const count = sql.run(`delete from layer where dataset = ? and ${condition}`, values);
      if (count > 0) bumpRevision(sql, dataset, nowNs());
      return count;
    },
    putSchema: async (sha256, schema) => {
      sql.run("insert into recording_schema values (?, ?) on conflict do nothing", [sha256, schema]);
    },
    putProperties: async (dataset, { segment, row, revision }) => {
      sql.run("insert or replace into segment_properties values (?, ?, ?, ?)", [dataset, segment, row, String(revision)]);
    },
    removeProperties: async (dataset, segment) => {
      sql.run("delete from segment_properties where dataset = ? and segment = ?", [dataset, segment]);
    },
    enqueue: async (tasks) => {
      const now = nowNs();
      let position = integer(sql.get("select coalesce(max(position), 0) as last from task", [])?.last);
      for (const { id, kind, payload } of tasks) {
        sql.run("insert into task values (?, ?, ?, 'pending', null, 0, null, null, ?, ?, ?)", [
          id,
          kind,
          payload,
          ++position,
          now,
          now,
        ]);
      }
    },
    finishTasks: async (results) => {
      const now = nowNs();
      for (const status of ["success", "failed"] as const) {
        const ended = results.filter((each) => each.status === status).map(({ id, message }) => [id, message ?? null]);
        sql.run(
          `update task set status = ?, message = ended.message, updated_ns = ?, lease_owner = null, lease_until_ns = null
            from (select value ->> 0 as id, value ->> 1 as message from json_each(?)) as ended
            where task.id = ended.id and task.status in ('pending', 'running')`,
          [status, now, JSON.stringify(ended)],
        );
      }
    },
    noteProgress: async (ids, message) => {
      sql.run(
        `update task set message = ?, updated_ns = ?
          where status = 'running' and id in (select value from json_each(?))`,
        [message, nowNs(), JSON.stringify(ids)],
      );
    },
    cancelTasks: async (ids) => {
      sql.run(
        `update task set status = 'cancelled', message = 'cancelled', updated_ns = ?, lease_owner = null, lease_until_ns = null
          where status in ('pending', 'running') and id in (select value from json_each(?))`,
        [nowNs(), JSON.stringify(ids)],
      );
    },
    forgetOld: async (endedBeforeNs) => {
      sql.run("delete from task where status not in ('pending', 'running') and updated_ns < ?", [endedBeforeNs]);
      sql.run("delete from event where seq <= (select max(seq) from event) - ?", [KEPT_EVENTS]);
    },
    putSetting: async (key, value) => {
      sql.run("insert or replace into setting values (?, ?)", [key, value]);
    },
  };
}

function putEntry(sql: SqlConnection, entry: Entry): void {
  const { id, name, kind, createdAtNs, updatedAtNs, revision, owner, details } = entry;
  const other = sql.get("select id from entry where name = ? and id <> ?", [name, id]);
  if (other !== undefined) throw new RerunError("AlreadyExists", `Entry name '${name}' already exists`);
  const isNew = sql.get("select id from entry where id = ?", [id]) === undefined;
  sql.run("insert or replace into entry values (?, ?, ?, ?, ?, ?, ?, ?)", [
    id,
    name,
    kind,
    createdAtNs,
    updatedAtNs,
    revision,
    owner ?? null,
    JSON.stringify(details),
  ]);
  // Of hidden entries nobody is told: their owner's event stands for them.
  if (isNew && owner === undefined) sql.run("insert into event (entry, kind) values (?, 'created')", [id]);
}

function deleteEntry(sql: SqlConnection, id: string): boolean {
  for (const row of sql.all("select id from entry where owner = ?", [id])) deleteEntry(sql, text(row.id));
  const entry = sql.get("select owner from entry where id = ?", [id]);
  if (entry === undefined) return false;
  sql.run("delete from layer where dataset = ?", [id]);
  sql.run("delete from segment_properties where dataset = ?", [id]);
  sql.run("delete from entry where id = ?", [id]);
  if (entry.owner === null) sql.run("insert into event (entry, kind) values (?, 'deleted')", [id]);
  return true;
}

function putLayers(sql: SqlConnection, rows: readonly NewLayer[], onDuplicate: OnDuplicate, now: bigint): PutOutcome[] {
  /** The last position in each dataset that was changed. */
  const positions = new Map<string, bigint>();
  const outcomes = rows.map((row): PutOutcome => {
    const key = [row.dataset, row.segment, row.layer];
    const isKnown = sql.get("select 1 as one from layer where dataset = ? and segment = ? and layer = ?", key) !== undefined;
    if (isKnown && onDuplicate === "skip") return "skipped";
    if (isKnown && onDuplicate === "error") return "exists";
    // A layer that is replaced becomes the last one: its properties then win.
    if (isKnown) sql.run("delete from layer where dataset = ? and segment = ? and layer = ?", key);
    const position = (positions.get(row.dataset) ?? lastPosition(sql, row.dataset)) + 1n;
    positions.set(row.dataset, position);
    insertLayer(sql, row, position);
    return isKnown ? "replaced" : "added";
  });
  for (const dataset of positions.keys()) bumpRevision(sql, dataset, now);
  return outcomes;
}

function lastPosition(sql: SqlConnection, dataset: string): bigint {
  return integer(sql.get("select coalesce(max(position), 0) as last from layer where dataset = ?", [dataset])?.last);
}

function insertLayer(sql: SqlConnection, row: NewLayer, position: bigint): void {
  sql.run(PUT_LAYER, [
    row.dataset,
    row.segment,
    row.layer,
    position,
    row.object,
    row.objectBytes,
    row.objectVersion,
    row.manifestObject,
    row.manifestOffset,
    row.manifestBytes,
    row.numChunks,
    row.sizeBytes,
    row.schemaSha256,
    row.registeredAtNs,
    row.updatedAtNs,
    rangesToJson(row.ranges),
    row.properties ?? null,
  ]);
}

function bumpRevision(sql: SqlConnection, entry: string, now: bigint): void {
  sql.run("update entry set revision = revision + 1, updated_ns = ? where id = ?", [now, entry]);
}
