import { setTimeout as wait } from "node:timers/promises";
import { runInNewContext } from "node:vm";
import { beforeEach, expect, it } from "vitest";
import { Scalars } from "../types/index.js";
import * as rr from "./index.js";

beforeEach(() => {
  rr.setGlobalDataRecording(undefined);
});

function recording(): rr.RecordingStream {
  return new rr.RecordingStream("app", { sendProperties: false });
}

/** The times of an entity's rows on a timeline, in the order of the rows. */
function timesOf(rec: rr.RecordingStream, entityPath: string, timeline: string): bigint[] {
  const chunks = [...rec.store.chunks()].filter((chunk) => chunk.entityPath === entityPath);
  return chunks.flatMap((chunk) => [...(chunk.timelines.get(timeline)?.times ?? [])]);
}

it("in run the recording is the current one, also after an await; outside it is not", async () => {
  const global = rr.init("global");
  const rec = recording();
  expect(rr.getThreadLocalDataRecording()).toBeUndefined();
  const result = rec.run(async () => {
    expect(rr.currentRecording()).toBe(rec);
    await wait(1);
    expect([rr.getThreadLocalDataRecording(), rr.getDataRecording(global)]).toEqual([rec, global]);
    rr.log("inside", new Scalars(1));
    return "done";
  });
  expect(rr.currentRecording()).toBe(global);
  rr.log("outside", new Scalars(1));
  expect(await result).toBe("done");
  expect([...rec.store.chunks()].map((chunk) => chunk.entityPath)).toEqual(["/inside"]);
});

it("contexts that run side by side have times of their own, which begin with those outside", async () => {
  const rec = recording();
  rec.setTime("job", { sequence: -1 });
  rec.setTime("step", { sequence: 7 });
  await Promise.all(
    [0, 1, 2].map((job) =>
      rec.run(async () => {
        rec.setTime("job", { sequence: job });
        await wait(3 - job);
        rr.log(`job/${job}`, new Scalars(job));
        rec.disableTimeline("step");
        await wait(1);
        rr.log(`job/${job}`, new Scalars(job));
      }),
    ),
  );
  rec.log("after", new Scalars(1));
  for (const job of [0, 1, 2]) {
    expect(timesOf(rec, `/job/${job}`, "job")).toEqual([BigInt(job), BigInt(job)]);
    expect(timesOf(rec, `/job/${job}`, "step")).toEqual([7n]);
  }
  expect([timesOf(rec, "/after", "job"), timesOf(rec, "/after", "step")]).toEqual([[-1n], [7n]]);
});

it("times of another recording that are set in run stay in it too, and runs nest", () => {
  const [a, b] = [recording(), recording()];
  b.setTime("t", { sequence: 1 });
  a.run(() => {
    b.setTime("t", { sequence: 2 });
    b.log("in", new Scalars(0));
    b.run(() => {
      expect(rr.currentRecording()).toBe(b);
      b.log("in", new Scalars(0));
      b.setTime("t", { sequence: 3 });
    });
    expect(rr.currentRecording()).toBe(a);
    b.log("in", new Scalars(0));
  });
  b.log("out", new Scalars(0));
  expect([timesOf(b, "/in", "t"), timesOf(b, "/out", "t")]).toEqual([[2n, 2n, 2n], [1n]]);
});

it("the tick counts all rows of a recording, whatever context they are logged in, and its switch holds for all", () => {
  const rec = recording();
  rec.setLogTickEnabled(true);
  rec.log("a", new Scalars(0));
  rec.run(() => rec.log("a", new Scalars(0)));
  rec.log("a", new Scalars(0));
  rec.run(() => {
    rec.setLogTickEnabled(false);
    rec.log("a", new Scalars(0));
  });
  rec.log("a", new Scalars(0));
  expect(timesOf(rec, "/a", "log_tick").sort()).toEqual([0n, 1n, 2n]);
});

it("threadLocalStream gives each call a recording of its own, closed when the work is done", async () => {
  const seen: rr.RecordingStream[] = [];
  const note = (): void => {
    const rec = rr.currentRecording();
    if (rec !== undefined) seen.push(rec);
  };
  const job = rr.threadLocalStream("job", async (name: string) => {
    note();
    await wait(1);
    return [name, rr.currentRecording()?.isEnabled];
  });
  expect(await Promise.all([job("a"), job("b")])).toEqual([
    ["a", true],
    ["b", true],
  ]);
  expect(rr.threadLocalStream("job", () => note())()).toBeUndefined();
  const foreign = rr.threadLocalStream("job", () => {
    note();
    return runInNewContext("Promise.resolve(1)") as Promise<number>;
  });
  expect(await foreign()).toBe(1);
  const failing = rr.threadLocalStream("job", () => {
    note();
    throw new Error("no");
  });
  expect(failing).toThrow("no");
  expect(new Set(seen).size).toBe(5);
  expect(seen.map((rec) => rec.isEnabled)).toEqual([false, false, false, false, false]);
});
