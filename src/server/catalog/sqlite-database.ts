import { createRequire } from "node:module";
import type Libsql from "libsql";
import { RerunError } from "../../core/index.js";

type Database = Libsql.Database;
type Statement = Libsql.Statement;

/** What can be bound to a parameter. */
export type SqlValue = string | bigint | Uint8Array | null;
/** Integers come as bigint, blobs as ArrayBuffer. */
export type SqlRow = Readonly<Record<string, string | bigint | ArrayBuffer | null>>;

const BUSY_TIMEOUT_MS = 10_000;

/** The version of the tables below; a file of a later one is refused. */
const SCHEMA_VERSION = 1n;

const TABLES = `
create table setting (key text primary key, value text not null) strict, without rowid;
create table entry (
  id text primary key, name text not null unique, kind text not null, created_ns integer not null, updated_ns integer not null,
  revision integer not null, owner text, details text not null
) strict, without rowid;
create index entry_owner on entry (owner);
create table layer (
  dataset text not null, segment text not null, layer text not null, position integer not null,
  object text not null, object_bytes integer not null, object_version text not null,
  manifest_object text not null, manifest_offset integer not null, manifest_bytes integer not null,
  num_chunks integer not null, size_bytes integer not null, schema_sha256 text not null,
  registered_ns integer not null, updated_ns integer not null, ranges text not null, properties blob,
  primary key (dataset, segment, layer)
) strict, without rowid;
create index layer_position on layer (dataset, position);
create table recording_schema (sha256 text primary key, bytes blob not null) strict, without rowid;
create table segment_properties (
  dataset text not null, segment text not null, row blob not null, revision text not null, primary key (dataset, segment)
) strict, without rowid;
create table task (
  id text primary key, kind text not null, payload text not null, status text not null, message text, attempts integer not null,
  lease_owner text, lease_until_ns integer, position integer not null, created_ns integer not null, updated_ns integer not null
) strict, without rowid;
create index task_open on task (position) where status in ('pending', 'running');
create table event (seq integer primary key autoincrement, entry text not null, kind text not null) strict;
`;

/** One connection: statements are prepared once. */
export class SqlConnection {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();

  constructor(path: string) {
    const Constructor = loadLibsql();
    this.#database = new Constructor(path, { timeout: BUSY_TIMEOUT_MS / 1000 });
    this.#database.defaultSafeIntegers(true);
    this.#database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // Write-ahead, and on disk before a commit returns: what was acknowledged survives the end of process and machine.
    this.#database.exec("pragma journal_mode = wal; pragma synchronous = full");
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  run(sql: string, values: readonly SqlValue[]): number {
    return Number(this.#prepare(sql).run([...values]).changes);
  }

  all(sql: string, values: readonly SqlValue[]): SqlRow[] {
    return this.#prepare(sql).all([...values]) as SqlRow[];
  }

  get(sql: string, values: readonly SqlValue[]): SqlRow | undefined {
    return this.all(sql, values)[0];
  }

  /** Undoes what was begun, unless the failure that led here has done so already. */
  rollback(): void {
    if (this.#database.inTransaction) this.#database.exec("rollback");
  }

  /** Moves what was written ahead into the file itself, so that a copy of this one file is whole; libSQL does not when it closes. */
  moveLog(): void {
    try {
      this.#database.exec("pragma wal_checkpoint(truncate)");
    } catch {
      // Another program is at it, or the disk is full: what is not moved now is moved by who writes next.
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/**
 * Makes the tables of a new file, and looks through one that is there.
 * @throws RerunError `Unsupported` for a file of a later version, `CorruptFile`
 */
export function migrate(connection: SqlConnection, path: string): void {
  const [found] = connection.all("pragma quick_check(1)", []);
  if (found?.quick_check !== "ok") throw damaged(String(found?.quick_check), path);
  connection.exec("begin immediate");
  try {
    const version = connection.get("pragma user_version", [])?.user_version;
    if (version === 0n) connection.exec(`${TABLES} pragma user_version = ${SCHEMA_VERSION}`);
    else if (version !== SCHEMA_VERSION) {
      throw new RerunError(
        "Unsupported",
        `The catalog has format ${version}, this version of rerun-ts reads ${SCHEMA_VERSION}. Use the version that wrote it`,
      );
    }
    connection.exec("commit");
  } catch (error) {
    connection.rollback();
    throw error;
  }
}

/** Why a catalog could not be opened, and what to do. */
export function openingError(path: string, cause: unknown): RerunError {
  if (cause instanceof RerunError) return cause;
  const { code = "", message = "" } = cause as { readonly code?: string; readonly message?: string };
  if (code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB")) return damaged(message, path, cause);
  if (code.startsWith("SQLITE_BUSY")) {
    return new RerunError("Unavailable", `Another program has locked the catalog for ${BUSY_TIMEOUT_MS / 1000} s: ${path}`, {
      cause,
    });
  }
  return new RerunError("Unavailable", `The catalog cannot be opened: ${message}: ${path}`, { cause });
}

/** Why a transaction failed. @param error what it threw: those of ours stay as they are */
export function writingError(error: unknown): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  if (error instanceof RerunError || typeof code !== "string" || !code.startsWith("SQLITE_")) return error;
  const isFull = /^SQLITE_(FULL|IOERR)/.test(code);
  const what = isFull ? `${message}. Is the disk of the data folder full?` : String(message);
  return new RerunError("Unavailable", `The catalog cannot be written: ${what}`, { cause: error });
}

function damaged(why: string, path: string, cause?: unknown): RerunError {
  const message = `The catalog is damaged (${why.replaceAll(/\s+/g, " ")}). Put back a copy of it, or move it away to begin anew: ${path}`;
  return new RerunError("CorruptFile", message, cause === undefined ? undefined : { cause });
}

function loadLibsql(): new (path: string, options: { readonly timeout: number }) => Database {
  try {
    return createRequire(import.meta.url)("libsql") as never;
  } catch (cause) {
    throw new RerunError("Unsupported", "The server needs the package libsql, which is not here: npm install libsql@0.5.29", {
      cause,
    });
  }
}
