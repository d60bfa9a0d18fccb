import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { RerunError } from "../core/index.js";

/**
 * A message of a peer; its bytes fields are views of `bytes`.
 *
 * @throws RerunError `InvalidData` for what is no such message
 */
export function decodeMessage<M extends DescMessage>(type: M, bytes: Uint8Array): MessageShape<M> {
  try {
    return fromBinary(type, bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RerunError("InvalidData", `the message ${type.typeName} cannot be read: ${why}`, { cause });
  }
}
