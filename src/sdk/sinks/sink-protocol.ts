/** What a recording's thread and the thread of a sink say to each other. */
import type { MessagePort } from "node:worker_threads";
import type { StoreId, Warning } from "../../core/index.js";
import type { SinkLoss } from "./loss.js";
import type { WriterState } from "./recording-writer.js";
import type { EndpointReady } from "./sink-endpoint.js";
import type { SinkMessage } from "./sink-message.js";

/** What the other thread shall do, in values that can be sent. */
export type SinkJob = FileJob | GrpcJob | ServeJob;

/** Write to a file. */
export interface FileJob {
  readonly kind: "file";
  readonly path: string;
  readonly storeId: StoreId;
  readonly writeFooter: boolean;
  readonly descriptor: number;
  readonly position: number;
  readonly before: WriterState;
}

/** Send to a receiver. */
export interface GrpcJob {
  readonly kind: "grpc";
  /** `http://host:port` */
  readonly origin: string;
  /** The address as the user knows it. */
  readonly url: string;
  readonly storeId: StoreId;
  readonly patienceMillis: number | undefined;
}

/** Serve readers. */
export interface ServeJob {
  readonly kind: "serve";
  readonly host: string;
  readonly port: number;
  readonly memoryLimitBytes: number;
  readonly newestFirst: boolean;
  readonly corsAllowOrigin: readonly string[];
}

/** To the other thread. */
export type SinkCommand =
  | { readonly kind: "take"; readonly messages: readonly SinkMessage[]; readonly kib: number }
  | { readonly kind: "flush" | "end"; readonly id: number };

/** From it. */
export type SinkReply =
  /** `failure`: why it cannot be said that everything is where it belongs. */
  | { readonly kind: "done"; readonly id: number; readonly failure?: string }
  | { readonly kind: "ready"; readonly result: EndpointReady }
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
