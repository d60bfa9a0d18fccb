/**
 * The connection of this package to the tslab kernel that runs it, made from inside a cell of an unmodified tslab.
 */
import { randomUUID } from "node:crypto";
import Module from "node:module";
import { RerunError } from "../../core/index.js";
import type { RunningTslab, TslabServer } from "./find-tslab.js";
import { buildFrames, type JsonObject, type KernelMessage, parseFrames, peekHeader } from "./frames.js";

/** Representations of one output by MIME type; values are text, or JSON objects for JSON types. */
export type MimeBundle = { readonly [mimeType: string]: string | JsonObject };

export interface SendOptions {
  /** Header of the message this one answers; default: the cell that shows output now. */
  readonly parent?: JsonObject;
  readonly metadata?: JsonObject;
  /** Passed on without a copy: must not change afterwards. */
  readonly buffers?: readonly Uint8Array[];
}

/** A message from a front end, with the way back to the one who sent it. */
export interface IncomingMessage extends KernelMessage {
  /** Answers on the socket the message came from. */
  reply(type: string, content: JsonObject): void;
}

/** Gets the messages tslab itself knows nothing of. What it throws is its own business to report. */
export type MessageHandler = (message: IncomingMessage) => void;

/** What the rest of the package may ask of the kernel. */
export interface KernelLink {
  /** Broadcasts a message to all front ends. */
  publish(type: string, content: JsonObject, options?: SendOptions): void;
  /** Adds an output to the cell that runs, or ran last. */
  display(data: MimeBundle): void;
  /**
   * The same for an output that `next` takes the place of; the cell does not end before, and for a while the next does not begin:
   * it might close what is still read. `next` must not reject.
   */
  displayUntil(next: Promise<MimeBundle>, data: MimeBundle): void;
  /** Header of the request of the cell that gets output now. */
  outputCell(): JsonObject;
  /** Header of the request of the cell that runs now; `undefined` between cells. */
  runningCell(): JsonObject | undefined;
  /** The notebook's cell that gets output now. */
  outputNotebookCell(): NotebookCell;
}

/** A cell of the notebook, as far as the front end tells. */
export interface NotebookCell {
  /** Empty while unknown: the front end does not say, or the cell attached this link and runs still. */
  readonly id: string;
}

interface ZmqSocket {
  send(frames: readonly Uint8Array[]): Promise<void>;
}

interface ZmqPublisher extends ZmqSocket {
  sendTimeout: number;
  sendHighWaterMark: number;
}

/** So many requests are remembered for output that comes after the end of their cell. */
const MAX_REMEMBERED_CELLS = 256;

/** So long a cell waits for outputs of those before it. */
const MAX_HOLD_MS = 10_000;

const COMM_MESSAGES: ReadonlySet<string> = new Set(["comm_open", "comm_msg", "comm_close", "comm_info_request"]);

export class TslabLink implements KernelLink {
  readonly #tslab: RunningTslab;
  readonly #key: string;
  readonly #session: string = randomUUID();
  readonly #iopub: ZmqPublisher;
  readonly #username: string;
  readonly #onMessage: MessageHandler;
  readonly #onCellsCleared: (cellIds: readonly string[]) => void;
  readonly #onError: (error: unknown) => void;
  /** Headers of the cells that were asked for and have not ended; tslab runs them in this order. */
  #cells: JsonObject[] = [];
  /** The notebook's cells by the id of the request that ran them. */
  readonly #notebookCells: Map<string, { id: string }> = new Map();
  /** Outputs that are still to be replaced, by the id of the request. */
  readonly #unfinished: Map<string, Promise<unknown>> = new Map();
  /** All outputs that are still to be replaced. */
  #replaced: Promise<unknown> = Promise.resolve();

  /**
   * Attaches, synchronously. Must be called while a cell runs or has run.
   *
   * @throws RerunError `Unsupported` when this tslab does not behave as expected; nothing is changed then
   */
  constructor(
    tslab: RunningTslab,
    options: {
      readonly key: string;
      readonly onMessage: MessageHandler;
      /** The front end cleared the output of these cells: they are run again, or were deleted. */
      readonly onCellsCleared: (cellIds: readonly string[]) => void;
      /** Called for a message that cannot be read. */
      readonly onError: (error: unknown) => void;
    },
  ) {
    this.#tslab = tslab;
    this.#key = options.key;
    this.#onMessage = options.onMessage;
    this.#onCellsCleared = options.onCellsCleared;
    this.#onError = options.onError;
    const probe = this.#probeOutput();
    this.#iopub = probe.socket;
    this.#username = typeof probe.message.header.username === "string" ? probe.message.header.username : "kernel";
    keepAllMessages(this.#iopub);
    this.#patchServer(probe.message.parent);
    this.#holdCells();
  }

  publish(type: string, content: JsonObject, options: SendOptions = {}): void {
    this.#send(this.#iopub, [Buffer.from(`kernel.${type}`)], type, content, {
      ...options,
      parent: options.parent ?? this.outputCell(),
    });
  }

  display(data: MimeBundle): void {
    this.#tslab.jupyter.lastWriteDisplayData({ data, metadata: {}, transient: {} }, false);
  }

  displayUntil(next: Promise<MimeBundle>, data: MimeBundle): void {
    // tslab sets another function when the next cell starts.
    const write = this.#tslab.jupyter.lastWriteDisplayData;
    const transient = { display_id: randomUUID() };
    write({ data, metadata: {}, transient }, false);
    const requestId = String(this.outputCell().msg_id);
    const written = next.then((ready) => write({ data: ready, metadata: {}, transient }, true));
    this.#unfinished.set(requestId, Promise.allSettled([this.#unfinished.get(requestId), written]));
    this.#replaced = Promise.allSettled([this.#replaced, written]);
  }

  outputCell(): JsonObject {
    return this.#probeOutput().message.parent;
  }

  runningCell(): JsonObject | undefined {
    return this.#cells[0];
  }

  outputNotebookCell(): NotebookCell {
    return this.#notebookCells.get(String(this.outputCell().msg_id)) ?? { id: "" };
  }

  #send(socket: ZmqSocket, identities: readonly Uint8Array[], type: string, content: JsonObject, options: SendOptions): void {
    const header = {
      msg_id: randomUUID(),
      msg_type: type,
      username: this.#username,
      session: this.#session,
      date: new Date().toISOString(),
      version: "5.3",
    };
    const { parent = {}, metadata = {}, buffers = [] } = options;
    const frames = buildFrames({ identities, header, parent, metadata, content, buffers }, this.#key);
    // A rejection means that the sockets are closed: the kernel ends, and nobody is left to tell.
    socket.send(frames).catch(() => undefined);
  }

  /**
   * Lets tslab write an empty output and catches it on its way to the socket: that shows the socket and the current cell.
   * zeromq defines `send` as a read-only member of a base class, so it is shadowed on `Publisher` for this one call.
   */
  #probeOutput(): { readonly socket: ZmqPublisher; readonly message: KernelMessage } {
    const prototype = publisherPrototype(this.#tslab.path);
    let caught: { socket: ZmqPublisher; frames: readonly (Uint8Array | string)[] } | undefined;
    Object.defineProperty(prototype, "send", {
      configurable: true,
      value(this: ZmqPublisher, frames: readonly (Uint8Array | string)[]): Promise<void> {
        caught = { socket: this, frames };
        return Promise.resolve();
      },
    });
    try {
      this.#tslab.jupyter.lastWriteDisplayData({ data: {}, metadata: {}, transient: {} }, false);
    } finally {
      Reflect.deleteProperty(prototype, "send");
    }
    if (caught === undefined) throw new RerunError("Unsupported", "tslab wrote an output without its ZeroMQ socket.");
    const frames = caught.frames.map((frame) => (typeof frame === "string" ? Buffer.from(frame) : frame));
    return { socket: caught.socket, message: parseFrames(frames, this.#key) };
  }

  /** tslab calls `this.handleShellMessage` for each message, so a new method on the prototype acts on the running server. */
  #patchServer(currentCell: JsonObject): void {
    const prototype = this.#tslab.jupyter.ZmqServer.prototype as TslabServer & { publishStatus?: unknown };
    const original = prototype.handleShellMessage;
    const link = this;
    prototype.handleShellMessage = function (this: TslabServer, socket, ...frames): Promise<void> {
      const header = peekHeader(frames);
      if (header !== undefined && COMM_MESSAGES.has(header.msg_type)) {
        link.#receive(socket as ZmqSocket, frames);
        return Promise.resolve();
      }
      if (header?.msg_type !== "execute_request") return original.call(this, socket, ...frames);
      link.#cells.push(header);
      link.#startCell(header.msg_id, frames);
      return original.call(this, socket, ...frames).finally(() => link.#endCell(header.msg_id));
    };
    this.#watchCellEnds(prototype, currentCell);
  }

  /**
   * tslab says `idle` when a cell has ended. That is also where the cell that attaches shows its end and its place in the
   * notebook: it began before the patch. Readers of outputs stop reading at `idle`, so it waits for those that are to come.
   */
  #watchCellEnds(prototype: { publishStatus?: unknown }, currentCell: JsonObject): void {
    const original = prototype.publishStatus;
    if (typeof original !== "function" || typeof currentCell.msg_id !== "string") return;
    const link = this;
    const first = currentCell.msg_id;
    this.#cells.push(currentCell);
    this.#rememberCell(first, "");
    prototype.publishStatus = function (this: unknown, status: unknown, message: StatusParent): unknown {
      const requestId = message?.header?.msg_id;
      if (status !== "idle" || typeof requestId !== "string") return original.call(this, status, message);
      link.#endCell(requestId);
      const cell = link.#notebookCells.get(first);
      if (requestId === first && cell !== undefined) cell.id = textOf(message.metadata?.cellId);
      const unfinished = link.#unfinished.get(requestId);
      if (unfinished === undefined) return original.call(this, status, message);
      link.#unfinished.delete(requestId);
      return unfinished.then(() => {
        original.call(this, status, message);
        const running = link.runningCell();
        if (running !== undefined) link.publish("status", { execution_state: "busy" }, { parent: running });
      });
    };
  }

  /** tslab calls this method when it is a cell's turn. */
  #holdCells(): void {
    const prototype = this.#tslab.jupyter.JupyterHandlerImpl?.prototype;
    const original = prototype?.handleExecuteImpl;
    if (prototype === undefined || typeof original !== "function") return;
    const link = this;
    prototype.handleExecuteImpl = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise((resolve) => {
        timer = setTimeout(resolve, MAX_HOLD_MS);
      });
      await Promise.race([link.#replaced, tooLong]);
      clearTimeout(timer);
      return original.apply(this, args);
    };
  }

  /** JupyterLab and VS Code tell in a request's metadata which cell it is of; JupyterLab also which cells are no more. */
  #startCell(messageId: string, frames: readonly Uint8Array[]): void {
    try {
      const { cellId, deletedCells } = parseFrames(frames, this.#key).metadata;
      const cleared = [cellId, ...(Array.isArray(deletedCells) ? deletedCells : [])].map(textOf).filter((id) => id !== "");
      if (cleared.length > 0) this.#onCellsCleared(cleared);
      this.#rememberCell(messageId, textOf(cellId));
    } catch (error) {
      this.#onError(error);
    }
  }

  #rememberCell(requestId: string, id: string): void {
    this.#notebookCells.set(requestId, { id });
    const [oldest] = this.#notebookCells.keys();
    if (this.#notebookCells.size > MAX_REMEMBERED_CELLS && oldest !== undefined) this.#notebookCells.delete(oldest);
  }

  #endCell(messageId: string): void {
    this.#cells = this.#cells.filter((cell) => cell.msg_id !== messageId);
  }

  #receive(socket: ZmqSocket, frames: readonly Uint8Array[]): void {
    try {
      const message = parseFrames(frames, this.#key);
      this.#onMessage({
        ...message,
        reply: (type, content) => this.#send(socket, message.identities, type, content, { parent: message.header }),
      });
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** What tslab hands to `publishStatus`: the request that the status is about. */
interface StatusParent {
  readonly header?: { readonly msg_id?: unknown };
  readonly metadata?: { readonly cellId?: unknown };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The class of tslab's output socket, from the very copy of zeromq that tslab uses. */
function publisherPrototype(tslabPath: string): object {
  const zeromq = Module.createRequire(tslabPath)("zeromq") as { readonly Publisher?: new () => object };
  if (typeof zeromq.Publisher !== "function") throw new RerunError("Unsupported", "tslab's zeromq has no Publisher class.");
  return zeromq.Publisher.prototype as object;
}

/**
 * Keeps zeromq from losing what the kernel sends. Without this, of many messages in one turn of the event loop those after
 * the 512th are rejected as "busy" (tslab never waits), and those beyond 1000 per reader are dropped silently.
 */
function keepAllMessages(socket: ZmqPublisher): void {
  socket.sendTimeout = 0; // a publisher never blocks; 0 takes the path that sends at once
  socket.sendHighWaterMark = 0;
}
