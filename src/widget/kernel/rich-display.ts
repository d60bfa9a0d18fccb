/**
 * Shows an object as HTML when it is the last expression of a cell.
 *
 * tslab has no hook for that: it prints the value with `console.log`. So the object's own inspection notices that it is called
 * from there, shows the HTML, and takes back the line that `console.log` is about to print.
 */
import type { RichValue } from "../../core/index.js";
import type { MimeBundle } from "./kernel-link.js";

const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;
const TSLAB_EXECUTOR = /[\\/]tslab[\\/]dist[\\/]executor\.js/;
/** Frames of Node itself between `console.log` and the inspected object. */
const NODE_FRAME = /\((?:node:|internal\/)|at (?:node:|internal\/)/;

export interface RichDisplay {
  /** What `console.log` prints elsewhere: in programs, inside of other objects, explicit calls. */
  readonly text: () => string;
  /** What a cell shows; `undefined` = nothing at all (the object has shown itself). */
  readonly bundle: () => MimeBundle | undefined;
}

/**
 * Gives `target` that display.
 *
 * @param display adds an output to the running cell; `undefined` outside of a kernel
 */
export function setRichDisplay(target: object, rich: RichDisplay, display: ((data: MimeBundle) => void) | undefined): void {
  Object.defineProperty(target, INSPECT, {
    enumerable: false,
    configurable: true,
    value: (depth: number | null): string => {
      if (display === undefined || !isLastExpression(depth)) return rich.text();
      const bundle = rich.bundle();
      if (bundle !== undefined) display(bundle);
      swallowNextLine();
      return "";
    },
  });
}

/** Where outputs go: a kernel. */
export interface RichOutput {
  display(data: MimeBundle): void;
  displayUntil(next: Promise<MimeBundle>, data: MimeBundle): void;
}

/** Lets `target` show its HTML as the last expression of a cell; what is not ready yet takes its place when it is. */
export function makeRich(target: object, value: RichValue, output: RichOutput | undefined): void {
  const bundleOf = (html: string): MimeBundle => ({ "text/html": html, "text/plain": value.text() });
  const bundle = (): MimeBundle | undefined => {
    const html = value.html();
    if (typeof html === "string") return bundleOf(html);
    const next = html.then(bundleOf, (error: unknown) => ({
      "text/plain": error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    }));
    output?.displayUntil(next, { "text/plain": "Reading …" });
    return undefined;
  };
  const display = output === undefined ? undefined : (data: MimeBundle): void => output.display(data);
  setRichDisplay(target, { text: () => value.text(), bundle }, display);
}

/** Whether tslab's executor itself is printing the value, at top level. */
function isLastExpression(depth: number | null): boolean {
  if (depth !== 2) return false; // inside another object
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 30;
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  Error.stackTraceLimit = limit;
  const own = lines.findIndex((line) => NODE_FRAME.test(line));
  const caller = lines.slice(own).find((line) => !NODE_FRAME.test(line));
  return own >= 0 && caller !== undefined && TSLAB_EXECUTOR.test(caller);
}

/** `console.log` writes synchronously: exactly the end of this line is dropped. */
function swallowNextLine(): void {
  const stdout = process.stdout;
  const write = stdout.write;
  stdout.write = ((chunk: string | Uint8Array, ...rest: []): boolean => {
    stdout.write = write;
    return chunk === "\n" ? true : write.call(stdout, chunk, ...rest);
  }) as typeof stdout.write;
}
