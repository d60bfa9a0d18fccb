// What a notebook cell writes, as TypeScript 5.0.4 sees it.
import * as rr from "rerun-ts";
import { decodeRrd } from "rerun-ts/rrd";
import { ChunkStore } from "rerun-ts/store";

const recording: rr.RecordingStream = new rr.RecordingStream("compat");
recording.setTime("frame", { sequence: 1n });
recording.log("points", new rr.Points3D(new Float32Array(3)), { static: true });
// @ts-expect-error an entity path is a text or a list of texts
recording.log(5, new rr.Points3D([[1, 2, 3]]));
// @ts-expect-error a time has one of four kinds
recording.setTime("frame", { sequenze: 1 });

const store: ChunkStore = new ChunkStore();
for (const message of decodeRrd(new Uint8Array())) {
  if (message.kind === "chunk") store.insert(message.chunk);
}
// @ts-expect-error a recording's bytes are a Uint8Array
decodeRrd("file.rrd");
