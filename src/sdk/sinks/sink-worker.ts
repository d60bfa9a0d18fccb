/** The program of a sink's thread: brings what the recording's thread hands over to a file or a receiver. */
import { workerData } from "node:worker_threads";
import { useNativeLz4 } from "../../files/index.js";
import { OutputFile } from "./output-file.js";
import { RecordingWriter } from "./recording-writer.js";
import { serveSink } from "./serve-sink.js";
import type { SinkEndpoint, SinkReporter } from "./sink-endpoint.js";
import type { SinkJob, SinkWorkerData } from "./sink-protocol.js";

/** What makes the endpoint. The network's code is loaded where it is used: a thread that writes a file starts without it. */
async function endpointOf(job: SinkJob): Promise<(reporter: SinkReporter) => SinkEndpoint> {
  switch (job.kind) {
    case "file": {
      const { path, descriptor, position, storeId, writeFooter, before } = job;
      return (reporter) =>
        new RecordingWriter(new OutputFile(path, { descriptor, position }), { storeId, writeFooter, reporter }, before);
    }
    case "grpc": {
      const { GrpcWriter } = await import("./grpc-writer.js");
      return (reporter) => new GrpcWriter({ ...job, reporter });
    }
    case "serve": {
      const { ProxyWriter } = await import("./proxy-writer.js");
      return (reporter) => new ProxyWriter(job, reporter);
    }
  }
}

useNativeLz4();
const { job, port, control } = workerData as SinkWorkerData;
void endpointOf(job).then((makeEndpoint) => serveSink(port, new Int32Array(control), makeEndpoint));
