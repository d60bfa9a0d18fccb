import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from "mediabunny";

/** A small H.264 header that every reader of mp4 takes: baseline profile, 128 × 96 pixels. */
const SPS = [0x67, 0x42, 0x00, 0x0a, 0xf8, 0x41, 0xa2];
const PPS = [0x68, 0xce, 0x38, 0x80];

/**
 * An mp4 file with a frame at each of these times. Its tables are those of a video; the frames cannot be decoded.
 *
 * @param ticks when the frames are shown, in the order in which they are decoded
 */
export async function makeVideo(ticks: readonly number[], ticksPerSec: number): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: "in-memory" }), target });
  const source = new EncodedVideoPacketSource("avc");
  output.addVideoTrack(source, { frameRate: ticksPerSec });
  await output.start();
  const description = Uint8Array.from([1, 0x42, 0, 0x0a, 0xff, 0xe1, 0, SPS.length, ...SPS, 1, 0, PPS.length, ...PPS]);
  const decoderConfig = { codec: "avc1.42000a", codedWidth: 128, codedHeight: 96, description };
  for (const [i, tick] of ticks.entries()) {
    const data = Uint8Array.of(0, 0, 0, 1, i === 0 ? 0x65 : 0x41);
    const packet = new EncodedPacket(data, i === 0 ? "key" : "delta", tick / ticksPerSec, 1 / ticksPerSec);
    await source.add(packet, { decoderConfig });
  }
  await output.finalize();
  if (target.buffer === null) throw new Error("no video was made");
  return new Uint8Array(target.buffer);
}
