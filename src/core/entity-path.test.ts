import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareEntityPaths,
  formatEntityPath,
  isAtOrBelow,
  lastPart,
  normalizeEntityPath,
  parentPath,
  parseEntityPath,
} from "./entity-path.js";

describe("entity paths", () => {
  it.each([
    ["", "/"],
    ["/", "/"],
    ["a//b/", "/a/b"],
    ["C:\\Users\\i.jpg", "/C\\:Usersi.jpg"],
    ["x:y", "/x\\:y"],
    ["a[#3]", "/a\\[\\#3\\]"],
    ["a b", "/a\\ b"],
    ["größe/Zahl٣", "/größe/Zahl٣"],
    ["\u{1F600}", "/\\u{1F600}"],
    ["a\\/b/c", "/a\\/b/c"],
    ["tail\\", "/tail\\\\"],
    ["tab\\tend", "/tab\\tend"],
  ])("the path %j is read as %j", (text, canonical) => {
    expect(normalizeEntityPath(text)).toBe(canonical);
  });

  it("any parts survive being written and read", () => {
    const part = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(parseEntityPath(formatEntityPath(parts))).toEqual(parts);
      }),
    );
  });

  it("canonical text is a fixed point and gives no warning", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const canonical = normalizeEntityPath(text);
        const warnings: string[] = [];
        expect(normalizeEntityPath(canonical, (warning) => warnings.push(warning.message))).toBe(canonical);
        expect(warnings).toEqual([]);
      }),
    );
  });

  it("unescaped whitespace and unknown escapes are reported with what was read", () => {
    const messages: string[] = [];
    parseEntityPath("a b/\\q", (warning) => messages.push(warning.message));
    expect(messages).toEqual([
      'Unescaped whitespace in entity path "a b/\\q": read as /a\\ b/q',
      'Unknown escape "\\q" in entity path "a b/\\q": read as /a\\ b/q',
    ]);
  });

  it("order is natural, without regard to case first, reserved parts last", () => {
    const sorted = ["/", "/a", "/a/x", "/B", "/b", "/file5", "/file10", "/z", "/__properties"];
    expect([...sorted].reverse().sort(compareEntityPaths)).toEqual(sorted);
  });

  it("order is total and antisymmetric", () => {
    const path = fc.array(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 3 }).map(formatEntityPath);
    fc.assert(
      fc.property(path, path, (a, b) => {
        expect(Math.sign(compareEntityPaths(a, b))).toBe(-Math.sign(compareEntityPaths(b, a)) + 0);
        expect(compareEntityPaths(a, b) === 0).toBe(a === b);
      }),
    );
  });

  it("parents and last parts respect escaped slashes", () => {
    const path = formatEntityPath(["a/b", "c\\", "d"]);
    expect(lastPart(path)).toBe("d");
    expect(parentPath(path)).toBe(formatEntityPath(["a/b", "c\\"]));
    expect(parentPath(formatEntityPath(["a/b"]))).toBe("/");
    expect(parentPath("/")).toBeUndefined();
    expect(isAtOrBelow("/ab", "/a")).toBe(false);
    expect(isAtOrBelow("/a/b", "/a")).toBe(true);
    expect(isAtOrBelow("/a", "/")).toBe(true);
  });
});
