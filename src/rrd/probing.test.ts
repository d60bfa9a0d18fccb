import { describe, expect, it } from "vitest";
import { chunkFromColumns } from "../chunk/index.js";
import { createTuidSource, FLOAT64 } from "../core/index.js";
import { decodeRrd } from "./decoder.js";
import { RrdEncoder } from "./encoder.js";
import { looksCompressible } from "./lz4-codec.js";

const NUM_VALUES = 200_000;
const storeId = { kind: "recording", applicationId: "a", recordingId: "r" } as const;

/** Reproducible bits without a pattern. */
function noise(length: number): Float64Array {
  const words = new Uint32Array(length * 2);
  let state = 42;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words[i] = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
  }
  return new Float64Array(words.buffer);
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

describe("a large chunk", () => {
  it.each([
    ["of noise is stored as it is", noise(NUM_VALUES), 1.01, 1],
    ["with a pattern is compressed", new Float64Array(NUM_VALUES).fill(0.5), 0.05, 0],
  ])("%s, and reads back", (_, data, most, least) => {
    // One row with all values: row ids would compress in any case.
    const column = { layout: { descriptor: { component: "c" }, type: FLOAT64 }, data, lengths: [NUM_VALUES] };
    const chunk = chunkFromColumns({ entityPath: "/a", times: [], columns: [column], tuids: createTuidSource() });
    const encoder = new RrdEncoder();
    const start = encoder.start({ storeId, source: "test" });
    const message = encoder.chunk(storeId, chunk);
    expect(message.length).toBeLessThan(data.byteLength * most);
    expect(message.length).toBeGreaterThan(data.byteLength * least);
    const read = [...decodeRrd(Buffer.concat([start, message]))].find((each) => each.kind === "chunk");
    const values = read?.kind === "chunk" ? read.chunk.components.get("c")?.list.children?.[0]?.values : undefined;
    expect(Buffer.compare(bytesOf(values as Float64Array), bytesOf(data))).toBe(0);
  });

  it("is judged by samples from all over it", () => {
    const half = new Uint8Array(1 << 20);
    half.set(new Uint8Array(noise(1 << 16).buffer), 0);
    expect(looksCompressible(half)).toBe(true);
    expect(looksCompressible(new Uint8Array(noise(1 << 17).buffer))).toBe(false);
  });
});
