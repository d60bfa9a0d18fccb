import { beforeEach, expect, it, vi } from "vitest";
import { resetWarnings } from "../core/index.js";
import { batcherConfig, ChunkBatcherConfig, environmentFlag, parseBytes } from "./batcher-config.js";

beforeEach(() => {
  resetWarnings();
});

it("without anything given the defaults are the real SDK's", () => {
  expect(batcherConfig({}, {})).toEqual(ChunkBatcherConfig.DEFAULT);
  expect(ChunkBatcherConfig.DEFAULT).toMatchObject({ flushTickSec: 0.2, flushNumBytes: 2097152, chunkMaxRowsIfUnsorted: 8192 });
});

it("the environment comes before the defaults, what is given before both", () => {
  const environment = {
    RERUN_FLUSH_TICK_SECS: "0.5",
    RERUN_FLUSH_NUM_BYTES: "10MB",
    RERUN_FLUSH_NUM_ROWS: "0",
    RERUN_CHUNK_MAX_ROWS_IF_UNSORTED: "7",
  };
  const fromEnvironment = { flushTickSec: 0.5, flushNumBytes: 1e7, flushNumRows: 0, chunkMaxRowsIfUnsorted: 7 };
  expect(batcherConfig({}, environment)).toEqual(fromEnvironment);
  expect(batcherConfig({ flushNumRows: 3 }, environment)).toEqual({ ...fromEnvironment, flushNumRows: 3 });
});

it.each([
  ["2097152", 2097152],
  ["2 MiB", 2097152],
  ["1_000B", 1000],
  ["1.5kb", 1500],
  ["ten", undefined],
  ["5 apples", undefined],
])("%j bytes are %s", (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

it("a value that cannot be read warns with the variable's name, and the default counts", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  expect(batcherConfig({}, { RERUN_FLUSH_NUM_ROWS: "many" })).toEqual(ChunkBatcherConfig.DEFAULT);
  expect(environmentFlag({ X: "perhaps" }, "X", true)).toBe(true);
  expect(warn.mock.calls.map(([text]) => String(text))).toEqual([
    expect.stringContaining('RERUN_FLUSH_NUM_ROWS: expected a number of rows, got "many"'),
    expect.stringContaining("X: expected 1, true"),
  ]);
  vi.restoreAllMocks();
});

it.each([
  ["1", true],
  ["ON", true],
  ["no", false],
  ["0", false],
])("the switch %j is %s", (text, value) => {
  expect(environmentFlag({ X: text }, "X", !value)).toBe(value);
});
