import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { RerunError } from "../core/index.js";
import { type RetryClock, type RetryRule, retry } from "./retry.js";

/** A clock whose pauses take no time, and are always the longest that there may be. */
function fastClock(): RetryClock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  let nowMs = 0;
  return {
    pauses,
    now: () => nowMs,
    pause: async (ms, signal) => {
      signal?.throwIfAborted();
      pauses.push(ms);
      nowMs += ms;
    },
    random: () => 1,
  };
}

/** Fails so each time. */
async function tries(rule: RetryRule, error: unknown): Promise<{ readonly count: number; readonly pauses: number[] }> {
  const clock = fastClock();
  let count = 0;
  const work = async (): Promise<never> => {
    count += 1;
    throw error;
  };
  await expect(retry(work, { rule, clock })).rejects.toMatchObject({ name: "RerunError" });
  return { count, pauses: clock.pauses };
}

const unavailable = new ConnectError("gone", Code.Unavailable);
const busy = new ConnectError("too much to do", Code.ResourceExhausted);
const refused = new ConnectError(
  "no",
  Code.Unavailable,
  undefined,
  undefined,
  Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
);

describe("retry", () => {
  it.each([
    ["connect", [100, 200, 400, 800, 1000]],
    ["read", [100, 200, 400, 800, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000]],
  ] as const)(
    "%s: a server that cannot be reached is asked again, after pauses that double up to a second",
    async (rule, pauses) => {
      expect(await tries(rule, unavailable)).toEqual({ count: pauses.length + 1, pauses });
    },
  );

  it("a scan is tried again for 10 s while the server has too much to do, other questions are not", async () => {
    const { pauses } = await tries("scan", busy);
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 2000, 2000, 2000]);
    expect(pauses.reduce((sum, ms) => sum + ms)).toBeLessThan(10_000);
    for (const rule of ["connect", "read", "change"] as const) expect((await tries(rule, busy)).count).toBe(1);
  });

  it("a limit of this process is not the server's, and is not tried again", async () => {
    expect((await tries("scan", new RerunError("LimitExceeded", "a dataframe is too large"))).count).toBe(1);
  });

  it("a change is done again only when nothing can have arrived", async () => {
    expect((await tries("change", unavailable)).count).toBe(1);
    expect((await tries("change", refused)).count).toBeGreaterThan(1);
  });

  it.each([
    Code.Canceled,
    Code.InvalidArgument,
    Code.DeadlineExceeded,
    Code.NotFound,
    Code.AlreadyExists,
    Code.PermissionDenied,
    Code.FailedPrecondition,
    Code.Aborted,
    Code.OutOfRange,
    Code.Unimplemented,
    Code.Internal,
    Code.DataLoss,
    Code.Unauthenticated,
  ])("status %s is an answer: nothing is tried again", async (code) => {
    for (const rule of ["connect", "read", "scan", "change"] as const) {
      expect((await tries(rule, new ConnectError("no", code))).count).toBe(1);
    }
  });

  it("what a later try gives is the result", async () => {
    const clock = fastClock();
    let count = 0;
    const work = async (): Promise<string> => {
      count += 1;
      if (count < 3) throw unavailable;
      return "done";
    };
    expect(await retry(work, { rule: "read", clock })).toBe("done");
    expect(clock.pauses).toEqual([100, 200]);
  });

  it("the 10 s begin with the first failure, however long the try took", async () => {
    const clock = fastClock();
    let count = 0;
    const work = async (): Promise<string> => {
      count += 1;
      await clock.pause(60_000, undefined);
      if (count === 1) throw unavailable;
      return "done";
    };
    expect(await retry(work, { rule: "read", clock })).toBe("done");
  });

  it("aborting ends a pause with the reason of the signal, and nothing is tried after", async () => {
    const stop = new AbortController();
    let count = 0;
    const work = async (): Promise<never> => {
      count += 1;
      queueMicrotask(() => stop.abort(new Error("enough")));
      throw unavailable;
    };
    await expect(retry(work, { rule: "read", signal: stop.signal })).rejects.toThrow("enough");
    expect(count).toBe(1);
    await expect(retry(work, { rule: "read", signal: stop.signal })).rejects.toThrow("enough");
    expect(count).toBe(1);
  });
});
