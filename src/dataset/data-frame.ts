import * as arrow from "apache-arrow";
import { sliceArray } from "../chunk/index.js";
import { describe, formatBytes, getHost, type PlainValue, RerunError, valueAt } from "../core/index.js";
import { batchBytes, DEFAULT_QUERY_BYTES, type FrameBatch } from "../store/index.js";
import { writeArrowFile } from "./arrow-file.js";
import { arrowBatch, arrowSchema } from "./arrow-table.js";
import { type FrameSource, type MemoryFrame, memorySource } from "./frame-source.js";
import { type HtmlOptions, renderFrame } from "./html/render-frame.js";
import { writeParquetFile } from "./parquet.js";
import { framePolars, type PolarsDataFrame } from "./polars.js";
import { duckDbEngine } from "./sql/duckdb-engine.js";

/** One row: a value for each column by name. Lists are arrays, 64-bit integers and times bigints, bytes `Uint8Array`. */
export type FrameRow = { readonly [column: string]: PlainValue };

export interface FrameOptions {
  /** What a whole result in memory may take, in bytes. Default: 4 GiB. */
  readonly memoryLimitBytes?: number | undefined;
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Frames above this are shown without the number of their rows. */
const MAX_COUNTED_BYTES = 256 * 1024 * 1024;

/**
 * A table of rows by segment and index. Nothing is read before a method is awaited, and each reads anew, so that a frame over a
 * living recording follows it.
 *
 * As the last expression of a notebook cell its first rows are shown as an HTML table.
 *
 * ```ts
 * const frame = dataset.filterContents("/world/**").reader("frame", { fillLatestAt: true });
 * const table = await frame.toArrow();
 * ```
 */
export class DataFrame {
  readonly #source: FrameSource;
  readonly #memoryLimitBytes: number;

  /** @internal */
  constructor(source: FrameSource, options: FrameOptions = {}) {
    this.#source = source;
    this.#memoryLimitBytes = options.memoryLimitBytes ?? DEFAULT_QUERY_BYTES;
    getHost()?.makeRich?.(this, {
      text: () => this.toString(),
      html: () => (source.memory === undefined ? this.toHtml() : renderFrame(source.memory, {})),
    });
  }

  /** The columns, with Rerun's metadata. */
  async schema(options: WaitOptions = {}): Promise<arrow.Schema> {
    const { fields, metadata } = await this.#source.open(options.signal);
    return arrowSchema(fields, metadata);
  }

  /**
   * All rows as one table. Its buffers are those of the chunks where rows lie together.
   *
   * @throws RerunError `LimitExceeded` when the result would take more than the memory limit: read `batches()` then, or ask for
   * fewer columns, a smaller range or `limit` rows
   */
  async toArrow(options: WaitOptions = {}): Promise<arrow.Table> {
    const { fields, metadata, batches } = await this.#collect(options.signal);
    const schema = arrowSchema(fields, metadata);
    return new arrow.Table(
      schema,
      batches.map((batch) => arrowBatch(schema, batch)),
    );
  }

  /** The rows as record batches, read when they are asked for: memory is bounded whatever the length of the recording. */
  async *batches(options: WaitOptions = {}): AsyncGenerator<arrow.RecordBatch, void, undefined> {
    const open = await this.#source.open(options.signal);
    const schema = arrowSchema(open.fields, open.metadata);
    for await (const batch of open.batches(options)) yield arrowBatch(schema, batch);
  }

  /** All record batches. @throws RerunError `LimitExceeded` as `toArrow` */
  async toArray(options: WaitOptions = {}): Promise<arrow.RecordBatch[]> {
    const { fields, metadata, batches } = await this.#collect(options.signal);
    const schema = arrowSchema(fields, metadata);
    return batches.map((batch) => arrowBatch(schema, batch));
  }

  /** Rows as plain objects. @param options `limit`: at most so many, default all */
  async rows(options: WaitOptions & { readonly limit?: number | undefined } = {}): Promise<FrameRow[]> {
    const { fields, batches } = await this.#collect(options.signal, options.limit);
    const rows: FrameRow[] = [];
    for (const { numRows, columns } of batches) {
      for (let row = 0; row < numRows; row++) {
        rows.push(Object.fromEntries(columns.map((column, i) => [fields[i]?.name ?? "", valueAt(column, row)])));
      }
    }
    return rows;
  }

  /** The first rows as a frame in memory. */
  async head(limit = 10, options: WaitOptions = {}): Promise<DataFrame> {
    return this.#inMemory(await this.#collect(options.signal, limit));
  }

  /** The whole frame, read once: further methods read it no more. @throws RerunError `LimitExceeded` as `toArrow` */
  async collect(options: WaitOptions = {}): Promise<DataFrame> {
    return this.#inMemory(await this.#collect(options.signal));
  }

  /** Number of rows. Reads no more than the index needs. */
  async count(options: WaitOptions = {}): Promise<number> {
    const open = await this.#source.open(options.signal);
    let count = 0;
    for await (const { numRows } of open.batches({ ...options, outputs: [] })) count += numRows;
    return count;
  }

  /**
   * The answer to a SQL query in which `frame` is this table, from DuckDB in process. The columns that the query names are
   * read, by DuckDB itself from where they lie. Data columns are lists: `"/s:Scalars:scalars"[1]` is the first instance.
   *
   * ```ts
   * const means = await frame.sql('select frame // 100 as block, avg("/s:Scalars:scalars"[1]) as mean from frame group by block');
   * ```
   * @throws RerunError `Unsupported` when `@duckdb/node-api` is not installed, `InvalidArgument` with DuckDB's message
   */
  async sql(query: string, options: WaitOptions = {}): Promise<DataFrame> {
    const tables = new Map([["frame", this.#source]]);
    const { signal } = options;
    return this.#inMemory(await duckDbEngine.query(query, tables, { maxBytes: this.#memoryLimitBytes, signal }));
  }

  /** As a DataFrame of `nodejs-polars`. @throws RerunError `Unsupported` when that package is not installed */
  async toPolars(options: WaitOptions = {}): Promise<PolarsDataFrame> {
    return framePolars(await this.toArrow(options));
  }

  /**
   * Writes a Parquet file; one that is there is replaced when the new one is complete. Rerun's metadata and Arrow's types stand in
   * it as pyarrow writes them.
   *
   * @throws RerunError `Unsupported` when `@duckdb/node-api` is not installed, `InvalidArgument` when it cannot be written
   */
  async writeParquet(path: string, options: WaitOptions = {}): Promise<void> {
    await writeParquetFile(this.#source, path, options.signal);
  }

  /** Writes an Arrow IPC file (also known as Feather 2), batch by batch; one that is there is replaced when the new one is complete. */
  async writeArrow(path: string, options: WaitOptions = {}): Promise<void> {
    await writeArrowFile(await this.#source.open(options.signal), path, options.signal);
  }

  /** The first rows as an HTML table, ready to stand in a page; everything from data is escaped. */
  async toHtml(options: HtmlOptions & WaitOptions = {}): Promise<string> {
    const { rows = 10, signal } = options;
    const { memory } = this.#source;
    if (memory !== undefined) return renderFrame(memory, options);
    const { resultBytes } = await this.#source.open(signal);
    // Counting reads the index of all chunks: not of a recording that is much larger than a look at it is worth.
    const numRows = resultBytes !== undefined && resultBytes > MAX_COUNTED_BYTES ? undefined : await this.count({ signal });
    return renderFrame(await this.#collect(signal, rows), options, { numRows, sizeBytes: resultBytes });
  }

  toString(): string {
    const { memory } = this.#source;
    if (memory === undefined) return "DataFrame { not read yet: await toArrow(), rows(), head(), count() or sql() }";
    const numRows = memory.batches.reduce((sum, batch) => sum + batch.numRows, 0);
    return `DataFrame { ${numRows} rows × ${memory.fields.length} columns }`;
  }

  #inMemory(memory: MemoryFrame): DataFrame {
    return new DataFrame(memorySource(memory), { memoryLimitBytes: this.#memoryLimitBytes });
  }

  async #collect(signal: AbortSignal | undefined, limit: number = Number.POSITIVE_INFINITY): Promise<MemoryFrame> {
    if (!(limit === Number.POSITIVE_INFINITY || (Number.isSafeInteger(limit) && limit >= 0))) {
      throw new RerunError("InvalidArgument", `Expected a whole number of rows, got ${describe(limit)}`);
    }
    const { memory } = this.#source;
    const open = await this.#source.open(signal);
    const limitBytes = this.#memoryLimitBytes;
    if (limit === Number.POSITIVE_INFINITY && memory === undefined && (open.resultBytes ?? 0) > limitBytes) {
      throw tooLarge(open.resultBytes ?? 0, limitBytes);
    }
    const batches: FrameBatch[] = [];
    let left = limit;
    let bytes = 0;
    for await (const batch of limit === 0 ? [] : open.batches({ signal })) {
      const { numRows, columns } = batch;
      const part = numRows <= left ? batch : { numRows: left, columns: columns.map((column) => sliceArray(column, 0, left)) };
      batches.push(part);
      bytes += batchBytes(part);
      if (bytes > limitBytes) throw tooLarge(bytes, limitBytes);
      left -= part.numRows;
      if (left <= 0) break;
    }
    return { fields: open.fields, metadata: open.metadata, batches };
  }
}

function tooLarge(needed: number, limit: number): RerunError {
  const text = `The result takes about ${formatBytes(needed)} or more, the memory limit is ${formatBytes(limit)}`;
  return new RerunError(
    "LimitExceeded",
    `${text}: read batches(), ask for fewer columns, a smaller range or a limit, or raise memoryLimitBytes`,
  );
}
