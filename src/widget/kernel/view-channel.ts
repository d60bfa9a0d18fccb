/**
 * The kernel's end of the viewer's protocol for one shown recording: answers the requests of all its views,
 * tells them about new data, and passes commands and events on.
 */
import type { Envelope, Notice, Reply, Request, ViewerCommand, ViewerEvent } from "../../link/index.js";
import type { ToView } from "../wire.js";
import { isJsonObject, type JsonObject } from "./frames.js";
import { RevisionNotices } from "./revision-notices.js";

/** Answers the requests about data: a `QueryService`. */
export interface RequestHandler {
  handle(request: Request): Iterable<Envelope<Reply>> | AsyncIterable<Envelope<Reply>>;
}

export interface ViewChannelOptions {
  readonly service: RequestHandler;
  /** Parts of the viewer's code, each of at most `MAX_PART_BYTES`. */
  readonly bundleParts: () => readonly Uint8Array[];
  send(content: JsonObject, buffers: readonly Uint8Array[], parent?: JsonObject): void;
  onEvent(event: ViewerEvent, buffers: readonly Uint8Array[], view: string): void;
  /** A view answered a ping. */
  onPong(ping: number, view: string): void;
  /** A request could not be answered. */
  onError(error: unknown): void;
  /** Milliseconds, ascending. */
  readonly now?: () => number;
}

interface Task {
  readonly key: string;
  readonly view: string;
  readonly header: JsonObject;
  readonly request: Request;
  /** Made when the first part is due. */
  parts?: AsyncIterator<Envelope<Reply>> | Iterator<Envelope<Reply>>;
}

/** A repetition of a request that was answered less than this ago crossed the answer on its way. */
const ECHO_MS = 500;

export class ViewChannel {
  readonly #options: ViewChannelOptions;
  readonly #now: () => number;
  readonly #notices: RevisionNotices;
  /** Being answered, in turns: each gets to send one part, so that a small answer does not wait for a large one. */
  #tasks: Task[] = [];
  readonly #answered: Map<string, number> = new Map();
  /** The last command of each kind, for views that open later. */
  readonly #commands: Map<ViewerCommand["kind"], ViewerCommand> = new Map();
  #isClosed = false;

  constructor(options: ViewChannelOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#notices = new RevisionNotices((revision) => this.#notify({ kind: "revision", revision }));
  }

  /** A custom message of a view. What cannot be understood is ignored: it comes from another version of the page's code. */
  receive(content: unknown, buffers: readonly Uint8Array[], header: JsonObject): void {
    if (this.#isClosed || !isJsonObject(content) || typeof content.view !== "string") return;
    if (typeof content.pong === "number") this.#options.onPong(content.pong, content.view);
    if (!isRequest(content.request)) return;
    const request = content.request;
    if (request.kind === "event") this.#onEvent(request.event, buffers, content.view);
    else this.#start(request, content.view, header);
  }

  /** Says that the store has a new revision, soon and not too often. */
  revisionChanged(revision: number): void {
    if (!this.#isClosed) this.#notices.changed(revision);
  }

  /** To all views now, and to each that opens later (the last one of its kind). Screenshots and focus are for now only. */
  command(command: ViewerCommand): void {
    if (command.kind !== "screenshot" && command.kind !== "focus") {
      if (command.kind === "play") this.#commands.delete("pause");
      if (command.kind === "pause") this.#commands.delete("play");
      this.#commands.delete(command.kind);
      this.#commands.set(command.kind, command);
    }
    this.#notify({ kind: "command", command });
  }

  ping(ping: number): void {
    const content: ToView = { ping };
    this.#options.send(content, []);
  }

  /** Tells the views and answers nothing any more; idempotent. */
  close(reason: string): void {
    if (this.#isClosed) return;
    this.#notify({ kind: "closed", reason });
    this.#isClosed = true;
    this.#notices.close();
    for (const task of this.#tasks) void task.parts?.return?.();
    this.#tasks = [];
  }

  #notify(message: Notice, view?: string): void {
    if (this.#isClosed) return;
    const content: ToView = view === undefined ? { message } : { view, message };
    this.#options.send(content, []);
  }

  #onEvent(event: ViewerEvent, buffers: readonly Uint8Array[], view: string): void {
    if (event.type === "ready") for (const command of this.#commands.values()) this.#notify({ kind: "command", command }, view);
    this.#options.onEvent(event, buffers, view);
  }

  #start(request: Request, view: string, header: JsonObject): void {
    const key = `${view} ${request.id}`;
    const answered = this.#answered.get(key);
    if (this.#tasks.some((task) => task.key === key)) return;
    if (answered !== undefined && this.#now() - answered < ECHO_MS) return;
    if (request.kind === "index" || request.kind === "hello") this.#notices.viewsAsked();
    this.#tasks.push({ key, view, header, request });
    if (this.#tasks.length === 1) void this.#pump();
  }

  #partsOf(request: Request): NonNullable<Task["parts"]> {
    if (request.kind === "bundle") return bundleReply(request.id, this.#options.bundleParts())[Symbol.iterator]();
    const answer = this.#options.service.handle(request);
    return Symbol.asyncIterator in answer ? answer[Symbol.asyncIterator]() : answer[Symbol.iterator]();
  }

  async #pump(): Promise<void> {
    while (true) {
      const task = this.#tasks[0];
      if (task === undefined) return;
      const isDone = await this.#sendNext(task);
      if (this.#isClosed) return;
      this.#tasks.shift();
      if (isDone) this.#rememberAnswered(task.key);
      else {
        this.#tasks.push(task);
        await nextTurn(); // lets other messages of the kernel in
      }
    }
  }

  /** @returns whether the answer is complete */
  async #sendNext(task: Task): Promise<boolean> {
    try {
      // A synchronous answer goes out in this very turn: an await would put it behind other messages.
      task.parts ??= this.#partsOf(task.request);
      const step = task.parts.next();
      const result = step instanceof Promise ? await step : step;
      if (this.#isClosed || result.done === true) return true;
      this.#options.send({ view: task.view, message: result.value.content }, result.value.buffers, task.header);
      return result.value.content.last;
    } catch (error) {
      this.#options.onError(error);
      const fault = { code: "InvalidData", message: String(error) };
      const message: Reply = { kind: "reply", id: task.request.id, seq: 0, last: true, error: fault };
      this.#options.send({ view: task.view, message }, [], task.header);
      return true;
    }
  }

  #rememberAnswered(key: string): void {
    const now = this.#now();
    this.#answered.delete(key);
    this.#answered.set(key, now);
    for (const [old, time] of this.#answered) {
      if (now - time < ECHO_MS) break;
      this.#answered.delete(old);
    }
  }
}

function bundleReply(id: number, parts: readonly Uint8Array[]): Envelope<Reply>[] {
  return parts.map((part, seq) => ({
    content: { kind: "reply", id, seq, last: seq === parts.length - 1 },
    buffers: [part],
  }));
}

function isRequest(value: unknown): value is Request {
  return isJsonObject(value) && typeof value.kind === "string" && typeof value.id === "number";
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
