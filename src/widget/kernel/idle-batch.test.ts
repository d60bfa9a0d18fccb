import { describe, expect, it } from "vitest";
import { IdleBatch, type IdleHost } from "./idle-batch.js";

function setUp() {
  const sent: string[] = [];
  const timers: (() => void)[] = [];
  const state: { cell: { msg_id: string } | undefined } = { cell: undefined };
  const host: IdleHost = {
    publishStatus: (status, parent) => sent.push(`${status} ${parent.msg_id}`),
    runningCell: () => state.cell,
    schedule: (run) => timers.push(run),
  };
  const tick = () => {
    for (const run of timers.splice(0)) run();
  };
  return { batch: new IdleBatch(host), sent, timers, state, tick };
}

describe("IdleBatch", () => {
  it("sends nothing at once, then one idle per message with one timer", () => {
    const { batch, sent, timers, tick } = setUp();
    batch.add({ msg_id: "1" });
    batch.add({ msg_id: "2" });
    expect(sent).toEqual([]);
    expect(timers.length).toBe(1);
    tick();
    expect(sent).toEqual(["idle 1", "idle 2"]);
    batch.add({ msg_id: "3" });
    tick();
    expect(sent).toEqual(["idle 1", "idle 2", "idle 3"]);
  });

  it("waits for the end of a running cell", () => {
    const { batch, sent, state, tick } = setUp();
    state.cell = { msg_id: "cell" };
    batch.add({ msg_id: "1" });
    tick();
    tick();
    expect(sent).toEqual([]);
    state.cell = undefined;
    tick();
    expect(sent).toEqual(["idle 1"]);
  });

  it("does not hold back without bound, and shows the cell as busy again", () => {
    const { batch, sent, state, tick } = setUp();
    state.cell = { msg_id: "cell" };
    for (let i = 0; i < 256; i++) batch.add({ msg_id: String(i) });
    tick();
    expect(sent.length).toBe(257);
    expect(sent.at(-1)).toBe("busy cell");
  });
});
