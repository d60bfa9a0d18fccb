import { RerunError } from "../core/index.js";

const SCHEMES: Readonly<Record<string, "http" | "https">> = {
  "rerun:": "https",
  "rerun+https:": "https",
  "rerun+http:": "http",
};
/** Where viewers listen. */
export const DEFAULT_PROXY_PORT = 9876;
const CATALOG_PORT = 51234;

/** Address of a server of Rerun's, and what on it is meant. */
export interface RedapUrl {
  /** `http://host:port` or `https://host:port`. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** Without the slashes around: `proxy`, `catalog`, `entry/…`, `dataset/…`, or nothing. */
  readonly path: string;
  /** What follows `?`. */
  readonly query: URLSearchParams;
  /** What follows `#`. */
  readonly fragment: string;
  /** The address as it was given. */
  readonly href: string;
}

/**
 * Reads an address such as `rerun+http://127.0.0.1:9876/proxy`. Without a port it is 9876 for `/proxy`, 51234 for a catalog on
 * this machine, else that of HTTP.
 *
 * @throws RerunError `InvalidArgument`
 */
export function parseRedapUrl(href: string): RedapUrl {
  const fail = (why: string): RerunError => new RerunError("InvalidArgument", `invalid endpoint "${href}": ${why}`);
  const separator = href.indexOf("://");
  const scheme = SCHEMES[href.slice(0, separator + 1).toLowerCase()];
  if (separator < 0 || scheme === undefined) {
    throw fail("invalid or missing scheme (expected one of: `rerun://`, `rerun+http://`, `rerun+https://`)");
  }
  const url = readUrl(`${scheme}${href.slice(separator)}`);
  if (url === undefined || url.hostname === "") throw fail("the host or port cannot be read");
  const path = url.pathname.replace(/^\/+|\/+$/g, "");
  const port = url.port === "" ? defaultPort(url, path, href) : Number(url.port);
  return {
    origin: `${scheme}://${url.hostname}:${port}`,
    host: url.hostname,
    port,
    path,
    query: url.searchParams,
    fragment: url.hash.slice(1),
    href,
  };
}

/**
 * The address of a message proxy.
 *
 * @throws RerunError `InvalidArgument` when it is none, or another kind of address
 */
export function parseProxyUrl(href: string): RedapUrl {
  const url = parseRedapUrl(href);
  if (url.path === "proxy") return url;
  throw new RerunError("InvalidArgument", `invalid endpoint "${href}": the path must be \`/proxy\`, got \`/${url.path}\``);
}

/** The address of a message proxy that listens on `host`, for viewers on this machine. */
export function proxyUrl(host: string, port: number): string {
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `rerun+http://${shown.includes(":") ? `[${shown}]` : shown}:${port}/proxy`;
}

function readUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined; // The caller says what was expected.
  }
}

/** `new URL` drops the port that is its scheme's own, so it is looked for in the text. */
function defaultPort(url: URL, path: string, href: string): number {
  const own = url.protocol === "https:" ? 443 : 80;
  const authority = /^[^/]*:\/\/([^/?#]*)/.exec(href)?.[1] ?? "";
  if (authority.endsWith(`:${own}`)) return own;
  if (path === "proxy") return DEFAULT_PROXY_PORT;
  return /^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])$/.test(url.hostname) ? CATALOG_PORT : own;
}
