import { normalizeEntityPath, RerunError, type TimeSpec, timeOf, type WarningReporter } from "../../core/index.js";
import type { ViewerCommand, ViewerEvent } from "../../link/index.js";
import { readEvent, type SelectedItem, VIEWER_EVENT_NAMES, type ViewerEventName, type ViewerEvents } from "./viewer-events.js";

/** The way from a viewer's object to its views in pages. */
export interface ViewerPort {
  command(command: ViewerCommand): void;
  /** Asks all views to answer. */
  ping(ping: number): void;
  close(): void;
}

export interface WaitOptions {
  /** Rejects with `signal.reason` when aborted. */
  readonly signal?: AbortSignal;
  /** Seconds; default for a selection: no limit, for a screenshot: 10. */
  readonly timeoutSec?: number;
}

interface Waiting {
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

type Listener = (event: never) => void;

const SCREENSHOT_TIMEOUT_SEC = 10;
const PING_INTERVAL_MS = 250;

/**
 * A viewer in the output of a cell, as code in cells sees it: ask it things, tell it things, hear what the user does.
 *
 * ```ts
 * const viewer = rr.show();
 * viewer.on("selectionChange", (event) => console.log(event.items));
 * const picked = await viewer.nextSelection();
 * ```
 */
export class NotebookViewer {
  readonly #port: ViewerPort;
  readonly #warn: WarningReporter;
  readonly #listeners: Map<ViewerEventName, Set<Listener>> = new Map();
  readonly #screenshots: Map<number, Waiting> = new Map();
  readonly #pongListeners: Set<() => void> = new Set();
  readonly #closeListeners: Set<() => void> = new Set();
  #lastRequest = 0;
  #isClosed = false;

  /** @internal */
  constructor(port: ViewerPort, warn: WarningReporter) {
    this.#port = port;
    this.#warn = warn;
  }

  /**
   * Calls `listener` whenever that happens in any view of this viewer.
   *
   * @returns the function that ends it
   */
  on<N extends ViewerEventName>(name: N, listener: (event: ViewerEvents[N]) => void): () => void {
    if (!VIEWER_EVENT_NAMES.includes(name)) {
      throw new RerunError("InvalidArgument", `on: expected one of ${VIEWER_EVENT_NAMES.join(", ")}, got ${String(name)}`);
    }
    if (typeof listener !== "function") {
      throw new RerunError("InvalidArgument", `on("${name}"): expected a function, got ${typeof listener}`);
    }
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    const entry: Listener = (event) => listener(event);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  /**
   * The next thing the user selects. A lone `await` of it in a cell works; the viewer stays usable meanwhile.
   *
   * @throws RerunError `Timeout` after `timeoutSec`, `Closed` when the viewer is closed; `signal.reason` when aborted
   */
  nextSelection(options: WaitOptions = {}): Promise<SelectedItem> {
    return this.#wait("nextSelection", options, undefined, (resolve) =>
      this.on("selectionChange", ({ items }) => {
        const item = items[0];
        if (item !== undefined) resolve(item);
      }),
    );
  }

  /** Moves the viewer to `timeline`, and to that time when one is given: `setTime("frame", { sequence: 42 })`. */
  setTime(timeline: string, time?: TimeSpec): void {
    if (time === undefined) this.#port.command({ kind: "setTime", timeline });
    else this.#port.command({ kind: "setTime", timeline, time: String(timeOf(time, "setTime")[1]) });
  }

  play(): void {
    this.#port.command({ kind: "play" });
  }

  pause(): void {
    this.#port.command({ kind: "pause" });
  }

  /** Selects an entity, or one instance of it; `null` selects nothing. */
  select(entityPath: string | null, options: { readonly instance?: number } = {}): void {
    this.#port.command({ kind: "select", entityPath: entityPath === null ? null : normalizeEntityPath(entityPath), ...options });
  }

  /** Moves the camera to an entity. */
  focus(entityPath: string): void {
    this.#port.command({ kind: "focus", entityPath: normalizeEntityPath(entityPath) });
  }

  /** Shows another recording of the dataset: its segment of that id. */
  setActiveRecording({ recordingId }: { readonly recordingId: string }): void {
    if (typeof recordingId !== "string") {
      throw new RerunError("InvalidArgument", `setActiveRecording: recordingId must be an id, got ${typeof recordingId}`);
    }
    this.#port.command({ kind: "setRecording", recordingId });
  }

  /**
   * A picture of the viewer as some page shows it now: the bytes of a PNG file.
   *
   * @throws RerunError `NoFrontend` when no page shows the viewer, `Timeout` when one does but takes too long
   */
  async screenshot(options: WaitOptions = {}): Promise<Uint8Array> {
    const limitSec = options.timeoutSec ?? SCREENSHOT_TIMEOUT_SEC;
    const endMs = performance.now() + limitSec * 1000;
    await this.#findFrontend({ ...options, timeoutSec: limitSec });
    const requestId = ++this.#lastRequest;
    const timeoutSec = Math.max(0, (endMs - performance.now()) / 1000);
    return this.#wait<Uint8Array>("screenshot", { ...options, timeoutSec }, undefined, (resolve, reject) => {
      this.#screenshots.set(requestId, { resolve, reject });
      this.#port.command({ kind: "screenshot", requestId });
      return () => void this.#screenshots.delete(requestId);
    });
  }

  /** Ends the viewer in all pages: they keep their last picture. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const listener of [...this.#closeListeners]) listener();
    this.#listeners.clear();
    this.#port.close();
  }

  /** @internal */
  receiveEvent(event: ViewerEvent, buffers: readonly Uint8Array[]): void {
    if (event.type === "screenshot") this.#receiveScreenshot(event, buffers);
    const read = readEvent(event);
    if (read === undefined) return;
    for (const name of VIEWER_EVENT_NAMES) {
      const value = read[name];
      if (value !== undefined) for (const listener of [...(this.#listeners.get(name) ?? [])]) this.#call(name, listener, value);
    }
  }

  /** @internal */
  receivePong(): void {
    for (const listener of [...this.#pongListeners]) listener();
  }

  #receiveScreenshot(event: ViewerEvent & { readonly type: "screenshot" }, buffers: readonly Uint8Array[]): void {
    const waiting = this.#screenshots.get(event.requestId);
    const png = buffers[0];
    if (waiting === undefined) return;
    if (png !== undefined) waiting.resolve(png.slice());
    else waiting.reject(new RerunError("Unsupported", `The page could not make a picture: ${event.error ?? "it sent none"}`));
  }

  /** A listener is the user's code: its error must not end the kernel's work. */
  #call(name: ViewerEventName, listener: Listener, event: unknown): void {
    try {
      listener(event as never);
    } catch (error) {
      this.#warn({ code: "InvalidArgument", message: `A listener of "${name}" failed: ${String(error)}` });
    }
  }

  #findFrontend(options: WaitOptions): Promise<void> {
    const error = new RerunError(
      "NoFrontend",
      "No page shows this viewer: a screenshot needs the notebook open in a browser, with the viewer's cell output on it.",
    );
    return this.#wait<void>("screenshot", options, error, (resolve) => {
      const ping = () => this.#port.ping(++this.#lastRequest);
      this.#pongListeners.add(resolve);
      const timer = setInterval(ping, PING_INTERVAL_MS).unref();
      ping();
      return () => {
        clearInterval(timer);
        this.#pongListeners.delete(resolve);
      };
    });
  }

  /** A promise that also ends by time, by signal and by `close()`; `start` returns what undoes it. */
  #wait<T>(
    what: string,
    options: WaitOptions,
    timeoutError: RerunError | undefined,
    start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
  ): Promise<T> {
    const { signal, timeoutSec } = options;
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#isClosed) return reject(closedError(what));
      const ends: (() => void)[] = [];
      let isDone = false;
      const finish = (act: () => void) => {
        isDone = true;
        for (const end of ends.splice(0)) end();
        act();
      };
      if (timeoutSec !== undefined) {
        const error = timeoutError ?? new RerunError("Timeout", `${what}: nothing came within ${timeoutSec} s`);
        const timer = setTimeout(() => finish(() => reject(error)), timeoutSec * 1000).unref();
        ends.push(() => clearTimeout(timer));
      }
      const onAbort = () => finish(() => reject(signal?.reason));
      signal?.addEventListener("abort", onAbort);
      ends.push(() => signal?.removeEventListener("abort", onAbort));
      const onClose = () => finish(() => reject(closedError(what)));
      this.#closeListeners.add(onClose);
      ends.push(() => this.#closeListeners.delete(onClose));
      ends.push(
        start(
          (value) => finish(() => resolve(value)),
          (reason) => finish(() => reject(reason)),
        ),
      );
      if (isDone) for (const end of ends.splice(0)) end(); // settled while it started
    });
  }
}

function closedError(what: string): RerunError {
  return new RerunError("Closed", `${what}: the viewer was closed`);
}
