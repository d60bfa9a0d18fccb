import { ConnectError } from "@connectrpc/connect";
import { isRerunError, RerunError, type RerunErrorCode } from "../core/index.js";

/** Status codes of gRPC. Connect has the same, but is loaded only by programs that call servers. */
export const Code = {
  Ok: 0,
  Canceled: 1,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Aborted: 10,
  OutOfRange: 11,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
  DataLoss: 15,
  Unauthenticated: 16,
} as const;

/** A status of gRPC, as it stands in the trailers of a call. */
export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
}

/** What our errors are on the wire. */
const STATUS_OF: Readonly<Record<RerunErrorCode, number>> = {
  InvalidArgument: Code.InvalidArgument,
  InvalidTime: Code.InvalidArgument,
  InvalidPath: Code.InvalidArgument,
  InvalidData: Code.InvalidArgument,
  CorruptFile: Code.FailedPrecondition,
  IncompleteRecording: Code.FailedPrecondition,
  FailedPrecondition: Code.FailedPrecondition,
  NoFrontend: Code.FailedPrecondition,
  LimitExceeded: Code.ResourceExhausted,
  NotFound: Code.NotFound,
  NoRecording: Code.NotFound,
  AlreadyExists: Code.AlreadyExists,
  Unauthenticated: Code.Unauthenticated,
  PermissionDenied: Code.PermissionDenied,
  Unsupported: Code.Unimplemented,
  Timeout: Code.DeadlineExceeded,
  Closed: Code.Unavailable,
  Unavailable: Code.Unavailable,
  SinkFailed: Code.Internal,
  Internal: Code.Internal,
};

/** What a status of the wire is among our errors. */
const ERROR_OF: Readonly<Record<number, RerunErrorCode>> = {
  [Code.Canceled]: "Closed",
  [Code.InvalidArgument]: "InvalidArgument",
  [Code.DeadlineExceeded]: "Timeout",
  [Code.NotFound]: "NotFound",
  [Code.AlreadyExists]: "AlreadyExists",
  [Code.PermissionDenied]: "PermissionDenied",
  [Code.ResourceExhausted]: "LimitExceeded",
  [Code.FailedPrecondition]: "FailedPrecondition",
  [Code.Aborted]: "FailedPrecondition",
  [Code.OutOfRange]: "InvalidArgument",
  [Code.Unimplemented]: "Unsupported",
  [Code.Unavailable]: "Unavailable",
  [Code.DataLoss]: "InvalidData",
  [Code.Unauthenticated]: "Unauthenticated",
};

/** The status that tells a peer of `error`. What is no error of ours is INTERNAL, with its message. */
export function statusOf(error: unknown): GrpcStatus {
  if (isRerunError(error)) return { code: STATUS_OF[error.code], message: error.message };
  if (error instanceof ConnectError) return { code: error.code, message: error.rawMessage };
  return { code: Code.Internal, message: error instanceof Error ? error.message : String(error) };
}

/**
 * The error of a call as ours: its code says what happened, its message is the server's text, its cause has the status.
 *
 * @param error what Connect threw, or a status
 */
export function rerunErrorOf(error: unknown): RerunError {
  if (isRerunError(error)) return error;
  const connect = ConnectError.from(error);
  // What a stream of questions throws comes back as the cause.
  if (isRerunError(connect.cause)) return connect.cause;
  return new RerunError(ERROR_OF[connect.code] ?? "Internal", connect.rawMessage, { cause: connect });
}

/** Whether a server said that it has too much to do: RESOURCE_EXHAUSTED. A limit of this process is none of a server. */
export function isServerBusy(error: unknown): boolean {
  return isRerunError(error, "LimitExceeded") && error.cause instanceof ConnectError;
}

/** `grpc-message` has everything but printable ASCII percent-encoded, byte by byte. */
export function encodeGrpcMessage(text: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(text)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    out += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

/** The text of `grpc-message`; as it came when it is not well-formed. */
export function decodeGrpcMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
