import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import { damageChunks, rrdFrames } from "../../tests/support/rrd-frames.js";
import { isRerunError, type Warning } from "../core/index.js";
import { decodeRrd } from "./decoder.js";
import { RrdEncoder } from "./encoder.js";
import { decodeFooter, locateRrdFooter, readRrdFooter } from "./footer.js";
import type { RrdMessage } from "./messages.js";

const FIXTURES = new URL("../../tests/fixtures/rrd/", import.meta.url);
const clear = new Uint8Array(readFileSync(new URL("archetypes__clear_simple.rrd", FIXTURES)));
const points = new Uint8Array(readFileSync(new URL("archetypes__points3d_simple.rrd", FIXTURES)));

function read(bytes: Uint8Array): { messages: RrdMessage[]; warnings: Warning[] } {
  const warnings: Warning[] = [];
  return { messages: [...decodeRrd(bytes, { warn: (warning) => warnings.push(warning) })], warnings };
}

function chunkIds(bytes: Uint8Array): string[] {
  return read(bytes).messages.flatMap((message) => (message.kind === "chunk" ? [message.chunk.id] : []));
}

/** The same recording without compression: a changed byte then lies in Arrow data. */
function uncompressed(bytes: Uint8Array): Uint8Array {
  const encoder = new RrdEncoder({ compression: "none" });
  const parts: Uint8Array[] = [];
  for (const message of decodeRrd(bytes)) {
    if (message.kind === "storeInfo") parts.push(encoder.start({ storeId: message.storeId, source: "x" }));
    if (message.kind === "chunk") parts.push(encoder.chunk(message.storeId, message.chunk));
  }
  parts.push(encoder.finish());
  return new Uint8Array(Buffer.concat(parts));
}

/** Reads everything that the bytes give: a result or a clear error, nothing else. */
function exercise(bytes: Uint8Array): "read" | "refused" {
  try {
    const { messages, warnings } = read(bytes);
    for (const message of messages) if (message.kind === "chunk") chunkRows(message.chunk);
    expect(warnings.filter(({ code }) => code === "CorruptFile").length).toBeLessThanOrEqual(1);
    const footer = locateRrdFooter(bytes.subarray(-32), bytes.length);
    if (footer !== undefined) readRrdFooter(bytes.subarray(footer.offset, footer.offset + footer.length), footer);
    return "read";
  } catch (error) {
    if (!isRerunError(error, "CorruptFile", "LimitExceeded")) throw error;
    return "refused";
  }
}

describe("damaged recordings", () => {
  it.each([
    ["compressed", points],
    ["uncompressed", uncompressed(points)],
  ])("changed bytes of a recording (%s) end in a result or a clear error", (_, bytes) => {
    let numRead = 0;
    for (let at = 0; at < bytes.length; at += 2) {
      const changed = bytes.slice();
      changed[at] = at % 3 === 0 ? 0xff : (changed[at] ?? 0) ^ (1 << (at % 8));
      if (exercise(changed) === "read") numRead += 1;
    }
    expect(numRead).toBeGreaterThan(bytes.length / 8);
  });

  it("any two changed numbers in a recording end in a result or a clear error", () => {
    const bytes = uncompressed(clear);
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let step = 0; step < 1500; step++) {
      const changed = bytes.slice();
      const view = new DataView(changed.buffer);
      view.setUint32(random(bytes.length - 4), [0xffffffff, 0x7fffffff, 0, 1, random(65536)][step % 5] ?? 0, true);
      view.setInt16(random(bytes.length - 4), random(65536), true);
      exercise(changed);
    }
  });

  it("a recording cut anywhere gives all whole messages before the cut", () => {
    const all = rrdFrames(points);
    for (let length = 0; length < points.length; length += length < 200 ? 1 : 13) {
      const { messages, warnings } = read(points.subarray(0, length));
      const whole = all.filter(({ end, kind }) => end <= length && kind !== 0);
      expect(messages.length, `${length} bytes`).toBe(whole.length);
      const isBetween =
        length === 0 || length === 12 || all.some(({ end, kind }) => (kind === 0 ? length >= end : length === end));
      expect(warnings.length, `${length} bytes`).toBe(isBetween ? 0 : 1);
    }
  });

  it("any changed byte of a footer gives manifests or a clear error", () => {
    const { offset, length } = locateRrdFooter(clear.subarray(-32), clear.length) ?? { offset: 0, length: 0 };
    expect(length).toBeGreaterThan(1000);
    let numErrors = 0;
    for (let at = 0; at < length; at += 3) {
      const changed = clear.slice(offset, offset + length);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      try {
        decodeFooter(changed);
      } catch (error) {
        numErrors += 1;
        if (!isRerunError(error, "CorruptFile", "LimitExceeded")) throw error;
      }
    }
    expect(numErrors).toBeGreaterThan(0);
  });

  it("a footer whose checksum is wrong is refused", () => {
    const footer = locateRrdFooter(points.subarray(-32), points.length);
    if (footer === undefined) throw new Error("no footer");
    const payload = points.slice(footer.offset, footer.offset + footer.length);
    expect(readRrdFooter(payload, footer).length).toBe(1);
    payload[40] = (payload[40] ?? 0) ^ 1;
    expect(() => readRrdFooter(payload, footer)).toThrow("its checksum is wrong");
  });

  it("a message that cannot be decoded is left out and named by its place", () => {
    const { bytes, at } = damageChunks(clear, 1);
    const { warnings } = read(bytes);
    expect(chunkIds(bytes).length).toBe(chunkIds(clear).length - 1);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(`The message at byte ${at[0]} was left out`);
  });

  it("damage in several places is reported once: the first place, how many there are, what is lost", () => {
    const { bytes, at, lostBytes } = damageChunks(clear, 1, 2);
    const cut = bytes.subarray(0, rrdFrames(bytes)[5]?.at ?? 0).subarray(0, -3);
    const last = rrdFrames(bytes)[4] ?? { at: 0, end: 0 };
    const { messages, warnings } = read(cut);
    expect(messages.length).toBe(2);
    expect(warnings.map(({ code }) => code)).toEqual(["CorruptFile"]);
    expect(warnings[0]?.message).toMatch(
      new RegExp(
        `^The message at byte ${at[0]} was left out: .*\\. 3 places of the recording are damaged, ` +
          `${lostBytes + last.end - last.at - 3} bytes of it are lost$`,
      ),
    );
  });

  it("damage is reported also when reading ends early, and names the file", () => {
    const { bytes } = damageChunks(clear, 0);
    const warnings: Warning[] = [];
    for (const message of decodeRrd(bytes, { warn: (warning) => warnings.push(warning), name: "a.rrd" })) {
      if (message.kind === "chunk") break;
    }
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringMatching(/^The message at byte .*: a\.rrd$/)]);
  });

  it("a message of absurd length ends the reading, what is before it stays", () => {
    const third = rrdFrames(clear).filter(({ kind }) => kind === 2)[2];
    if (third === undefined) throw new Error("no third chunk");
    const changed = clear.slice();
    changed.fill(0xff, third.at + 8, third.at + 16);
    expect(chunkIds(changed)).toEqual(chunkIds(clear).slice(0, 2));
    expect(read(changed).warnings[0]?.message).toContain(`damaged at byte ${third.at}`);
  });

  it("an unknown kind of message ends the reading, what is before it stays", () => {
    const third = rrdFrames(clear).filter(({ kind }) => kind === 2)[2];
    if (third === undefined) throw new Error("no third chunk");
    const changed = clear.slice();
    changed[third.at] = 9;
    expect(chunkIds(changed)).toEqual(chunkIds(clear).slice(0, 2));
    expect(read(changed).warnings[0]?.message).toContain(`from byte ${third.at} on`);
  });

  it("junk behind the end is reported and does no harm", () => {
    const { messages, warnings } = read(new Uint8Array(Buffer.concat([clear, Buffer.from("something else entirely")])));
    expect(messages.length).toBe(read(clear).messages.length);
    expect(warnings[0]?.message).toContain(`from byte ${clear.length} on`);
  });

  it("recordings one behind the other are all read", () => {
    const end = rrdFrames(points).at(-1)?.end ?? 0;
    const chunks = chunkIds(points);
    expect(chunkIds(new Uint8Array(Buffer.concat([points, clear])))).toEqual([...chunks, ...chunkIds(clear)]);
    expect(chunkIds(new Uint8Array(Buffer.concat([points.subarray(0, end), clear])))).toEqual([...chunks, ...chunkIds(clear)]);
    expect(locateRrdFooter(points.subarray(-32), 2 * points.length)).toBeUndefined();
  });

  it("what is no recording, or one too old, is refused with what was found", () => {
    expect(() => read(Buffer.from("PNG and so on, not a recording"))).toThrow('expected RRF2 at byte 0, got "PNG "');
    expect(() => read(Buffer.from("RRF1 0123456789"))).toThrow("too old to be read: it begins with RRF1");
    const old = points.slice(0, 12);
    old[5] = 22;
    expect(() => read(old)).toThrow("The recording is of Rerun 0.22.");
    const options = points.slice(0, 12);
    options[8] = 7;
    expect(() => read(options)).toThrow("unknown options at byte 8: 7 2 0 0");
    expect(read(new Uint8Array(0)).messages).toEqual([]);
  });

  it("a newer version is read with a warning", () => {
    const newer = points.slice();
    newer[5] = 99;
    const { messages, warnings } = read(newer);
    expect(messages.length).toBe(read(points).messages.length);
    expect(warnings.map((warning) => warning.message)).toEqual([expect.stringContaining("newer than 0.41.0")]);
  });
});
