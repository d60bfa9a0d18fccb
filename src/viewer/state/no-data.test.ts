import { describe, expect, test } from "vitest";
import type { ChunkSummary } from "../../link/client.js";
import { noDataText } from "./no-data.js";
import type { ViewSpec } from "./view-query.js";

const RANGE = { min: 0n, max: 1n };
const LOGS: ViewSpec = { id: "log", viewClass: "text-log", name: "log", origin: "/", entities: ["/a", "/b"] };

function chunk(entityPath: string, component: string, timelines: readonly string[]): ChunkSummary {
  const summary = { id: "", entityPath, numRows: 1, sizeBytes: 1, components: [component] };
  return { ...summary, timelines: new Map(timelines.map((name) => [name, RANGE])) };
}

function say(spec: ViewSpec, chunks: readonly ChunkSummary[], hidden: readonly string[] = []): string {
  const query = { timeline: "frame", isVisible: (path: string) => !hidden.includes(path) };
  return noDataText(spec, query, (path, component) =>
    chunks.filter((one) => one.entityPath === path && (component === undefined || one.components.includes(component))),
  );
}

describe("a view without data says", () => {
  test("that its entities have nothing on the timeline, whatever styles they have", () => {
    expect(say(LOGS, [chunk("/a", "TextLog:text", ["other"]), chunk("/a", "TextLog:color", [])])).toBe("No data on frame");
  });

  test("that it is another time's, when the timeline or static data have some", () => {
    expect(say(LOGS, [chunk("/b", "TextLog:text", ["frame"])])).toBe("No data at this time");
    expect(say({ ...LOGS, viewClass: "3d" }, [chunk("/b", "Pinhole:resolution", [])])).toBe("No data at this time");
  });

  test("that all of it is hidden", () => {
    expect(say(LOGS, [chunk("/a", "TextLog:text", ["other"])], ["/a", "/b"])).toBe("Everything here is hidden");
    expect(say(LOGS, [chunk("/a", "TextLog:text", ["other"])], ["/a"])).toBe("No data on frame");
  });
});
