// An ESM program that has the package installed: logs, exports, reads the file again.
import { readFileSync } from "node:fs";
import * as rr from "rerun-ts";
import { decodeRrd } from "rerun-ts/rrd";
import { ChunkStore } from "rerun-ts/store";

const file = process.argv[2];
const recording = new rr.RecordingStream("compat", { recordingId: "compat-esm" });
for (let frame = 0; frame < 3; frame++) {
  recording.setTime("frame", { sequence: frame });
  recording.log("points", new rr.Points3D([[frame, 2, 3]], { colors: [255, 0, 0] }));
}
await recording.exportRrd(file);
await recording.close();

const store = new ChunkStore();
let rows = 0;
for (const message of decodeRrd(readFileSync(file), { warn: (warning) => console.error(warning.message) })) {
  if (message.kind !== "chunk") continue;
  store.insert(message.chunk);
  if (message.chunk.entityPath === "/points") rows += message.chunk.numRows;
}
console.log(JSON.stringify({ node: process.version, rows, chunks: [...store.chunks()].length > 0 }));
