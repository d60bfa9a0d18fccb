import { clockNanos, createClock, newUuid } from "../../core/index.js";
import type { CatalogEvent, CatalogReads, CatalogStore, CatalogTx, TaskSpec, WorkOptions } from "./catalog-store.js";
import { ChangeSignal } from "./change-signal.js";
import { migrate, openingError, SqlConnection, writingError } from "./sqlite-database.js";
import { integer, sqlReads, taskOf, text } from "./sqlite-reads.js";
import { sqlTransaction } from "./sqlite-transaction.js";

export interface SqliteCatalogOptions {
  /** Nanoseconds since 1970. Default: the machine's clock. */
  readonly nowNs?: () => bigint;
  /** How long a worker may be silent before its tasks are given to another. Default: 6 s. */
  readonly leaseMs?: number;
}

const LEASE_MS = 6_000;
/** A task whose worker fails so often is not tried again. */
const MAX_ATTEMPTS = 5;
/** How often the file is looked at for what other processes did to it. */
const POLL_MS = 1_000;

/**
 * The catalog in one file of SQLite's format, write-ahead. Several processes may have it open.
 *
 * @throws RerunError `Unsupported` without the package libsql, or for a file of a later version; `CorruptFile` for one that is
 * damaged or none, `Unavailable` for one that cannot be written or that another program locks
 */
export function openSqliteCatalog(path: string, options: SqliteCatalogOptions = {}): CatalogStore {
  let writer: SqlConnection | undefined;
  try {
    writer = new SqlConnection(path);
    migrate(writer, path);
    return new SqliteCatalog(writer, new SqlConnection(path), options);
  } catch (error) {
    writer?.close();
    throw openingError(path, error);
  }
}

/** Two connections: a transaction that is open on one is not seen by who reads on the other. */
class SqliteCatalog implements CatalogStore {
  readonly #writer: SqlConnection;
  readonly #reader: SqlConnection;
  readonly #reads: CatalogReads;
  readonly #nowNs: () => bigint;
  readonly #leaseMs: number;
  readonly #changes = new ChangeSignal();
  /** The transaction that runs or ran last: there is one at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #lastEvent = { seq: 0n, count: -1, atMs: 0 };

  constructor(writer: SqlConnection, reader: SqlConnection, options: SqliteCatalogOptions) {
    this.#writer = writer;
    this.#reader = reader;
    this.#reads = sqlReads(reader);
    const clock = createClock();
    this.#nowNs = options.nowNs ?? (() => clockNanos(clock));
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
  }

  entries: CatalogReads["entries"] = (filter) => this.#reads.entries(filter);
  entry: CatalogReads["entry"] = (id) => this.#reads.entry(id);
  layers: CatalogReads["layers"] = (dataset, filter) => this.#reads.layers(dataset, filter);
  schemaIds: CatalogReads["schemaIds"] = (dataset) => this.#reads.schemaIds(dataset);
  schema: CatalogReads["schema"] = (sha256) => this.#reads.schema(sha256);
  properties: CatalogReads["properties"] = (dataset, segments) => this.#reads.properties(dataset, segments);
  tasks: CatalogReads["tasks"] = (ids) => this.#reads.tasks(ids);
  setting: CatalogReads["setting"] = (key) => this.#reads.setting(key);

  write<T>(_lock: readonly string[], fn: (tx: CatalogTx) => Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.#transact(fn));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async *events(signal: AbortSignal, after?: bigint): AsyncGenerator<CatalogEvent, void, undefined> {
    let seq = after ?? this.#readLastEvent();
    let seen = this.#changes.count;
    while (!signal.aborted) {
      const rows = seq < this.#knownLastEvent() ? this.#reader.all("select * from event where seq > ? order by seq", [seq]) : [];
      for (const row of rows) {
        seq = integer(row.seq);
        yield { seq, entry: text(row.entry), kind: text(row.kind) as CatalogEvent["kind"] };
      }
      seen = await this.#changes.after(seen, POLL_MS, signal);
    }
  }

  /** Looked up again when something has changed here or half a poll ago: thousands may watch, and each of them asks once a poll. */
  #knownLastEvent(): bigint {
    const [now, { count }] = [performance.now(), this.#changes];
    if (this.#lastEvent.count !== count || now - this.#lastEvent.atMs > POLL_MS / 2) {
      this.#lastEvent = { seq: this.#readLastEvent(), count, atMs: now };
    }
    return this.#lastEvent.seq;
  }

  #readLastEvent(): bigint {
    return integer(this.#reader.get("select coalesce(max(seq), 0) as seq from event", [])?.seq);
  }

  changed(seen: number, timeoutMs: number, signal: AbortSignal): Promise<number> {
    return this.#changes.after(seen, timeoutMs, signal);
  }

  async work(options: WorkOptions, run: (tasks: readonly TaskSpec[], signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal, onError } = options;
    const worker = newUuid();
    let seen = this.#changes.count;
    while (!signal.aborted) {
      try {
        const tasks = await this.#claim(worker, options);
        if (tasks.length > 0) await this.#runTasks(worker, tasks, options, run);
        else seen = await this.#changes.after(seen, POLL_MS, signal);
      } catch (error) {
        // A catalog that cannot be written now may be later; its tasks wait as long.
        if (signal.aborted || this.#isClosed) return;
        onError(error);
        seen = await this.#changes.after(Number.MAX_SAFE_INTEGER, POLL_MS, signal);
      }
    }
  }

  async #runTasks(
    worker: string,
    tasks: readonly TaskSpec[],
    { signal, onError }: WorkOptions,
    run: (tasks: readonly TaskSpec[], signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const renewal = setInterval(() => this.#renew(worker).catch(onError), this.#leaseMs / 3);
    renewal.unref();
    let hasFailed = false;
    let reason = "";
    try {
      await run(tasks, signal);
    } catch (error) {
      hasFailed = !signal.aborted;
      if (hasFailed) onError(error);
      reason = error instanceof Error ? error.message : String(error);
    } finally {
      clearInterval(renewal);
      await this.#giveBack(worker, hasFailed ? reason : undefined);
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#last;
    this.#changes.notify();
    this.#reader.close();
    this.#writer.moveLog();
    this.#writer.close();
  }

  async #transact<T>(fn: (tx: CatalogTx) => Promise<T>): Promise<T> {
    const sql = this.#writer;
    try {
      sql.exec("begin immediate");
      const result = await fn(sqlTransaction(sql, sqlReads(sql), this.#nowNs));
      sql.exec("commit");
      this.#changes.notify();
      return result;
    } catch (error) {
      sql.rollback();
      throw writingError(error);
    }
  }

  /** Takes tasks that wait, or whose worker has been silent for too long. */
  #claim(worker: string, { kinds, batch }: WorkOptions): Promise<TaskSpec[]> {
    const now = this.#nowNs();
    const condition = `kind in (select value from json_each(?))
      and (status = 'pending' or (status = 'running' and lease_until_ns < ?))`;
    const values = [JSON.stringify(kinds), now];
    // Most of the time there is nothing to do: looking does not keep others from writing.
    if (this.#reader.get(`select 1 as one from task where ${condition} limit 1`, values) === undefined) {
      return Promise.resolve([]);
    }
    return this.write([], async () => {
      const rows = this.#writer.all(`select * from task where ${condition} order by position limit ?`, [
        ...values,
        BigInt(batch),
      ]);
      this.#writer.run(
        `update task set status = 'running', attempts = attempts + 1, lease_owner = ?, lease_until_ns = ?, updated_ns = ?
          where id in (select value from json_each(?))`,
        [worker, this.#leaseEnd(now), now, JSON.stringify(rows.map(({ id }) => id))],
      );
      return rows.map((row) => {
        const { id, kind, payload } = taskOf(row);
        return { id, kind, payload };
      });
    });
  }

  #renew(worker: string): Promise<void> {
    return this.write([], async () => {
      this.#writer.run("update task set lease_until_ns = ? where status = 'running' and lease_owner = ?", [
        this.#leaseEnd(this.#nowNs()),
        worker,
      ]);
    });
  }

  /**
   * What was not finished waits again: at once when this worker ends, after the lease when it failed with `reason`; what failed too
   * often does not.
   */
  async #giveBack(worker: string, reason: string | undefined): Promise<void> {
    const held = "status = 'running' and lease_owner = ?";
    if (this.#isClosed || this.#reader.get(`select 1 as one from task where ${held} limit 1`, [worker]) === undefined) return;
    await this.write([], async () => {
      const sql = this.#writer;
      if (reason === undefined) {
        sql.run(`update task set status = 'pending', lease_owner = null, lease_until_ns = null where ${held}`, [worker]);
        return;
      }
      sql.run(
        `update task set status = 'failed', message = ?, updated_ns = ?, lease_owner = null, lease_until_ns = null
          where ${held} and attempts >= ?`,
        [`given up after ${MAX_ATTEMPTS} attempts: ${reason}`, this.#nowNs(), worker, BigInt(MAX_ATTEMPTS)],
      );
      sql.run(`update task set lease_owner = null where ${held}`, [worker]);
    });
  }

  #leaseEnd(now: bigint): bigint {
    return now + BigInt(this.#leaseMs) * 1_000_000n;
  }
}
