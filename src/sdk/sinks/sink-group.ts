import type { Chunk } from "../../chunk/index.js";
import { RerunError, type StoreId } from "../../core/index.js";
import type { Sink } from "./sink.js";

/** The sinks that a recording has at one time: all get the same, and the failure of one is no other's. */
export class SinkGroup {
  readonly sinks: readonly Sink[];

  /**
   * Opens them.
   *
   * @throws RerunError `SinkFailed` when one cannot be used; those opened before it are closed then
   */
  constructor(sinks: readonly Sink[], storeId: StoreId) {
    this.sinks = sinks;
    for (const [i, sink] of sinks.entries()) {
      try {
        sink.open(storeId);
      } catch (error) {
        for (const opened of sinks.slice(0, i)) opened.close();
        throw error;
      }
    }
  }

  write(chunks: readonly Chunk[]): void {
    for (const sink of this.sinks) sink.write(chunks);
  }

  /** Waits for all of them. @throws RerunError `SinkFailed` with what was lost */
  async flush(): Promise<void> {
    const results = await Promise.allSettled(this.sinks.map((sink) => sink.flush()));
    throwJoined(results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : [])));
  }

  /** Ends all of them. @throws RerunError `SinkFailed` with what was lost */
  close(): void {
    const errors: unknown[] = [];
    for (const sink of this.sinks) {
      try {
        sink.close();
      } catch (error) {
        errors.push(error);
      }
    }
    throwJoined(errors);
  }
}

/** Throws what is there: one error as it is, several as one. */
export function throwJoined(errors: readonly unknown[]): void {
  if (errors.length === 0) return;
  if (errors.length === 1) throw errors[0];
  const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new RerunError("SinkFailed", messages.join("; "), { cause: new AggregateError(errors) });
}
