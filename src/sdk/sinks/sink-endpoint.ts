import type { Warning } from "../../core/index.js";
import type { SinkLoss } from "./loss.js";
import type { SinkMessage } from "./sink-message.js";

/** The far end of a sink, in whichever thread: brings messages where they belong. */
export interface SinkEndpoint {
  /**
   * Takes messages, in order. What it gives back resolves when it can take more: until then the bytes of these count as under
   * way, and when those are too many, the recording waits. Never rejects: what cannot be brought is reported as lost.
   */
  take(messages: readonly SinkMessage[]): void | Promise<void>;
  /**
   * Resolves when all that was taken is where it belongs, or lost.
   *
   * @throws RerunError `SinkFailed` when it cannot be said yet: what waits is kept
   */
  flush(): void | Promise<void>;
  /** As `flush`, then the end: the process may be waiting, so it takes a bounded time. */
  end(): void | Promise<void>;
}

/** The address of an endpoint, or why it has none. */
export type EndpointReady = { readonly value: string } | { readonly error: string };

/** Whom an endpoint tells. */
export interface SinkReporter {
  /** What was lost: adds up until `flush` or `close` says it. */
  lost(loss: SinkLoss): void;
  /** Printed once. */
  warn(warning: Warning): void;
  /** Says that the endpoint works, with its address, or why it does not; for those that somebody waits for. */
  ready?(result: EndpointReady): void;
}
