import type { Field } from "../core/index.js";
import type { FrameBatch } from "../store/index.js";

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Numbers of the fields that batches hold, in that order. Default: all. */
  readonly outputs?: readonly number[] | undefined;
}

/** A table that is ready to be read, whatever answers: stores and files in process, a server. */
export interface OpenFrame {
  readonly fields: readonly Field[];
  /** Of the schema. */
  readonly metadata: ReadonlyMap<string, string>;
  /** About what the whole result takes, in bytes; `undefined` when nobody knows. */
  readonly resultBytes?: number | undefined;
  /** May be called several times; each gives all rows. */
  batches(options?: ReadOptions): AsyncIterable<FrameBatch>;
}

/** Where the rows of a dataframe come from. Opened anew for each use: nothing is read before. */
export interface FrameSource {
  open(signal?: AbortSignal): Promise<OpenFrame>;
  /** Rows that are in memory already, if they are: they can be shown without waiting. */
  readonly memory?: MemoryFrame | undefined;
}

/** A table in memory. */
export interface MemoryFrame {
  readonly fields: readonly Field[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly batches: readonly FrameBatch[];
}

/** A table in memory as a source. */
export function memorySource(memory: MemoryFrame): FrameSource {
  const { fields, metadata, batches } = memory;
  const open: OpenFrame = {
    fields,
    metadata,
    async *batches({ outputs, signal } = {}) {
      for (const { numRows, columns } of batches) {
        signal?.throwIfAborted();
        yield { numRows, columns: outputs === undefined ? columns : outputs.flatMap((i) => columns[i] ?? []) };
      }
    },
  };
  return { open: async () => open, memory };
}
