import { createRequire } from "node:module";
import type * as api from "@duckdb/node-api";
import { RerunError } from "../../core/index.js";

/** DuckDB, as far as it is used here. */
export interface DuckDb {
  readonly api: typeof api;
  readonly raw: RawDuckDb;
}

/** A vector of the C interface. */
export interface RawVector {
  readonly __duckdb_type: "duckdb_vector";
}

/** The C interface below the package's own, which fills and reads vectors in place: lists, structs, unions, nulls. */
export interface RawDuckDb {
  data_chunk_get_vector(chunk: api.DuckDBDataChunk["chunk"], column: number): RawVector;
  data_chunk_set_size(chunk: api.DuckDBDataChunk["chunk"], size: number): void;
  vector_get_data(vector: RawVector, byteCount: number): Uint8Array;
  /** `null` = no nulls. */
  vector_get_validity(vector: RawVector, byteCount: number): Uint8Array | null;
  vector_ensure_validity_writable(vector: RawVector): void;
  vector_assign_string_element_len(vector: RawVector, index: number, bytes: Uint8Array): void;
  list_vector_get_child(vector: RawVector): RawVector;
  list_vector_get_size(vector: RawVector): number;
  list_vector_set_size(vector: RawVector, size: number): void;
  list_vector_reserve(vector: RawVector, capacity: number): void;
  struct_vector_get_child(vector: RawVector, index: number): RawVector;
  array_vector_get_child(vector: RawVector): RawVector;
  /** The bytes that a pointer in `buffer` leads to. */
  get_data_from_pointer(buffer: ArrayBufferLike, pointerOffset: number, byteCount: number): Uint8Array;
  copy_data_to_vector(vector: RawVector, to: number, source: ArrayBufferLike, from: number, byteCount: number): void;
  copy_data_to_vector_validity(vector: RawVector, to: number, source: ArrayBufferLike, from: number, byteCount: number): void;
}

const INTERRUPT_MS = 20;

let loaded: Promise<DuckDb> | undefined;

/** Loads DuckDB when it is needed first. @throws RerunError `Unsupported` when the optional package is not there */
export function loadDuckDb(): Promise<DuckDb> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<DuckDb> {
  try {
    const duckdb = await import("@duckdb/node-api");
    // The bindings are a part of that package, which exports all of it but these.
    const ofPackage = createRequire(createRequire(import.meta.url).resolve("@duckdb/node-api"));
    return { api: duckdb, raw: ofPackage("@duckdb/node-bindings") as RawDuckDb };
  } catch (cause) {
    loaded = undefined;
    const message = "SQL and Parquet need DuckDB, an optional package that is not installed: npm install @duckdb/node-api";
    throw new RerunError("Unsupported", message, { cause });
  }
}

/** Runs `work` with a database of its own, in memory unless `path` names a file, and closes it. */
export async function withConnection<T>(
  duckdb: DuckDb,
  signal: AbortSignal | undefined,
  work: (connection: api.DuckDBConnection) => Promise<T>,
  path = ":memory:",
): Promise<T> {
  signal?.throwIfAborted();
  const instance = await duckdb.api.DuckDBInstance.create(path);
  const connection = await instance.connect();
  // Again and again: a query that is just about to begin does not feel it.
  let interrupting: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.interrupt();
    interrupting ??= setInterval(() => connection.interrupt(), INTERRUPT_MS);
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    signal?.throwIfAborted(); // Nobody listened until now.
    return await work(connection);
  } finally {
    signal?.removeEventListener("abort", interrupt);
    clearInterval(interrupting);
    connection.closeSync();
    instance.closeSync();
  }
}

/** What DuckDB says of a query it refuses, as our error. */
export function asSqlError(error: unknown, query: string): unknown {
  if (!(error instanceof Error) || error instanceof RerunError) return error;
  const [message] = error.message.split(/\s+Stack Trace:/);
  return new RerunError("InvalidArgument", `${message ?? ""}, in the query: ${query}`, { cause: error });
}
