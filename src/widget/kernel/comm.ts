import type { JsonObject } from "./frames.js";

export interface CommSendOptions {
  /** Header of the message this one answers. */
  readonly parent?: JsonObject;
  readonly metadata?: JsonObject;
  /** Passed on without a copy: must not change afterwards. */
  readonly buffers?: readonly Uint8Array[];
}

/** A named channel between the kernel and the front ends, as Jupyter has them. */
export interface Comm {
  readonly id: string;
  readonly targetName: string;
  /** To every front end. Does nothing once the comm is closed. */
  send(data: JsonObject, options?: CommSendOptions): void;
  /** Tells the front ends and forgets the comm; idempotent. */
  close(): void;
}

/** The kernel's end of a comm. */
export interface CommHandler {
  /** `header` is the message's own: the parent of an answer. Buffers must be copied before they are kept. */
  onMessage(data: JsonObject, buffers: readonly Uint8Array[], header: JsonObject): void;
  /** The front end closed it. */
  onClose?(): void;
}
