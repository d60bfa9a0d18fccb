/**
 * One client of the load benchmark, in a process of its own: asks for the same chunks again and again.
 *
 *   load-client ORIGIN http2|web WAIT_MS SECONDS REQUEST
 *
 * REQUEST is a `FetchChunksRequest` in base64; after each piece of an answer it waits WAIT_MS. It says `ready`, begins when it hears
 * a line, and prints what became of it as JSON.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { RerunCloudService } from "../src/protos/redap.js";
import { RpcChannel } from "../src/rpc/index.js";

export interface LoadClientResult {
  /** Answers that came to their end. */
  reads: number;
  bytes: number;
  readonly errors: string[];
}

const [origin = "", protocol = "", waitMs = "", seconds = "", request = ""] = process.argv.slice(2);
const result: LoadClientResult = { reads: 0, bytes: 0, errors: [] };
const method = RerunCloudService.method.fetchChunks;

const channel = new RpcChannel(origin);
console.log("ready");
await once(process.stdin, "data");
const stop = AbortSignal.timeout(1000 * Number(seconds));
while (!stop.aborted) {
  try {
    await (protocol === "web" ? readWeb() : readHttp2());
    result.reads += 1;
  } catch (error) {
    if (!stop.aborted) result.errors.push(String(error));
  }
}
channel.close();
console.log(JSON.stringify(result));
process.exit();

function readWeb(): Promise<void> {
  const take = ({ length }: Uint8Array): void => {
    result.bytes += length;
  };
  return channel.receive(method, take, { request: Buffer.from(request, "base64"), signal: stop });
}

async function readHttp2(): Promise<void> {
  const call = await channel.open(method, { signal: stop });
  await call.send(Buffer.from(request, "base64"));
  call.end();
  for await (const messages of call.responses) {
    for (const { length } of messages) result.bytes += length;
    if (Number(waitMs) > 0) await sleep(Number(waitMs), undefined, { signal: stop });
  }
}
