import { RerunError } from "../core/index.js";

/** Where a token without `allowed_hosts` may go: Rerun's own cloud. */
const DEFAULT_ALLOWED_HOST = ".cloud.rerun.io";
const SKIP_CHECK = "RERUN_INSECURE_SKIP_HOST_CHECK";

/** What is read of a token. Its signature is the server's matter. */
interface TokenClaims {
  readonly allowed_hosts?: unknown;
}

/**
 * The header that shows `token` to a server, or none: a token only goes to the hosts that its claim `allowed_hosts` names
 * (a pattern that begins with a dot stands for all hosts that end so), without the claim to Rerun's cloud only.
 *
 * @param env may say `RERUN_INSECURE_SKIP_HOST_CHECK=1`
 * @throws RerunError `Unauthenticated` for a token that is no JWT
 */
export function authorizationFor(
  token: string,
  host: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const hosts = allowedHosts(readClaims(token));
  const isAllowed = env[SKIP_CHECK] === "1" || hosts.some((pattern) => matchesHost(pattern, host));
  return isAllowed ? `Bearer ${token}` : undefined;
}

function readClaims(token: string): TokenClaims {
  const parts = token.split(".");
  try {
    if (parts.length !== 3) throw new TypeError(`it has ${parts.length} parts, expected 3`);
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
    if (typeof claims !== "object" || claims === null) throw new TypeError("its claims are no object");
    return claims;
  } catch (cause) {
    const why = cause instanceof TypeError ? cause.message : "its claims cannot be read";
    throw new RerunError("Unauthenticated", `The token is no JWT: ${why}`, { cause });
  }
}

function allowedHosts({ allowed_hosts }: TokenClaims): readonly string[] {
  if (allowed_hosts === undefined) return [DEFAULT_ALLOWED_HOST];
  return Array.isArray(allowed_hosts) ? allowed_hosts.filter((each) => typeof each === "string") : [];
}

function matchesHost(pattern: string, host: string): boolean {
  const [name, wanted] = [host.toLowerCase(), pattern.toLowerCase()];
  return wanted.startsWith(".") ? name.endsWith(wanted) || name === wanted.slice(1) : name === wanted;
}
