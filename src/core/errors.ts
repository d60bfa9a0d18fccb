/**
 * Every error this package throws on purpose is a `RerunError` with a literal `code`.
 *
 * ```ts
 * try { … } catch (error) { if (isRerunError(error, "NotFound")) … }
 * ```
 */
export type RerunErrorCode =
  | "InvalidArgument"
  | "InvalidTime"
  | "InvalidPath"
  | "InvalidData"
  | "CorruptFile"
  | "LimitExceeded"
  | "NotFound"
  | "AlreadyExists"
  | "NoRecording"
  | "Closed"
  | "IncompleteRecording"
  | "SinkFailed"
  | "NoFrontend"
  | "Unsupported"
  | "Timeout"
  | "AlreadyExists"
  | "FailedPrecondition"
  | "Unauthenticated"
  | "PermissionDenied"
  | "Unavailable"
  | "Internal";

const BRAND: unique symbol = Symbol.for("rerun-ts.error") as never;

export class RerunError extends Error {
  readonly code: RerunErrorCode;

  /** @param message what failed, what was expected and what came; paths and URLs last */
  constructor(code: RerunErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "RerunError";
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Whether `error` is a `RerunError` (of one of `codes`, when given), also across two loaded copies of the package. */
export function isRerunError(error: unknown, ...codes: readonly RerunErrorCode[]): error is RerunError {
  if (typeof error !== "object" || error === null || !(BRAND in error)) return false;
  return codes.length === 0 || codes.includes((error as unknown as RerunError).code);
}
