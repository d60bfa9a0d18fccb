import type { Clock, TuidSource } from "../core/index.js";
import type { AsComponents } from "../types/index.js";
import type { BatcherConfig } from "./batcher-config.js";
import type { BlueprintLike } from "./blueprint/blueprint.js";

export interface RecordingStreamOptions {
  /** Recordings with the same id are one. Default: 32 random hexadecimal digits. */
  readonly recordingId?: string;
  /** Whether the recording says when it began. Default `true`. */
  readonly sendProperties?: boolean;
  /** Whether anything is logged at all, unless the environment says it (`RERUN=on`, `RERUN=off`). Default `true`. */
  readonly defaultEnabled?: boolean;
  /** Whether it becomes the global recording at once. Default `false`; `init` does it always. */
  readonly makeDefault?: boolean;
  /** When rows become chunks; what is not given comes from the environment or is the real SDK's default. */
  readonly batcher?: Partial<BatcherConfig>;
  /** What the recording may hold in memory, in bytes. Default 1 GiB. */
  readonly memoryLimit?: number;
  /** How viewers show the application when no other blueprint is there. Goes to every sink. */
  readonly defaultBlueprint?: BlueprintLike;
  /** For tests: where ids of rows and chunks come from. */
  readonly tuids?: TuidSource;
  /** For tests: what time it is. */
  readonly clock?: Clock;
}

export interface LogOptions {
  /** Whether the values hold at all times. Default `false`. */
  readonly static?: boolean;
  /** Whether bad input throws. Default: the program's mode, see `init`. */
  readonly strict?: boolean;
}

export interface SendColumnsOptions {
  /** Whether bad input throws. Default: the program's mode, see `init`. */
  readonly strict?: boolean;
}

export interface SinkOptions {
  /** How viewers show the application when no other blueprint is there. */
  readonly defaultBlueprint?: BlueprintLike;
}

export interface SaveOptions extends SinkOptions {
  /** Whether the recording ends with an index of its chunks. Default `true`. */
  readonly writeFooter?: boolean;
}

export interface ServeGrpcOptions extends SinkOptions {
  /** Default 9876; 0 = any free port. */
  readonly grpcPort?: number;
  /** What is kept for viewers that come late: bytes, `"4GiB"`, or a part of this machine's memory, `"50%"`. Default `"1GiB"`. */
  readonly serverMemoryLimit?: number | string;
  /** Whether viewers that come late get the newest data first. Default false: in the order in which they were logged. */
  readonly newestFirst?: boolean;
  /** Pages that may read, beside those of localhost and rerun.io: `https://*.example.com`. */
  readonly corsAllowOrigin?: readonly string[];
}

export interface ExportOptions {
  /** Writes what is left when something was evicted, instead of rejecting. Default `false`. */
  readonly allowPartial?: boolean;
}

export interface FlushOptions {
  /** Rejects with `Timeout` when it takes longer. Default: no limit. */
  readonly timeoutSec?: number;
}

/** Text, with parts separated by `/`; or a list of parts, each taken literally. */
export type LogPath = string | readonly (string | number | bigint | boolean)[];

/** One loggable thing, or several that make up one row. */
export type Loggable = AsComponents | readonly AsComponents[];
