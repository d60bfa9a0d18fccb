import { describe, expect, it } from "vitest";
import type { SegmentInfo } from "../../link/client.js";
import { Segments } from "./segments.js";

function setUp(list: () => Promise<readonly SegmentInfo[]>) {
  const opened: string[] = [];
  const errors: unknown[] = [];
  const delayed: (() => void)[] = [];
  const segments = new Segments({
    list,
    open: (id) => opened.push(id),
    onError: (error) => errors.push(error),
    delay: (task) => delayed.push(task),
  });
  return { segments, opened, errors, delayed };
}

describe("the segments of a dataset", () => {
  it("are called by their names, or by their ids", async () => {
    const { segments } = setUp(async () => [{ id: "a", name: "Monday" }, { id: "b" }]);
    expect(segments.nameOf("a")).toBe("a");
    segments.refresh();
    await expect.poll(() => segments.list.value?.length).toBe(2);
    expect([segments.nameOf("a"), segments.nameOf("b")]).toEqual(["Monday", "b"]);
  });

  it("open when they are chosen, once", () => {
    const { segments, opened } = setUp(async () => []);
    segments.choose("a");
    segments.choose("a");
    segments.choose("b");
    expect([opened, segments.chosen.value]).toEqual([["a", "b"], "b"]);
  });

  it("are asked for again when they did not come", async () => {
    let numAsked = 0;
    const { segments, errors, delayed } = setUp(async () => {
      if (++numAsked === 1) throw new Error("away");
      return [{ id: "a" }];
    });
    segments.refresh();
    segments.refresh();
    await expect.poll(() => delayed.length).toBe(1);
    expect([numAsked, errors.map(String)]).toEqual([1, ["Error: away"]]);
    delayed[0]?.();
    await expect.poll(() => segments.list.value).toEqual([{ id: "a" }]);
    segments.close();
    segments.refresh();
    segments.choose("a");
    expect(numAsked).toBe(2);
  });
});
