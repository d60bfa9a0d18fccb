import { createHmac, timingSafeEqual } from "node:crypto";
import { RerunError } from "../../core/index.js";

export type Permission = "read" | "read-write";

export interface MintTokenOptions {
  /** Hosts that clients may send the token to; one that begins with a dot stands for all hosts that end so. */
  readonly allowedHosts: readonly string[];
  readonly permission: Permission;
  readonly lifetimeSec: number;
  /** Whom the token is for. */
  readonly subject?: string;
}

/** What a valid token allows. */
export interface Grant {
  readonly permission: Permission;
  readonly subject?: string;
}

const ISSUER = "rerun-ts";
const MIN_SECRET_BYTES = 32;
const MAX_TOKEN_CHARS = 8192;

/** @throws RerunError `InvalidArgument` for a secret that could be guessed */
export function checkSecret(secret: Uint8Array): void {
  if (secret.length >= MIN_SECRET_BYTES) return;
  throw new RerunError(
    "InvalidArgument",
    `The secret must have at least ${MIN_SECRET_BYTES} bytes, got ${secret.length}. Make one: head -c 48 /dev/urandom | base64 > FILE`,
  );
}

/** A JWT signed with `secret` (HS256). */
export function mintToken(secret: Uint8Array, options: MintTokenOptions, nowSec: number): string {
  checkSecret(secret);
  const claims = {
    iss: ISSUER,
    ...(options.subject === undefined ? {} : { sub: options.subject }),
    iat: nowSec,
    exp: nowSec + options.lifetimeSec,
    permissions: [options.permission],
    allowed_hosts: options.allowedHosts,
  };
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${signature(secret, signed).toString("base64url")}`;
}

/**
 * What the header `authorization` of a call allows.
 * @throws RerunError `Unauthenticated` without a token, or for one that is damaged, foreign or too old; `PermissionDenied` for one
 * without permissions
 */
export function verifyAuthorization(secret: Uint8Array, header: string | undefined, nowSec: number): Grant {
  if (header === undefined) throw new RerunError("Unauthenticated", "a token is required: none was sent");
  const [scheme, token = ""] = header.split(" ");
  if (scheme?.toLowerCase() !== "bearer")
    throw new RerunError("Unauthenticated", "expected the header 'authorization: Bearer TOKEN'");
  const parts = token.split(".");
  const [head = "", body = "", given = ""] = parts;
  if (parts.length !== 3 || token.length > MAX_TOKEN_CHARS) throw new RerunError("Unauthenticated", "the token is no JWT");
  const expected = signature(secret, `${head}.${body}`);
  const actual = Buffer.from(given, "base64url");
  if (decode(head).alg !== "HS256" || actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
    throw new RerunError("Unauthenticated", "the token is not signed by this server");
  }
  const claims = decode(body);
  if (typeof claims.exp !== "number" || claims.exp <= nowSec) throw new RerunError("Unauthenticated", "the token has expired");
  const permissions = Array.isArray(claims.permissions) ? claims.permissions : [];
  const subject = typeof claims.sub === "string" ? { subject: claims.sub } : {};
  if (permissions.includes("read-write")) return { permission: "read-write", ...subject };
  if (permissions.includes("read")) return { permission: "read", ...subject };
  throw new RerunError("PermissionDenied", "the token has neither the permission 'read' nor 'read-write'");
}

function signature(secret: Uint8Array, text: string): Buffer {
  return createHmac("sha256", secret).update(text).digest();
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new RerunError("Unauthenticated", "the token is no JWT", { cause });
  }
  throw new RerunError("Unauthenticated", "the token is no JWT");
}
