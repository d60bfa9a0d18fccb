// A thread with a receiver of recordings over gRPC that is slow: it reads nothing until so much is logged, then a little at a time.
import { createServer } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";

const PIECE_BYTES = 1 << 20;
const REST_MS = 4;

/** MiB logged; bytes read; calls that began. */
const words = new Int32Array(workerData.control);
const [LOGGED_MIB, READ_BYTES, NUM_CALLS] = [0, 1, 2];

const server = createServer();
server.on("stream", async (stream) => {
  Atomics.add(words, NUM_CALLS, 1);
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  while (Atomics.load(words, LOGGED_MIB) < workerData.quietMib) await sleep(REST_MS);
  let sinceRest = 0;
  for await (const bytes of stream) {
    Atomics.add(words, READ_BYTES, bytes.length);
    sinceRest += bytes.length;
    if (sinceRest < PIECE_BYTES) continue;
    sinceRest = 0;
    await sleep(REST_MS);
  }
  stream.end();
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
