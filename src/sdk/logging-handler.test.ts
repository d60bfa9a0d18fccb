import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { valueAt } from "../core/index.js";
import * as rr from "./index.js";

let rec: rr.RecordingStream;
let printed: unknown[][] = [];
const { console: program } = globalThis;

beforeEach(() => {
  printed = [];
  for (const method of ["log", "info", "warn", "error", "debug", "trace"] as const) {
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
      printed.push(values);
    });
  }
  rec = rr.init("app", { sendProperties: false });
});

afterEach(() => {
  vi.restoreAllMocks();
  rr.setGlobalDataRecording(undefined);
});

/** Entity path, level and text of each line, in the order of their logging. */
function lines(recording = rec): string[] {
  const rows: { id: string; line: string }[] = [];
  for (const chunk of recording.store.chunks()) {
    const text = chunk.components.get("TextLog:text");
    const level = chunk.components.get("TextLog:level");
    for (let row = 0; row < chunk.numRows; row++) {
      const id = Buffer.from(chunk.rowIds.subarray(row * 16, row * 16 + 16)).toString("hex");
      const [word, message] = [level, text].map((column) => (column === undefined ? "" : String(valueAt(column.list, row))));
      rows.push({ id, line: `${chunk.entityPath} ${word} ${message}` });
    }
  }
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ line }) => line);
}

it("a handler logs lines below its prefix, at the name's path, levels as Rerun has them", () => {
  const handler = new rr.LoggingHandler("logs");
  handler.emit({ level: "warning", name: "robot.arm", message: "hot" });
  handler.emit({ level: 60, message: "dead" });
  handler.emit({ level: "NOTICE", message: "own level" });
  new rr.LoggingHandler().emit({ name: "main", message: "plain" });
  expect(lines()).toEqual(["/logs/robot/arm WARN hot", "/logs CRITICAL dead", "/logs NOTICE own level", "/main INFO plain"]);
});

it("a handler takes lines of JSON as pino writes them, and other text as it is", () => {
  const other = new rr.RecordingStream("other", { sendProperties: false });
  const handler = new rr.LoggingHandler("p", { recording: other });
  handler.write('{"level":50,"time":1,"name":"db","msg":"lost"}\n');
  handler.write(new TextEncoder().encode('{"level":"debug","message":"winston"}\n'));
  handler.write("plain text\r\n");
  handler.write("{broken\n");
  handler.write("\n");
  expect(lines(other)).toEqual(["/p/db ERROR lost", "/p DEBUG winston", "/p INFO plain text", "/p INFO {broken"]);
  expect(lines()).toEqual([]);
});

it("without a recording a handler does nothing, and says nothing", () => {
  rr.setGlobalDataRecording(undefined);
  new rr.LoggingHandler().emit({ message: "x" });
  expect(printed).toEqual([]);
});

it("the captured console prints and logs; after the end it only prints", () => {
  const before = program.log;
  const stop = rr.captureConsole();
  program.log("%s is %d", "x", 3, { a: 1 });
  program.error(new Error("no").message);
  program.trace("t");
  stop();
  stop();
  program.log("after");
  expect(program.log).toBe(before);
  expect(printed).toHaveLength(4);
  expect(lines()).toEqual(["/console INFO x is 3 { a: 1 }", "/console ERROR no", "/console TRACE t"]);
});

it("a capture that was covered by another one leaves that in place, and no longer logs", () => {
  const stopFirst = rr.captureConsole("one");
  const stopSecond = rr.captureConsole("two");
  stopFirst();
  program.info("x");
  stopSecond();
  program.info("y");
  expect(lines()).toEqual(["/two INFO x"]);
  expect(printed).toEqual([["x"], ["y"]]);
});
