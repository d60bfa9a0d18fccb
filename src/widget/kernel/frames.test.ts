import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFrames, type KernelMessage, parseFrames, peekHeader } from "./frames.js";

const bytes = fc.uint8Array({ maxLength: 40 });
const json = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true })
  .map((v) => JSON.parse(JSON.stringify(v)));
const message: fc.Arbitrary<KernelMessage> = fc.record({
  identities: fc.array(
    bytes.filter((b) => Buffer.from(b).toString() !== "<IDS|MSG>"),
    { maxLength: 3 },
  ),
  header: fc.record({ msg_id: fc.string(), msg_type: fc.string() }),
  parent: json,
  metadata: json,
  content: json,
  buffers: fc.array(bytes, { maxLength: 3 }),
});

const plain: KernelMessage = {
  identities: [Buffer.from("client")],
  header: { msg_id: "1", msg_type: "comm_msg" },
  parent: {},
  metadata: {},
  content: { data: 1 },
  buffers: [Uint8Array.of(1, 2, 3)],
};

describe("frames", () => {
  it("parse gives back what build was given, signed or not", () => {
    fc.assert(
      fc.property(message, fc.string(), (m, key) => {
        expect(parseFrames(buildFrames(m, key), key)).toEqual(m);
      }),
      { numRuns: 200 },
    );
  });

  it("the signature covers the four JSON frames and not the buffers", () => {
    const frames = buildFrames(plain, "secret");
    const signed = frames.slice(3, 7).map((f) => Buffer.from(f).toString());
    expect(Buffer.from(frames[2] ?? []).toString()).toBe(createHmac("sha256", "secret").update(signed.join("")).digest("hex"));
    frames[7] = Uint8Array.of(9);
    expect(parseFrames(frames, "secret").buffers).toEqual([Uint8Array.of(9)]);
  });

  it("a message signed with another key is refused", () => {
    expect(() => parseFrames(buildFrames(plain, "other"), "secret")).toThrow(/signed with another key/);
  });

  it.each([
    ["no delimiter", [Buffer.from("x")], /no <IDS\|MSG>/],
    ["missing frames", [Buffer.from("<IDS|MSG>"), Buffer.from(""), Buffer.from("{}")], /needs 5 frames/],
    ["broken JSON", ["<IDS|MSG>", "", "{", "{}", "{}", "{}"].map((t) => Buffer.from(t)), /not JSON/],
    ["a list as header", ["<IDS|MSG>", "", "[]", "{}", "{}", "{}"].map((t) => Buffer.from(t)), /a list, not an object/],
    ["a header without msg_type", ["<IDS|MSG>", "", "{}", "{}", "{}", "{}"].map((t) => Buffer.from(t)), /msg_id and msg_type/],
  ])("%s is a clear error", (_name, frames, text) => {
    expect(() => parseFrames(frames, "")).toThrow(text);
  });

  it("the header can be seen without a check of the signature", () => {
    expect(peekHeader(buildFrames(plain, "x"))).toEqual(plain.header);
    expect(peekHeader([Buffer.from("x")])).toBeUndefined();
    expect(peekHeader(["<IDS|MSG>", "", "{"].map((t) => Buffer.from(t)))).toBeUndefined();
  });
});
