import fc from "fast-check";
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from "mediabunny";
import { expect, it } from "vitest";
import { makeVideo } from "../../../tests/support/make-video.js";
import { isRerunError } from "../../core/index.js";
import { AssetVideo } from "../gen/archetypes.js";
import { videoFrameTimes } from "./mp4-times.js";

const timesOf = async (ticks: number[], perSec: number): Promise<bigint[]> => [
  ...videoFrameTimes(await makeVideo(ticks, perSec)),
];

it("frame times are sorted, whole nanoseconds from the first frame on, as the real SDK reads the same files", async () => {
  expect(await timesOf([0, 4, 2, 1, 3], 24)).toEqual([0n, 41666667n, 83333333n, 125000000n, 166666667n]);
  expect(await timesOf([2, 6, 4, 3, 5], 24)).toEqual([0n, 41666667n, 83333333n, 125000000n, 166666667n]);
  expect(await timesOf([0, 1001, 2002], 30_000)).toEqual([0n, 33366667n, 66733333n]);
  const asset = new AssetVideo({ contents: await makeVideo([0, 1, 5], 2) });
  expect([...asset.readFrameTimestampsNanos()]).toEqual([0n, 500000000n, 2500000000n]);
});

it("the frames of fragments count, those of other tracks do not", async () => {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: "fragmented", minimumFragmentDuration: 0.2 }), target });
  const [first, second] = [new EncodedVideoPacketSource("vp9"), new EncodedVideoPacketSource("vp9")];
  output.addVideoTrack(first);
  output.addVideoTrack(second);
  await output.start();
  const decoderConfig = { codec: "vp09.00.10.08", codedWidth: 16, codedHeight: 16 };
  for (const time of [0, 0.1, 0.2, 0.35, 0.5, 1]) {
    await first.add(new EncodedPacket(Uint8Array.of(1), "key", time, 0.1), { decoderConfig });
    await second.add(new EncodedPacket(Uint8Array.of(1), "key", time + 0.05, 0.1), { decoderConfig });
  }
  await output.finalize();
  const nanos = [0, 100, 200, 350, 500, 1000].map((millis) => BigInt(millis) * 1_000_000n);
  expect([...videoFrameTimes(new Uint8Array(target.buffer ?? new ArrayBuffer(0)))]).toEqual(nanos);
});

it("what is no video is an error that says why", async () => {
  const whole = await makeVideo([0, 1, 2], 30);
  expect(() => videoFrameTimes(new Uint8Array(0))).toThrow("it has no box with tables (moov)");
  expect(() => videoFrameTimes(new TextEncoder().encode("abcdefghijkl"))).toThrow(/the box "efgh" ends behind/);
  expect(() => videoFrameTimes(whole.subarray(0, 60))).toThrow('the box "moov" ends behind what it lies in');
  const noVideo = whole.slice();
  noVideo.set(new TextEncoder().encode("soun"), new TextDecoder("latin1").decode(whole).indexOf("vide"));
  expect(() => videoFrameTimes(noVideo)).toThrow("it has no video track");
  expect(() => AssetVideo.cleared().readFrameTimestampsNanos()).toThrow("expected a video, got none");
});

it("a table that tells of more frames than the file has bytes is refused at once", async () => {
  const video = await makeVideo([0, 1, 2], 30);
  const at = new TextDecoder("latin1").decode(video).indexOf("stts");
  new DataView(video.buffer).setUint32(at + 12, 0xffffffff);
  expect(() => videoFrameTimes(video)).toThrow("it claims to have more frames than bytes");
});

it("a video with any bytes changed, or cut anywhere, gives times or a clear error", async () => {
  const video = await makeVideo(
    Array.from({ length: 40 }, (_, i) => i),
    30,
  );
  const change = fc.tuple(fc.nat(video.length - 1), fc.constantFrom(0, 1, 127, 128, 255), fc.constantFrom(1, 4));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), fc.nat(video.length), (changes, length) => {
      const damaged = video.slice(0, changes.length === 0 ? length : video.length);
      for (const [at, byte, count] of changes) damaged.fill(byte, at, at + count);
      try {
        const times = videoFrameTimes(damaged);
        expect(times.length).toBeGreaterThan(0);
      } catch (error) {
        expect(isRerunError(error, "CorruptFile")).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
});
