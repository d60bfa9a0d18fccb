// Rows are collected into chunks before they go out: here only their number decides when.
import * as rr from "rerun-ts";

const recording = new rr.RecordingStream("rerun_example_micro_batching", {
  batcher: { flushTickSec: 3600, flushNumBytes: 2 ** 30, flushNumRows: 10 },
});

for (let i = 0; i < 10; i++) recording.log("logs", new rr.TextLog(`log #${i}`));
await recording.close();
