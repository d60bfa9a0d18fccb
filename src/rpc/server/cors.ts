import type { RpcRequest, RpcResponse } from "./raw-stream.js";

/** Pages that may call a server, as in Rerun: its own web viewer, here or on its site. */
const DEFAULT_ORIGINS = [
  "*://localhost",
  "*://localhost:*",
  "*://127.0.0.1",
  "*://127.0.0.1:*",
  "*://rerun.io",
  "*://rerun.io:*",
];
const EXPOSED = "grpc-status, grpc-message, x-request-trace-id, x-rerun-server-version";

/** Says which pages may call a server. */
export interface CorsPolicy {
  /**
   * Whether a request comes from a page that may call, or from no page at all. What a browser sends without asking first is not
   * kept from us by the missing headers: a page whose name was made to lead to this machine counts as ours to it.
   */
  allows(request: RpcRequest): boolean;
  /** Adds the headers of an answer. */
  addHeaders(request: RpcRequest, response: RpcResponse): void;
}

/**
 * @param extraOrigins patterns beside those of localhost and rerun.io; `*` stands for any text: `https://*.example.com`
 */
export function corsPolicy(extraOrigins: readonly string[]): CorsPolicy {
  const patterns = [...DEFAULT_ORIGINS, ...extraOrigins].map(globToRegExp);
  const isAllowed = (origin: string): boolean => patterns.some((pattern) => pattern.test(origin));
  return {
    allows: ({ headers: { origin } }) => origin === undefined || isAllowed(origin),
    addHeaders(request, response): void {
      const { origin } = request.headers;
      response.setHeader("vary", "origin, access-control-request-method, access-control-request-headers");
      response.setHeader("access-control-allow-credentials", "true");
      if (origin === undefined || !isAllowed(origin)) return;
      response.setHeader("access-control-allow-origin", origin);
      response.setHeader("access-control-expose-headers", EXPOSED);
    },
  };
}

/** Whether the request only asks what a page may do. */
export function isPreflight(request: RpcRequest): boolean {
  return request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
}

/** Allows the methods and headers that were asked for. */
export function answerPreflight(request: RpcRequest, response: RpcResponse): void {
  const method = request.headers["access-control-request-method"];
  const headers = request.headers["access-control-request-headers"];
  if (method !== undefined) response.setHeader("access-control-allow-methods", method);
  if (headers !== undefined) response.setHeader("access-control-allow-headers", headers);
  response.statusCode = 200;
  response.end();
  request.resume();
}

function globToRegExp(glob: string): RegExp {
  const escaped = glob.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`);
}
