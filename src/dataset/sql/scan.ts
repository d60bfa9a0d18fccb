import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import type { Field } from "../../core/index.js";
import type { FrameBatch } from "../../store/index.js";
import type { DuckDb } from "./duckdb.js";
import { duckDbType, type UnionMode } from "./types.js";
import { writeVector } from "./write-vector.js";

/** DuckDB asks for so many rows at a time. */
const VECTOR_ROWS = 2048;

/** Where a scan is. */
interface Place {
  /** Numbers of the fields that are asked for. */
  readonly columns: readonly number[];
  batch: number;
  row: number;
}

/** Batches in memory as a table that DuckDB reads from where they lie, column by column as its queries ask. */
export class FrameScan {
  readonly #duckdb: DuckDb;
  readonly #fields: readonly Field[];
  readonly #unions: UnionMode;
  readonly #used: Set<number> = new Set();
  #isScanned = false;
  #batches: readonly FrameBatch[] = [];
  #places: ReadonlyMap<number, number> = new Map();

  constructor(duckdb: DuckDb, fields: readonly Field[], unions: UnionMode) {
    this.#duckdb = duckdb;
    this.#fields = fields;
    this.#unions = unions;
  }

  /** Fields that queries have asked for so far; `undefined` when none has read the table. */
  get used(): readonly number[] | undefined {
    return this.#isScanned ? [...this.#used].sort((a, b) => a - b) : undefined;
  }

  /** The rows; `columns` tells which field each column of the batches is. */
  setBatches(batches: readonly FrameBatch[], columns: readonly number[]): void {
    this.#batches = batches;
    this.#places = new Map(columns.map((field, column) => [field, column]));
  }

  /** Makes the table known as `name`. */
  async register(connection: DuckDBConnection, name: string): Promise<void> {
    const { api } = this.#duckdb;
    const names = distinctNames(this.#fields);
    connection.registerTableFunction(
      api.DuckDBTableFunction.create({
        name: `scan of ${name}`,
        supportsProjectionPushdown: true,
        bindFunction: (bind) => {
          this.#fields.forEach(({ type }, i) => {
            bind.addResultColumn(names[i] ?? "", duckDbType(this.#duckdb, type, this.#unions));
          });
        },
        initFunction: (init) => {
          const columns = init.getColumnIndexes().filter((column) => column < this.#fields.length);
          for (const column of columns) this.#used.add(column);
          this.#isScanned = true;
          init.setMaxThreads(1);
          init.setInitData({ columns: init.getColumnIndexes(), batch: 0, row: 0 } satisfies Place);
        },
        mainFunction: (info, output) => {
          try {
            output.rowCount = this.#next(info.initData as Place, output.chunk);
          } catch (error) {
            info.setError(error instanceof Error ? error.message : String(error));
          }
        },
      }),
    );
    await connection.run(`create view ${quoted(name)} as select * from ${quoted(`scan of ${name}`)}()`);
  }

  /** Writes the next rows. @returns how many */
  #next(place: Place, chunk: DuckDBDataChunk["chunk"]): number {
    const { raw } = this.#duckdb;
    let batch = this.#batches[place.batch];
    while (batch !== undefined && place.row >= batch.numRows) {
      place.batch += 1;
      place.row = 0;
      batch = this.#batches[place.batch];
    }
    if (batch === undefined) return 0;
    const count = Math.min(VECTOR_ROWS, batch.numRows - place.row);
    raw.data_chunk_set_size(chunk, count);
    for (let i = 0; i < place.columns.length; i++) {
      const column = batch.columns[this.#places.get(place.columns[i]!) ?? -1];
      if (column !== undefined) {
        writeVector(this.#unions, raw, raw.data_chunk_get_vector(chunk, i), column, place.row, count);
      }
    }
    place.row += count;
    return count;
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** DuckDB does not tell upper from lower case in names: later ones get a number. */
function distinctNames(fields: readonly Field[]): string[] {
  const taken = new Set<string>();
  return fields.map(({ name }) => {
    let unique = name;
    for (let i = 1; taken.has(unique.toLowerCase()); i++) unique = `${name}_${i}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
