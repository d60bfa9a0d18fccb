import { describe, expect, it } from "vitest";
import type { ViewerCommand } from "../../link/index.js";
import { NotebookViewer } from "./notebook-viewer.js";

function setUp() {
  const commands: ViewerCommand[] = [];
  const warnings: string[] = [];
  let pings = 0;
  let numClosed = 0;
  const port = {
    command: (command: ViewerCommand) => void commands.push(command),
    ping: () => void pings++,
    close: () => void numClosed++,
  };
  const viewer = new NotebookViewer(port, (warning) => warnings.push(warning.message));
  const select = (entityPath: string) =>
    viewer.receiveEvent({ type: "selectionChange", items: [{ entityPath, instance: 3, position: [1, 2, 3] }] }, []);
  return { viewer, commands, warnings, select, pings: () => pings, numClosed: () => numClosed };
}

describe("NotebookViewer", () => {
  it("gives the next selection, whatever was selected before", async () => {
    const { viewer, select } = setUp();
    select("/before");
    const next = viewer.nextSelection();
    viewer.receiveEvent({ type: "selectionChange", items: [] }, []);
    select("/points");
    select("/later");
    expect(await next).toEqual({ entityPath: "/points", instance: 3, position: [1, 2, 3] });
  });

  it("ends the wait for a selection by time, by signal and by close", async () => {
    const { viewer } = setUp();
    await expect(viewer.nextSelection({ timeoutSec: 0.01 })).rejects.toMatchObject({ code: "Timeout" });
    await expect(viewer.nextSelection({ signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
    const controller = new AbortController();
    const aborted = viewer.nextSelection({ signal: controller.signal });
    controller.abort("stop");
    await expect(aborted).rejects.toBe("stop");
    const closed = viewer.nextSelection();
    viewer.close();
    await expect(closed).rejects.toMatchObject({ code: "Closed" });
    await expect(viewer.nextSelection()).rejects.toMatchObject({ code: "Closed" });
  });

  it("hands times to listeners as bigints until they are taken off", () => {
    const { viewer } = setUp();
    const seen: unknown[] = [];
    const off = viewer.on("timeUpdate", (event) => seen.push(event));
    viewer.receiveEvent({ type: "timeUpdate", timeline: "t", time: "9007199254740993" }, []);
    viewer.receiveEvent({ type: "timeUpdate", timeline: "t", time: "oops" }, []);
    off();
    viewer.receiveEvent({ type: "timeUpdate", timeline: "t", time: "1" }, []);
    expect(seen).toEqual([{ timeline: "t", time: 9007199254740993n }]);
  });

  it("reports a listener that throws and calls the others", () => {
    const { viewer, warnings } = setUp();
    let calls = 0;
    viewer.on("play", () => {
      throw new Error("mine");
    });
    viewer.on("play", () => void calls++);
    viewer.receiveEvent({ type: "play" }, []);
    expect(calls).toBe(1);
    expect(warnings).toEqual(['A listener of "play" failed: Error: mine']);
  });

  it("refuses unknown events and listeners that are no functions", () => {
    const { viewer } = setUp();
    expect(() => viewer.on("nothing" as never, () => {})).toThrow(/expected one of selectionChange/);
    expect(() => viewer.on("play", 3 as never)).toThrow(/expected a function, got number/);
  });

  it("sends commands with exact times and canonical paths", () => {
    const { viewer, commands } = setUp();
    viewer.setTime("frame", { sequence: 2n ** 60n + 1n });
    viewer.setTime("frame");
    viewer.select("world/points", { instance: 4 });
    viewer.select(null);
    viewer.focus("world");
    viewer.play();
    viewer.pause();
    expect(commands).toEqual([
      { kind: "setTime", timeline: "frame", time: "1152921504606846977" },
      { kind: "setTime", timeline: "frame" },
      { kind: "select", entityPath: "/world/points", instance: 4 },
      { kind: "select", entityPath: null },
      { kind: "focus", entityPath: "/world" },
      { kind: "play" },
      { kind: "pause" },
    ]);
  });

  it("rejects a screenshot with NoFrontend when no page answers", async () => {
    const { viewer, commands, pings } = setUp();
    await expect(viewer.screenshot({ timeoutSec: 0.3 })).rejects.toMatchObject({ code: "NoFrontend" });
    expect(commands).toEqual([]);
    expect(pings()).toBeGreaterThan(0);
  });

  it("gives the picture of the page that answers, and says why one could not", async () => {
    const { viewer, commands } = setUp();
    const shot = async (png: Uint8Array[], error?: string) => {
      const picture = viewer.screenshot({ timeoutSec: 5 });
      viewer.receivePong();
      await new Promise((resolve) => setImmediate(resolve));
      const command = commands.at(-1);
      const requestId = command?.kind === "screenshot" ? command.requestId : -1;
      viewer.receiveEvent({ type: "screenshot", requestId, ...(error === undefined ? {} : { error }) }, png);
      return picture;
    };
    expect(await shot([Uint8Array.of(1, 2)])).toEqual(Uint8Array.of(1, 2));
    await expect(shot([], "too large")).rejects.toMatchObject({
      code: "Unsupported",
      message: expect.stringContaining("too large"),
    });
  });

  it("closes once", () => {
    const { viewer, numClosed } = setUp();
    viewer.close();
    viewer.close();
    expect(numClosed()).toBe(1);
  });
});
