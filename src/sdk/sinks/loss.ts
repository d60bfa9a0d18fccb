import { RerunError } from "../../core/index.js";

/** What a sink could not bring where it belongs. */
export interface SinkLoss {
  readonly numChunks: number;
  readonly numRows: number;
  /** Size of the chunks in memory. */
  readonly numBytes: number;
  /** Why the first of them was lost. */
  readonly reason: string;
}

/** How much of a recording. */
export type Count = Pick<SinkLoss, "numChunks" | "numRows" | "numBytes">;

export function countOf(chunks: readonly { readonly numRows: number; readonly sizeBytes: number }[]): Count {
  let numRows = 0;
  let numBytes = 0;
  for (const chunk of chunks) {
    numRows += chunk.numRows;
    numBytes += chunk.sizeBytes;
  }
  return { numChunks: chunks.length, numRows, numBytes };
}

export function addedCounts(a: Count, b: Count): Count {
  return {
    numChunks: a.numChunks + b.numChunks,
    numRows: a.numRows + b.numRows,
    numBytes: a.numBytes + b.numBytes,
  };
}

/** A sink's failure that cost data. */
export class SinkLossError extends RerunError {
  readonly loss: SinkLoss;

  /** @param place the file or address */
  constructor(loss: SinkLoss, place: string) {
    super("SinkFailed", `${describeCount(loss)} lost: ${loss.reason}: ${place}`);
    this.loss = loss;
  }
}

/** `3 chunks (120 rows, 4.1 kB) were` */
export function describeCount({ numChunks, numRows, numBytes }: Count): string {
  const chunks = numChunks === 1 ? "1 chunk" : `${numChunks} chunks`;
  const rows = numRows === 1 ? "1 row" : `${numRows} rows`;
  return `${chunks} (${rows}, ${formatBytes(numBytes)}) ${numChunks === 1 ? "was" : "were"}`;
}

function formatBytes(numBytes: number): string {
  if (numBytes < 1000) return `${numBytes} bytes`;
  return numBytes < 1e6 ? `${(numBytes / 1e3).toFixed(1)} kB` : `${(numBytes / 1e6).toFixed(1)} MB`;
}

/** Adds up what a sink lost, until somebody is told. */
export class LossCounter {
  #loss: SinkLoss | undefined;

  add(loss: SinkLoss): void {
    if (loss.numChunks === 0) return;
    this.#loss = this.#loss === undefined ? loss : { ...addedCounts(this.#loss, loss), reason: this.#loss.reason };
  }

  /** What was lost since the last call. */
  take(): SinkLoss | undefined {
    const loss = this.#loss;
    this.#loss = undefined;
    return loss;
  }

  /** @throws SinkLossError when something was lost since this was last said */
  check(place: string): void {
    const loss = this.take();
    if (loss !== undefined) throw new SinkLossError(loss, place);
  }
}
