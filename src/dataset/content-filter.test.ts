import { describe, expect, it } from "vitest";
import { ContentFilter } from "./content-filter.js";

describe("ContentFilter", () => {
  it("puts rules together, each as a new filter", () => {
    const all = ContentFilter.everything();
    const own = all.exclude("/world/debug", { subtree: true }).exclude("/a").include("/a/b").includeProperties();
    expect(own.toExprs()).toEqual(["/**", "-/world/debug/**", "-/a", "/a/b", "/__properties/**"]);
    expect([all.toExprs(), ContentFilter.nothing().toExprs()]).toEqual([["/**"], []]);
    expect(ContentFilter.nothing().include("/", { subtree: true }).include("/x/**", { subtree: true }).toExprs()).toEqual([
      "/**",
      "/x/**",
    ]);
    expect(String(own.include("/c"))).toMatch(/^ContentFilter\(\["\/\*\*",/);
  });

  it("refuses paths that do not begin at the root", () => {
    expect(() => ContentFilter.everything().exclude("a")).toThrow("Entity path expression must start with '/', got: 'a'");
  });
});
