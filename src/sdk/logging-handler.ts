import { format } from "node:util";
import { TextLog, TextLogLevel } from "../types/index.js";
import { currentRecording } from "./current-recording.js";
import type { RecordingStream } from "./recording-stream.js";

/** How lines of a logger become `TextLog`. */
export interface LoggingOptions {
  /** Where lines go. Default: the recording that is current when a line comes. */
  readonly recording?: RecordingStream;
}

/** A line of a logger. */
export interface LogRecord {
  /** A name in any case (`warn`, `ERROR`; others are kept as they are), or a number as pino has them (10 trace … 60 fatal). */
  readonly level?: string | number | undefined;
  readonly message: string;
  /** Where it comes from: `module.part` is logged at `module/part`. */
  readonly name?: string | undefined;
}

const LEVEL_OF_NAME: Readonly<Record<string, string>> = {
  critical: TextLogLevel.CRITICAL,
  fatal: TextLogLevel.CRITICAL,
  error: TextLogLevel.ERROR,
  warn: TextLogLevel.WARN,
  warning: TextLogLevel.WARN,
  info: TextLogLevel.INFO,
  log: TextLogLevel.INFO,
  debug: TextLogLevel.DEBUG,
  trace: TextLogLevel.TRACE,
  silly: TextLogLevel.TRACE,
};

/**
 * Turns lines of a logger into `TextLog`s. Call `emit` with each line, or give the handler to a
 * logger that writes lines of JSON to a destination (pino, winston's stream transport): it has `write`.
 *
 * ```ts
 * const handler = new rr.LoggingHandler("logs");
 * handler.emit({ level: "warn", name: "motor", message: "hot" });   // at logs/motor
 * const logger = pino(handler);
 * ```
 */
export class LoggingHandler {
  readonly pathPrefix: string | undefined;
  readonly #recording: RecordingStream | undefined;

  /** @param pathPrefix is put before the entity paths of all lines; default: none */
  constructor(pathPrefix?: string, options: LoggingOptions = {}) {
    this.pathPrefix = pathPrefix;
    this.#recording = options.recording;
  }

  /** Logs a line to the recording. Without a recording nothing happens: a logger must not fail for that. */
  emit({ level, message, name }: LogRecord): void {
    const recording = this.#recording ?? currentRecording();
    if (recording === undefined) return;
    const parts = [
      ...(this.pathPrefix === undefined ? [] : [this.pathPrefix]),
      ...(name === undefined ? [] : [name.replaceAll(".", "/")]),
    ];
    recording.log(parts.join("/"), new TextLog(message, { level: levelOf(level) }));
  }

  /** Logs one line of a logger that writes JSON (`level`, `msg` or `message`, `name` or `module`); other text is a line of level INFO. */
  write(line: string | Uint8Array): boolean {
    const text = (typeof line === "string" ? line : new TextDecoder().decode(line)).replace(/\r?\n$/, "");
    if (text !== "") this.emit(recordOf(text));
    return true;
  }
}

/** Undoes `captureConsole`. */
export type StopCapture = () => void;

const METHODS = { error: "ERROR", warn: "WARN", info: "INFO", log: "INFO", debug: "DEBUG", trace: "TRACE" } as const;

/**
 * Logs what the program writes with `console.log`, `info`, `warn`, `error`, `debug` and `trace`, as `TextLog` at `path`; it is
 * printed all the same.
 *
 * ```ts
 * const stop = rr.captureConsole("console");
 * console.warn("low battery: %d %%", 7);
 * stop();
 * ```
 * @returns a function that ends it
 */
export function captureConsole(path = "console", options: LoggingOptions = {}): StopCapture {
  const handler = new LoggingHandler(path, options);
  const { console: target } = globalThis;
  const undo: (() => void)[] = [];
  // What is printed while a line is logged (a warning of ours) is no line of the program.
  let isLogging = false;
  let isStopped = false;
  for (const [method, level] of Object.entries(METHODS) as [keyof typeof METHODS, string][]) {
    const original = target[method];
    const captured = (...values: unknown[]): void => {
      original.apply(target, values);
      if (isLogging || isStopped) return;
      isLogging = true;
      try {
        handler.emit({ level, message: format(...values) });
      } finally {
        isLogging = false;
      }
    };
    target[method] = captured;
    undo.push(() => {
      // Somebody else may have put a function of theirs over ours since: that stays, and ours only passes on.
      if (target[method] === captured) target[method] = original;
    });
  }
  return () => {
    isStopped = true;
    for (const each of undo.splice(0)) each();
  };
}

function recordOf(text: string): LogRecord {
  const line = parsed(text);
  const message = line?.["msg"] ?? line?.["message"];
  if (line === undefined || typeof message !== "string") return { message: text };
  const level = line["level"];
  const name = line["name"] ?? line["module"];
  return {
    message,
    level: typeof level === "string" || typeof level === "number" ? level : undefined,
    name: typeof name === "string" ? name : undefined,
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    // It only looked like JSON: then it is a line of text.
    return undefined;
  }
}

/** Numbers are those of pino: what lies between two levels belongs to the lower one. */
function levelOf(level: string | number | undefined): string {
  if (level === undefined) return TextLogLevel.INFO;
  if (typeof level === "string") return LEVEL_OF_NAME[level.toLowerCase()] ?? level;
  if (level >= 60) return TextLogLevel.CRITICAL;
  if (level >= 50) return TextLogLevel.ERROR;
  if (level >= 40) return TextLogLevel.WARN;
  if (level >= 30) return TextLogLevel.INFO;
  return level >= 20 ? TextLogLevel.DEBUG : TextLogLevel.TRACE;
}
