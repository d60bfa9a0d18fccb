/**
 * The kernel's end of the viewer's protocol for one shown recording: answers the requests of all its views,
 * tells them about new data, and passes commands and events on.
 */

import { RerunError } from "../../core/index.js";
import type { Answer, Envelope, Notice, Reply, Request, ViewerCommand, ViewerEvent } from "../../link/index.js";
import type { ToView } from "../wire.js";
import { isJsonObject, type JsonObject } from "./frames.js";
import { RevisionNotices } from "./revision-notices.js";

/** Answers the requests about data: a `QueryService` or a `DatasetService`. */
export interface RequestHandler {
  /** @param signal aborted when nobody waits for the answer any more */
  handle(request: Request, signal: AbortSignal): Answer;
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
  parts?: Iterator<Envelope<Reply>>;
}

/** A repetition of a request that was answered less than this ago crossed the answer on its way. */
const ECHO_MS = 500;
/** A view takes a kernel that says nothing for a second for a busy one. */
const WAITING_NOTICE_MS = 500;

export class ViewChannel {
  readonly #options: ViewChannelOptions;
  readonly #now: () => number;
  readonly #notices: RevisionNotices;
  /** Being answered, in turns: each gets to send one part, so that a small answer does not wait for a large one. */
  #tasks: Task[] = [];
  /** Whose data are on their way to the kernel. */
  readonly #waiting: Set<Task> = new Set();
  readonly #end = new AbortController();
  #waitingTimer: ReturnType<typeof setInterval> | undefined;
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
    clearInterval(this.#waitingTimer);
    for (const task of this.#tasks) void task.parts?.return?.();
    this.#tasks = [];
    this.#waiting.clear();
    this.#end.abort(new RerunError("Closed", reason));
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
    if ([...this.#tasks, ...this.#waiting].some((task) => task.key === key)) return;
    if (answered !== undefined && this.#now() - answered < ECHO_MS) return;
    if (request.kind === "index" || request.kind === "hello") this.#notices.viewsAsked();
    this.#queue({ key, view, header, request });
  }

  #queue(task: Task): void {
    this.#tasks.push(task);
    if (this.#tasks.length === 1) void this.#pump();
  }

  async #pump(): Promise<void> {
    while (true) {
      const task = this.#tasks[0];
      if (task === undefined) return;
      const state = this.#sendNext(task);
      if (state === "open") await nextTurn(); // lets other messages of the kernel in, and requests that are to be answered first
      if (this.#isClosed) return;
      this.#tasks.shift();
      if (state === "open") this.#tasks.push(task);
      else if (state === "done") this.#rememberAnswered(task.key);
    }
  }

  /** A synchronous answer goes out in this very turn: an await would put it behind other messages. */
  #sendNext(task: Task): "done" | "open" | "waiting" {
    try {
      if (task.parts === undefined) {
        const answer = this.#answer(task.request);
        if (answer instanceof Promise) {
          this.#wait(task, answer);
          return "waiting";
        }
        task.parts = answer[Symbol.iterator]();
      }
      const result = task.parts.next();
      if (this.#isClosed || result.done === true) return "done";
      this.#options.send({ view: task.view, message: result.value.content }, result.value.buffers, task.header);
      return result.value.content.last ? "done" : "open";
    } catch (error) {
      this.#options.onError(error);
      const fault = { code: "InvalidData", message: String(error) };
      const message: Reply = { kind: "reply", id: task.request.id, seq: 0, last: true, error: fault };
      this.#options.send({ view: task.view, message }, [], task.header);
      return "done";
    }
  }

  #answer(request: Request): Answer {
    if (request.kind === "bundle") return bundleReply(request.id, this.#options.bundleParts());
    return this.#options.service.handle(request, this.#end.signal);
  }

  /** The others go on meanwhile, and the views hear that the kernel is not busy. */
  #wait(task: Task, answer: Exclude<Answer, Iterable<unknown>>): void {
    this.#waiting.add(task);
    this.#waitingTimer ??= setInterval(() => {
      for (const view of new Set([...this.#waiting].map((each) => each.view))) this.#notify({ kind: "waiting" }, view);
    }, WAITING_NOTICE_MS).unref();
    const goOn = (parts: Iterator<Envelope<Reply>>): void => {
      if (!this.#waiting.delete(task)) return;
      if (this.#waiting.size === 0) {
        clearInterval(this.#waitingTimer);
        this.#waitingTimer = undefined;
      }
      this.#queue({ ...task, parts });
    };
    answer.then(
      (parts) => goOn(parts[Symbol.iterator]()),
      (error: unknown) => goOn(failing(error)),
    );
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

/** Throws when its first part is asked for. */
function failing(error: unknown): Iterator<never> {
  return {
    next() {
      throw error;
    },
  };
}

function isRequest(value: unknown): value is Request {
  return isJsonObject(value) && typeof value.kind === "string" && typeof value.id === "number";
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
