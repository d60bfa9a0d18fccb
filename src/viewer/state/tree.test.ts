import { describe, expect, test } from "vitest";
import type { EntitySchema } from "../../link/client.js";
import { selectionAfterClick } from "./selection.js";
import { luminanceOf, resolveTheme } from "./theme.js";
import { buildTree, isShown, toggleHidden, treeRows, userEntities } from "./tree.js";

const entities: EntitySchema[] = ["/cam", "/world/a/deep", "/world/b"].map((path) => ({ path, components: [] }));

function lines(search = "", collapsed: ReadonlySet<string> = new Set()): string[] {
  return treeRows(buildTree(entities), collapsed, search).map(
    ({ node, depth }) => `${"  ".repeat(depth)}${node.name}${node.hasData ? "" : "*"}`,
  );
}

describe("the tree", () => {
  test("has a line for every part of a path", () => {
    expect(lines()).toEqual(["cam", "world*", "  a*", "    deep", "  b"]);
  });

  test("leaves out what is below a collapsed line", () => {
    expect(lines("", new Set(["/world"]))).toEqual(["cam", "world*"]);
  });

  test("search shows matches with their ancestors and what is below, collapsed or not", () => {
    expect(lines("A/D", new Set(["/world"]))).toEqual(["world*", "  a*", "    deep"]);
    expect(lines("world/a")).toEqual(["world*", "  a*", "    deep"]);
    expect(lines("nothing")).toEqual([]);
  });
});

test("the recording's own properties are no entities of the user", () => {
  const own = ["/__properties", "/__properties/more", "/a"].map((path) => ({ path, components: [] }));
  expect(userEntities(own).map(({ path }) => path)).toEqual(["/a"]);
});

test("hiding an entity hides what is below it, and no namesake", () => {
  const hidden = toggleHidden(new Set(), "/world/a");
  expect([isShown(hidden, "/world/a/deep"), isShown(hidden, "/world/ab"), isShown(hidden, "/world")]).toEqual([
    false,
    true,
    true,
  ]);
  expect(toggleHidden(hidden, "/world/a").size).toBe(0);
});

describe("clicks", () => {
  const point = { entityPath: "/p", instance: 3 };
  test("select the entity first, then the instance", () => {
    const first = selectionAfterClick([], point, false);
    expect(first).toEqual([{ entityPath: "/p" }]);
    expect(selectionAfterClick(first, point, false)).toEqual([point]);
  });

  test("with Ctrl add and take away; on nothing they clear", () => {
    const two = selectionAfterClick([{ entityPath: "/q" }], point, true);
    expect(two).toEqual([{ entityPath: "/q" }, point]);
    expect(selectionAfterClick(two, point, true)).toEqual([{ entityPath: "/q" }]);
    expect(selectionAfterClick(two, undefined, true)).toBe(two);
    expect(selectionAfterClick(two, undefined, false)).toEqual([]);
  });
});

describe("the theme", () => {
  const plain = { jupyterLight: null, jupyterSurface: "", prefersDark: false };
  test("is the option, else JupyterLab's, else the system's", () => {
    expect(resolveTheme("dark", { ...plain, jupyterLight: "true" })).toBe("dark");
    expect(resolveTheme("auto", { ...plain, jupyterLight: "false" })).toBe("dark");
    expect(resolveTheme("auto", { ...plain, jupyterSurface: " #111" })).toBe("dark");
    expect(resolveTheme("auto", { ...plain, jupyterSurface: "rgb(255, 255, 255)", prefersDark: true })).toBe("light");
    expect(resolveTheme("auto", { ...plain, prefersDark: true })).toBe("dark");
  });

  test("luminance of a colour that is not known is not made up", () => {
    expect(luminanceOf("var(--x)")).toBeUndefined();
    expect(luminanceOf("#fff")).toBeCloseTo(1);
  });
});
