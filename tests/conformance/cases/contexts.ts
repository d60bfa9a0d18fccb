import * as rr from "../../../src/index.js";

/** The recording as the current one, automatic timelines, and the start of the recording. */
export function contexts(rec: rr.RecordingStream): void {
  rec.run(() => {
    rr.setTime("frame", { sequence: 1 });
    rr.log("current", new rr.TextLog("here"));
    rr.setLogTickEnabled(true);
    rr.log("ticks", new rr.Scalars(1));
    rr.setLogTimeEnabled(false);
    rr.log("ticks", new rr.Scalars(2));
    rr.disableTimeline("frame");
    rr.log("ticks", new rr.Scalars(3));
    rr.setLogTickEnabled(false);
    rr.setTime("elapsed", { durationNanos: -1n });
    rr.setTime("stamp", { timestampNanos: 1_700_000_000_123_456_789n });
    rr.log("times", new rr.Scalars(4));
    rr.resetTime();
    rr.log("none", new rr.Scalars(5));
    rr.sendRecordingStartTimeNanos(1_700_000_000_000_000_001n);
    rr.sendRecordingName("the name");
  });
}

/** Lines of loggers. */
export function loggers(rec: rr.RecordingStream): void {
  rec.run(() => {
    const handler = new rr.LoggingHandler("logs/all");
    for (const level of ["critical", "error", "warning", "info", "debug", "NOTICE"]) {
      handler.emit({ level, name: "robot.arm", message: `a line of ${level}` });
    }
    new rr.LoggingHandler().emit({ level: "info", name: "main", message: "50 % done" });
  });
}

export function chunks(rec: rr.RecordingStream): void {
  const source = new rr.RecordingStream("source", { sendProperties: false, batcher: rr.ChunkBatcherConfig.NEVER });
  source.setTime("frame", { sequence: 1 });
  for (let i = 0; i < 3; i++) source.log("scalars", new rr.Scalars(i));
  source.log("points", new rr.Points3D([[1, 2, 3]], { radii: 0.5 }), { static: true });
  rec.sendChunks(source.store);
}
