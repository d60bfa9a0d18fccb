/** How calls fail, as the client tells of it. */
import type { IncomingHttpHeaders } from "node:http2";
import { ConnectError } from "@connectrpc/connect";
import { RerunError } from "../../core/index.js";
import { decodeGrpcMessage, type GrpcStatus, rerunErrorOf } from "../status.js";

/** The status that stands in the headers or trailers of an answer. */
export function statusIn(headers: Readonly<IncomingHttpHeaders> | undefined): GrpcStatus | undefined {
  const code = headers?.["grpc-status"];
  if (code === undefined) return undefined;
  const message = headers?.["grpc-message"];
  return { code: Number(code), message: typeof message === "string" ? decodeGrpcMessage(message) : "" };
}

/** @throws RerunError for every status but OK */
export function throwUnlessOk({ code, message }: GrpcStatus): void {
  if (code !== 0) throw rerunErrorOf(new ConnectError(message, code));
}

export function broken(cause: unknown): RerunError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RerunError("Unavailable", `the call broke: ${why}`, { cause });
}

export function unreachable(authority: string, cause: unknown): RerunError {
  const why = ConnectError.from(cause).rawMessage;
  // What the socket says names the address already.
  const where = why.includes(authority) ? "" : `: ${authority}`;
  return new RerunError("Unavailable", `the server cannot be reached: ${why}${where}`, { cause });
}

/** An answer that ends within a message. */
export function cutShort(): RerunError {
  return new RerunError("Unavailable", "the answer ends within a message");
}
