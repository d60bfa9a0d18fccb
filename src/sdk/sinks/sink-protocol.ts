/** What a recording's thread and the thread of a sink say to each other. */
import type { MessagePort } from "node:worker_threads";
import type { StoreId, Warning } from "../../core/index.js";
import type { SinkLoss } from "./loss.js";
import type { WriterState } from "./recording-writer.js";
import type { SinkMessage } from "./sink-message.js";

/** What the other thread shall do, in values that can be sent. */
export type SinkJob = {
  readonly kind: "file";
  readonly path: string;
  readonly storeId: StoreId;
  readonly writeFooter: boolean;
  readonly descriptor: number;
  readonly position: number;
  readonly before: WriterState;
};

/** To the other thread. */
export type SinkCommand =
  | { readonly kind: "take"; readonly messages: readonly SinkMessage[]; readonly kib: number }
  | { readonly kind: "flush" | "end"; readonly id: number };

/** From it. */
export type SinkReply =
  | { readonly kind: "done"; readonly id: number }
  | { readonly kind: "lost"; readonly loss: SinkLoss }
  | { readonly kind: "warning"; readonly warning: Warning };

export interface SinkWorkerData {
  readonly job: SinkJob;
  readonly port: MessagePort;
  readonly control: SharedArrayBuffer;
}

/** Words of the memory that both threads see. */
export const CONTROL = {
  /** KiB taken since the beginning, wrapping around. */
  takenKib: 0,
  /** Number of the last `flush` or `end` that is done. */
  doneId: 1,
  /** 1 as soon as the other thread runs, -1 when it has stopped. */
  state: 2,
  words: 3,
} as const;
