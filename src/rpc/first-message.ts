import { RerunError } from "../core/index.js";

/** The one message of a call that has just one. @throws RerunError `InvalidArgument` when there is none */
export async function firstMessage(batches: AsyncIterable<readonly Uint8Array[]>): Promise<Uint8Array> {
  for await (const [first] of batches) if (first !== undefined) return first;
  throw new RerunError("InvalidArgument", "the call has no message");
}
