import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRedapUrl } from "../rpc/index.js";
import { entryIdFrom, entryIdMessage, normalEntryId } from "./entry-id.js";
import { segmentUrl } from "./segment-url.js";

const ID = "18EC4AF2E3758FF8555de9ffde1d2755";

describe("segmentUrl", () => {
  const url = parseRedapUrl("rerun+http://localhost");
  const of = (segment: string, options: Parameters<typeof segmentUrl>[3] = {}) => segmentUrl(url, ID, segment, options);

  it("says where the viewer opens the segment", () => {
    expect(of("a")).toBe(`rerun+http://localhost:51234/dataset/${ID}?segment_id=a`);
    expect(of("a", { timeline: "frame" })).toBe(of("a"));
    expect(of("a", { timeline: "frame", start: 5 })).toBe(`${of("a")}#when=frame@5`);
    expect(of("a", { timeline: "frame", start: 5n, end: 9 })).toBe(`${of("a")}#when=frame@5&time_selection=frame@5..9`);
    expect(of("a", { timeline: "t", start: { duration: 3661.5 }, end: { durationNanos: -1_000n } })).toBe(
      `${of("a")}#when=t@+1h1m1.5s&time_selection=t@+1h1m1.5s..−0.000\u2009001s`,
    );
    const times = [0n, 60_000_000_000n, 259_201_250_000_000n].map((nanos) =>
      of("a", { timeline: "t", start: { durationNanos: nanos } }),
    );
    expect(times.map((url) => url.split("@")[1])).toEqual(["+0s", "+1m", "+3d1.250s"]);
    const start = new Date("2024-05-06T07:08:09.010Z");
    expect(of("a", { timeline: "wall", start })).toBe(`${of("a")}#when=wall@2024-05-06T07:08:09.010Z`);
  });

  it("keeps ids of segments whole, whatever is in them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (id) => {
        const text = of(id).slice(of("").length);
        expect(decodeURIComponent(text)).toBe(id);
        expect(text).not.toMatch(/[&#+]/);
      }),
    );
  });

  it("refuses times without a timeline, and an end without a start", () => {
    expect(() => of("a", { start: 1 })).toThrow("`start` and `end` are times of a `timeline`, which is missing");
    expect(() => of("a", { timeline: "frame", end: 1 })).toThrow("`end` without `start`");
  });
});

describe("an entry's id", () => {
  it("is the same through a message, in any case of its digits", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const digits = Buffer.from(bytes).toString("hex");
        const id = entryIdFrom(entryIdMessage(digits));
        expect(id).toBe(`${digits.slice(0, 16).toUpperCase()}${digits.slice(16)}`);
        expect([normalEntryId(id.toUpperCase()), normalEntryId(id.toLowerCase())]).toEqual([id, id]);
      }),
    );
  });

  it.each(["", "12", "z".repeat(32), `${ID}0`, 5])("is never %j", (id) => {
    expect(() => entryIdMessage(id as string)).toThrow("An entry id has 32 hexadecimal digits");
    expect(() => entryIdFrom(undefined)).toThrow("lacks the id of an entry");
  });
});
