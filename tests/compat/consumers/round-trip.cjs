// A CommonJS program that has the package installed: logs, exports, reads the file again.
const { readFileSync } = require("node:fs");
const rr = require("rerun-ts");
const { ChunkStore } = require("rerun-ts/store");
const { decodeRrd } = require("rerun-ts/rrd");

async function main(file) {
  const recording = new rr.RecordingStream("compat", { recordingId: "compat-cjs" });
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
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
