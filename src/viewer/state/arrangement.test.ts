import { expect, test } from "vitest";
import { type Arrangement, append, arrange, moveBorder, withShares } from "./arrangement.js";

function views(...names: string[]): { id: string; isSpatial: boolean }[] {
  return names.map((id) => ({ id, isSpatial: id.startsWith("s") }));
}

/** `a | b` = side by side, `a / b` = one above the other. */
function text(arrangement: Arrangement | undefined): string {
  if (arrangement === undefined) return "";
  if (arrangement.kind === "view") return arrangement.viewId;
  return `(${arrangement.children.map(text).join(arrangement.kind === "row" ? " | " : " / ")})`;
}

test("a first spatial view is left, others stack right of it, more than four make a grid", () => {
  expect(text(arrange(views("s")))).toBe("s");
  expect(text(arrange(views("s", "a", "b")))).toBe("(s | (a / b))");
  expect(text(arrange(views("s", "a", "b", "c", "d", "e")))).toBe("(s | ((a | b | c) / (d | e)))");
});

test("without a spatial view all lie in a grid", () => {
  expect(text(arrange(views("a", "b")))).toBe("(a | b)");
  expect(text(arrange(views("a", "b", "c", "d", "e")))).toBe("((a | b | c) / (d | e))");
  expect(arrange([])).toBeUndefined();
});

test("what is added shares the place of the last view: the others keep theirs", () => {
  const before = arrange(views("s", "a", "b"));
  expect(text(append(before, views("c")))).toBe("(s | (a / (b | c)))");
  expect(text(append(before, views("c", "d")))).toBe("(s | (a / (b / (c | d))))");
  expect(append(before, [])).toBe(before);
});

test("a border moves between two neighbours only and leaves both a rest", () => {
  const rounded = (shares: readonly number[]): number[] => shares.map((share) => Math.round(share * 1000) / 1000);
  expect(rounded(moveBorder([1, 1, 2], 0, 0.1, 0.05))).toEqual([1.4, 0.6, 2]);
  expect(rounded(moveBorder([1, 1], 0, 5, 0.1))).toEqual([1.8, 0.2]);
});

test("shares are set for one container", () => {
  const before = arrange(views("s", "a", "b"));
  if (before === undefined) throw new Error("nothing arranged");
  const after = withShares(before, [1], [3, 1]);
  expect(after.kind === "row" && after.children[1]?.kind === "column" && after.children[1].shares).toEqual([3, 1]);
  expect(after.kind === "row" && after.shares).toEqual([1.45, 1]);
});
