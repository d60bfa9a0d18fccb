import { setMaxListeners } from "node:events";
import { resolve } from "node:path";
import { RerunError, type WarningReporter, warnOnce } from "../core/index.js";
import { RerunCloudService } from "../protos/redap.js";
import { type RpcRequest, type RpcResponse, type RpcServer, startRpcServer } from "../rpc/index.js";
import { checkSecret, type Grant, verifyAuthorization } from "./auth/tokens.js";
import { defaultDataFolder } from "./data-folder.js";
import { loadFolders } from "./load-folders.js";
import { openPlatform } from "./open-platform.js";
import type { Platform } from "./redap/platform.js";
import { registerTasks } from "./redap/register-work.js";
import { CAPABILITIES } from "./redap/server-info.js";
import { cloudRoutes, isWritingCall } from "./redap/service.js";
import { answerUpload } from "./redap/uploads.js";

export interface PlatformServerOptions {
  /** Default `127.0.0.1`: this machine only. */
  readonly host?: string;
  /** Default 51234; 0 = any free port. */
  readonly port?: number;
  /** Where catalog, uploads and tables are kept. Default: beside the user's other data. */
  readonly dataDir?: string;
  /**
   * Datasets that are made of the recordings of a folder when the server starts, and completed when it starts again: name → folder.
   * The server listens once they are registered.
   */
  readonly datasets?: Readonly<Record<string, string>>;
  /** Tables that lie in folders as Lance: name → folder. */
  readonly tables?: Readonly<Record<string, string>>;
  /** Calls then need a token that was signed with this secret (at least 32 bytes). */
  readonly authSecret?: Uint8Array;
  /**
   * Folders whose files may be registered, and `s3://bucket/prefix` whose objects may be. Default for files: any on this machine
   * only, none but the data folder on an open host; for objects: none.
   */
  readonly roots?: readonly string[];
  /**
   * Clients that ask for it are told where to read recordings in object stores themselves, by addresses that are signed for an hour:
   * they must reach the store as the server does. Default: false, they get all from the server.
   */
  readonly directUrls?: boolean;
  /** Pages that may call, beside those of localhost and rerun.io: `https://*.example.com`. */
  readonly corsAllowOrigin?: readonly string[];
  /** A message larger than this is refused. Default 1 GiB. */
  readonly maxMessageBytes?: number;
  /** For decoded indexes of recordings. Default 256 MiB. */
  readonly cacheBytes?: number;
  /** Memory for answers that clients have not taken yet, of all calls together. Default 256 MiB. */
  readonly readBytes?: number;
  /** What one upload may hold. Default 16 GiB. */
  readonly maxUploadBytes?: number;
  /**
   * What clients are told that they may rely on. Default: all that works here. Fewer, when servers of several versions stand behind
   * one address: what all of them can. Without `dataset:find_chunks` clients ask as those of older releases do.
   */
  readonly capabilities?: readonly string[];
  /** Of the program, told by the call `Version`. */
  readonly version?: string;
  /** Hears of what goes wrong without ending the server. Default: printed once. */
  readonly warn?: WarningReporter;
  /** Hears how far the registration of folders is. */
  readonly tell?: (text: string) => void;
}

/** A data platform that listens. */
export interface PlatformServer {
  readonly host: string;
  readonly port: number;
  /** For clients: `rerun+http://127.0.0.1:51234` */
  readonly url: string;
  /**
   * Takes no more calls, lets those that run end within 5 s, and gives back tasks. A client whose call is ended finds UNAVAILABLE and
   * may call again. Idempotent.
   */
  close(): Promise<void>;
}

const DEFAULT_PORT = 51234;
const DRAIN_MS = 5_000;
const LOOPBACK = /^(localhost|::1|127\.\d+\.\d+\.\d+)$/;
/** The real server's trace id is a constant too; clients print it in errors. */
const TRACE_ID = "abba000000000000000000000000abba";

/**
 * Serves datasets and tables over redap, and keeps them: a server that is started again on the same data folder serves the same.
 *
 * ```ts
 * const server = await startPlatformServer({ dataDir: "/data/catalog", datasets: { drives: "/data/drives" } });
 * ```
 * @throws RerunError `Unavailable` when the port is taken, `Unsupported` without libsql, `NotFound` for folders that are not there
 */
export async function startPlatformServer(options: PlatformServerOptions = {}): Promise<PlatformServer> {
  const { host = "127.0.0.1", port = DEFAULT_PORT, authSecret, warn = warnOnce } = options;
  if (authSecret !== undefined) checkSecret(authSecret);
  const dataDir = resolve(options.dataDir ?? defaultDataFolder());
  const roots = fileRoots(options, host);
  const { platform, close } = await openPlatform({
    dataDir,
    warn,
    s3Roots: (options.roots ?? []).filter(isS3),
    directUrls: options.directUrls ?? false,
    ...(roots === undefined ? {} : { roots }),
    ...(options.cacheBytes === undefined ? {} : { cacheBytes: options.cacheBytes }),
    ...(options.maxUploadBytes === undefined ? {} : { maxUploadBytes: options.maxUploadBytes }),
  });
  const stop = new AbortController();
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const work = registerTasks(platform, stop.signal);
  let rpc: RpcServer | undefined;
  const end = async (): Promise<void> => {
    stopping.abort();
    await rpc?.close({ drainMs: DRAIN_MS });
    stop.abort();
    await work;
    await close();
  };
  try {
    const { datasets = {}, tables = {}, tell } = options;
    await loadFolders(platform, { datasets, tables, signal: stop.signal, ...(tell === undefined ? {} : { tell }) });
    rpc = await startRpcServer({ host, port, ...rpcOptions(platform, options, stopping.signal) });
  } catch (error) {
    await end();
    throw error;
  }
  if (authSecret === undefined && !LOOPBACK.test(host)) warn(openServer(host, rpc.port));
  let ending: Promise<void> | undefined;
  return {
    host,
    port: rpc.port,
    url: `rerun+http://${host.includes(":") ? `[${host}]` : host}:${rpc.port}`,
    close: () => {
      ending ??= end();
      return ending;
    },
  };
}

function rpcOptions(
  platform: Platform,
  options: PlatformServerOptions,
  stopping: AbortSignal,
): Omit<Parameters<typeof startRpcServer>[0], "host" | "port"> {
  const packageVersion = options.version ?? "unknown";
  const grantOf = (authorization: string | undefined): Grant =>
    options.authSecret === undefined
      ? { permission: "read-write" }
      : verifyAuthorization(options.authSecret, authorization, Math.floor(Date.now() / 1000));
  return {
    services: [RerunCloudService],
    routes: cloudRoutes(platform, { packageVersion, capabilities: options.capabilities ?? CAPABILITIES, grantOf, stopping }),
    http: (request, response) => answerHttp(platform, packageVersion, request, response),
    headers: (request) => responseHeaders(packageVersion, request),
    authorize: ({ headers }, path) => checkCall(grantOf(headers.authorization), path),
    warn: platform.warn,
    ...(options.corsAllowOrigin === undefined ? {} : { corsAllowOrigin: options.corsAllowOrigin }),
    ...(options.maxMessageBytes === undefined ? {} : { maxMessageBytes: options.maxMessageBytes }),
    ...(options.readBytes === undefined ? {} : { maxAnswerBytes: options.readBytes }),
  };
}

function checkCall({ permission }: Grant, path: string): void {
  if (permission === "read" && isWritingCall(path)) {
    throw new RerunError("PermissionDenied", "the token allows reading only");
  }
}

function responseHeaders(packageVersion: string, request: RpcRequest): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    "x-rerun-server-version": `rerun-ts/${packageVersion}`,
    "x-request-trace-id": TRACE_ID,
  };
  for (const name of ["x-rerun-entry-id", "x-rerun-client-version"]) {
    const value = request.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  return headers;
}

function answerHttp(platform: Platform, packageVersion: string, request: RpcRequest, response: RpcResponse): void {
  if (answerUpload(platform, request, response)) return;
  const isVersion = request.method === "GET" && request.url === "/version";
  response.statusCode = isVersion ? 200 : 404;
  if (isVersion) response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end(isVersion ? `rerun-ts ${packageVersion}\n` : "");
  request.resume();
}

function openServer(host: string, port: number): { readonly code: string; readonly message: string } {
  const message =
    `Whoever reaches port ${port} of this machine may read, change and delete everything that this server holds: it listens on ${host} ` +
    "and asks for no tokens. Ask for them with --auth-secret-file FILE, or serve this machine only with --host 127.0.0.1";
  return { code: "OpenServer", message };
}

/** Whoever reaches a server on an open host must not reach all of its machine's files. */
function fileRoots(options: PlatformServerOptions, host: string): readonly string[] | undefined {
  const given = options.roots?.filter((root) => !isS3(root)) ?? [];
  if (given.length === 0 && LOOPBACK.test(host)) return undefined;
  const folders = [...Object.values(options.datasets ?? {}), ...Object.values(options.tables ?? {})];
  return [...given, ...folders].map((folder) => resolve(folder));
}

function isS3(root: string): boolean {
  return root.startsWith("s3://");
}
