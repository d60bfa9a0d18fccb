import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sha256 } from "./sha256.js";
import { xxh32 } from "./xxh32.js";

const sample = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 131 + 7) & 255);

describe("sha256", () => {
  it("is that of Node for every length around a block", () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_000]) {
      const bytes = sample(length);
      expect(Buffer.from(sha256(bytes)).toString("hex"), `${length} bytes`).toBe(
        createHash("sha256").update(bytes).digest("hex"),
      );
    }
  });
});

describe("xxh32", () => {
  it("is the hash of the specification", () => {
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    expect(xxh32(text(""), 0)).toBe(0x02cc5d05);
    expect(xxh32(text("a"), 0)).toBe(0x550d7456);
    expect(xxh32(text("abc"), 0)).toBe(0x32d153ff);
    expect(xxh32(text("Nobody inspects the spammish repetition"), 0)).toBe(0xe2293b2f);
  });

  it("of nothing is what a recording without chunks ends with", () => {
    expect(xxh32(new Uint8Array(0), 7850921)).toBe(0x2a973671);
  });
});
