import { randomUUID } from "node:crypto";
import type { Comm, CommHandler, CommSendOptions } from "./comm.js";
import { isJsonObject, type JsonObject } from "./frames.js";
import { IdleBatch } from "./idle-batch.js";
import type { IncomingMessage, KernelLink } from "./kernel-link.js";

/** Called when a front end opens a comm of a registered target. */
export type CommTarget = (comm: Comm, data: JsonObject, buffers: readonly Uint8Array[]) => CommHandler;

export interface CommManagerOptions {
  readonly link: Pick<KernelLink, "publish" | "runningCell">;
  /** A handler threw. */
  readonly onError: (error: unknown) => void;
  /** Default: a timer that does not keep the process alive. */
  readonly schedule?: (run: () => void, delayMs: number) => void;
}

/** All comms of the kernel: opens them, hands messages to them, answers questions about them. */
export class CommManager {
  readonly #link: CommManagerOptions["link"];
  readonly #onError: (error: unknown) => void;
  readonly #comms: Map<string, { readonly comm: Comm; readonly handler: CommHandler }> = new Map();
  readonly #targets: Map<string, CommTarget> = new Map();
  readonly #idles: IdleBatch;

  constructor(options: CommManagerOptions) {
    this.#link = options.link;
    this.#onError = options.onError;
    this.#idles = new IdleBatch({
      publishStatus: (state, parent) => this.#link.publish("status", { execution_state: state }, { parent }),
      runningCell: () => this.#link.runningCell(),
      schedule: options.schedule ?? scheduleUnref,
    });
  }

  /** Comms that front ends open under `name` go to `open`. */
  registerTarget(name: string, open: CommTarget): void {
    this.#targets.set(name, open);
  }

  /** Opens a comm from the kernel's side. */
  open(targetName: string, handler: CommHandler, data: JsonObject, options?: CommSendOptions): Comm {
    const comm = this.#makeComm(randomUUID(), targetName);
    this.#comms.set(comm.id, { comm, handler });
    this.#link.publish("comm_open", { comm_id: comm.id, target_name: targetName, data }, options);
    return comm;
  }

  /** Handles `comm_open`, `comm_msg`, `comm_close` and `comm_info_request`. */
  handle(message: IncomingMessage): void {
    try {
      this.#dispatch(message);
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#acknowledge(message);
    }
  }

  #dispatch(message: IncomingMessage): void {
    const { header, content, buffers } = message;
    if (header.msg_type === "comm_info_request") {
      message.reply("comm_info_reply", { status: "ok", comms: this.#describeComms(content.target_name) });
      return;
    }
    const id = content.comm_id;
    if (typeof id !== "string") return;
    const data = isJsonObject(content.data) ? content.data : {};
    if (header.msg_type === "comm_open") {
      const target = typeof content.target_name === "string" ? this.#targets.get(content.target_name) : undefined;
      if (target === undefined) this.#refuse(id, header);
      else {
        const comm = this.#makeComm(id, String(content.target_name));
        this.#comms.set(id, { comm, handler: target(comm, data, buffers) });
      }
      return;
    }
    const entry = this.#comms.get(id);
    if (header.msg_type === "comm_close") {
      this.#comms.delete(id);
      entry?.handler.onClose?.();
    } else if (entry === undefined) this.#refuse(id, header);
    else entry.handler.onMessage(data, buffers, header);
  }

  /** Only the messages of viewers come in quick succession: only their notices are held back. */
  #acknowledge(message: IncomingMessage): void {
    const data = message.content.data;
    if (isJsonObject(data) && data.method === "custom") this.#idles.add(message.header);
    else this.#link.publish("status", { execution_state: "idle" }, { parent: message.header });
  }

  #describeComms(targetName: unknown): JsonObject {
    const found: [string, JsonObject][] = [];
    for (const { comm } of this.#comms.values()) {
      if (targetName === undefined || targetName === "" || targetName === comm.targetName) {
        found.push([comm.id, { target_name: comm.targetName }]);
      }
    }
    return Object.fromEntries(found);
  }

  #refuse(id: string, parent: JsonObject): void {
    this.#link.publish("comm_close", { comm_id: id, data: {} }, { parent });
  }

  #makeComm(id: string, targetName: string): Comm {
    const isOpen = () => this.#comms.has(id);
    return {
      id,
      targetName,
      send: (data, options) => {
        if (isOpen()) this.#link.publish("comm_msg", { comm_id: id, data }, options);
      },
      close: () => {
        if (!isOpen()) return;
        this.#comms.delete(id);
        this.#link.publish("comm_close", { comm_id: id, data: {} });
      },
    };
  }
}

function scheduleUnref(run: () => void, delayMs: number): void {
  setTimeout(run, delayMs).unref();
}
