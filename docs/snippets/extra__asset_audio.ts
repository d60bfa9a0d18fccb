// A tenth of a second of a tone: samples of 16 bits, with the header of a WAV file before them.
import * as rr from "rerun-ts";

rr.init("rerun_example_asset_audio");

const samplesPerSecond = 8000;
const samples = Int16Array.from({ length: 800 }, (_, i) => 8000 * Math.sin(0.3 * i));

/** The bytes of a WAV file with one channel. */
function wavOf(channel: Int16Array): Uint8Array {
  const bytes = new Uint8Array(44 + channel.byteLength);
  const view = new DataView(bytes.buffer);
  const text = (offset: number, letters: string) => bytes.set(new TextEncoder().encode(letters), offset);
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of what follows about the format
  view.setUint16(20, 1, true); // plain samples
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, samplesPerSecond, true);
  view.setUint32(28, samplesPerSecond * 2, true); // bytes a second
  view.setUint16(32, 2, true); // bytes of a sample
  view.setUint16(34, 16, true); // bits of a sample
  text(36, "data");
  view.setUint32(40, channel.byteLength, true);
  bytes.set(new Uint8Array(channel.buffer), 44);
  return bytes;
}

rr.setTime("time", { duration: 0 });
rr.log("audio", new rr.AssetAudio({ contents: wavOf(samples), mediaType: rr.MediaType.WAV }));
