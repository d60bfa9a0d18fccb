import { expect, test } from "vitest";
import { callSite, ownPlace, stackFrames } from "./call-site.js";

test("frames are read whichever way the runtime writes them", () => {
  const stack = [
    "Error: what (went) wrong",
    "    at callSite (/app/node_modules/rerun-ts/dist/cjs/types/encode/call-site.js:12:3)",
    "    at new Points3D (/app/node_modules/rerun-ts/dist/cjs/types/gen/archetypes.js:1:2)",
    "    at evalmachine.<anonymous>:3:1",
    "    at async file:///app/main.mjs:7:9",
    "    at <anonymous>",
  ].join("\n");

  expect(stackFrames(stack)).toEqual([
    "/app/node_modules/rerun-ts/dist/cjs/types/encode/call-site.js:12:3",
    "/app/node_modules/rerun-ts/dist/cjs/types/gen/archetypes.js:1:2",
    "evalmachine.<anonymous>:3:1",
    "file:///app/main.mjs:7:9",
  ]);
});

test("the package's own place is its folder, or the file it is bundled into", () => {
  expect(ownPlace("/app/rerun-ts/dist/cjs/types/encode/call-site.js:12:3")).toBe("/app/rerun-ts/dist/cjs/");
  expect(ownPlace("C:\\rerun-ts\\types\\encode\\call-site.js:12:3")).toBe("C:\\rerun-ts\\");
  expect(ownPlace("/app/bundle.js:12:3")).toBe("/app/bundle.js");
});

test("no stack is looked at after many look-ups for one cause", () => {
  const sites = Array.from({ length: 1001 }, () => callSite("a cause of this test"));

  expect(sites[999]).toBeTypeOf("string");
  expect(sites[1000]).toBeUndefined();
  expect(callSite("another cause of this test")).toBeTypeOf("string");
});
