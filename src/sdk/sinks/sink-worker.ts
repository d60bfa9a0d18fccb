/** The program of a sink's thread: brings what the recording's thread hands over to a file or a receiver. */
import { workerData } from "node:worker_threads";
import { useNativeLz4 } from "../../files/index.js";
import { OutputFile } from "./output-file.js";
import { RecordingWriter } from "./recording-writer.js";
import { serveSink } from "./serve-sink.js";
import type { SinkEndpoint, SinkReporter } from "./sink-endpoint.js";
import type { SinkJob, SinkWorkerData } from "./sink-protocol.js";

function endpointOf(job: SinkJob, reporter: SinkReporter): SinkEndpoint {
  const { path, descriptor, position, storeId, writeFooter, before } = job;
  return new RecordingWriter(new OutputFile(path, { descriptor, position }), { storeId, writeFooter, reporter }, before);
}

useNativeLz4();
const { job, port, control } = workerData as SinkWorkerData;
serveSink(port, new Int32Array(control), (reporter) => endpointOf(job, reporter));
