import { RerunError } from "../core/index.js";
import type { WaitOptions } from "../dataset/index.js";
import type { Connection } from "./connection.js";

export interface BenchmarkOptions extends WaitOptions {
  /** How much is downloaded. Default: 16 MiB. */
  readonly numBytes?: number | undefined;
  /** Default: 5. */
  readonly numPings?: number | undefined;
}

export interface BenchmarkResult {
  /** Shortest of several round trips. */
  readonly rttSec: number;
  /** Of a download; `undefined` when nothing was downloaded. */
  readonly bandwidthBytesPerSec: number | undefined;
}

/** Measures how fast a server is reached. */
export async function benchmark(
  connection: Connection,
  { numBytes = 16 * 2 ** 20, numPings = 5, signal }: BenchmarkOptions,
): Promise<BenchmarkResult> {
  let rttSec = Number.POSITIVE_INFINITY;
  for (let i = 0; i < numPings; i++) rttSec = Math.min(rttSec, await download(connection, 0, signal));
  const seconds = numBytes > 0 ? await download(connection, numBytes, signal) : undefined;
  return { rttSec, bandwidthBytesPerSec: seconds === undefined ? undefined : numBytes / seconds };
}

/** @returns seconds */
async function download(connection: Connection, numBytes: number, signal: AbortSignal | undefined): Promise<number> {
  const start = performance.now();
  let received = 0;
  const request = { numBytes: BigInt(numBytes) };
  const parts = connection.stream((client, call) => client.doBandwidthTest(request, call), { signal });
  for await (const { payload } of parts) received += payload.length;
  if (received < numBytes) throw new RerunError("InvalidData", `the server sent ${received} of ${numBytes} bytes`);
  return (performance.now() - start) / 1000;
}
