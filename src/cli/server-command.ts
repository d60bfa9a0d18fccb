import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { CAC } from "cac";
import { RerunError } from "../core/index.js";
import { defaultDataFolder, type PlatformServerOptions, startPlatformServer } from "../server/index.js";

interface ServerFlags {
  readonly host: string;
  readonly port: number | string;
  readonly dataset?: string | readonly string[];
  readonly table?: string | readonly string[];
  readonly dataDir?: string;
  readonly ephemeral?: boolean;
  readonly root?: string | readonly string[];
  readonly directUrls?: boolean;
  readonly authSecretFile?: string;
  readonly corsAllowOrigin?: string | readonly string[];
  readonly maxMessageMib?: number;
  readonly cacheMib?: number;
  readonly readMib?: number;
}

const MIB = 2 ** 20;
const MAX_PORT = 65_535;

/** `rerun-ts server` */
export function addServerCommand(cli: CAC, version: string): void {
  cli
    .command("server", "Serve datasets and tables over redap, and keep them over a restart")
    .option("--host <host>", "What to listen on; 0.0.0.0: all addresses of this machine, for others too", {
      default: "127.0.0.1",
    })
    .option("-p, --port <port>", "0: any that is free", { default: 51234 })
    .option("-d, --dataset <[name=]dir>", "A dataset of the recordings in DIR, named after it by default (several times)")
    .option("-t, --table <[name=]dir>", "The Lance table in DIR, named after it by default (several times)")
    .option("--data-dir <dir>", `Where everything is kept (default: ${defaultDataFolder()})`)
    .option("--ephemeral", "Keep nothing: everything is gone when the server ends")
    .option(
      "--root <dir>",
      "Files below DIR, or objects below s3://BUCKET/PREFIX, may be registered (several times; default: any file, on an open host none; no object)",
    )
    .option(
      "--direct-urls",
      "Clients read objects of s3:// stores themselves, which they must reach, by addresses signed for an hour",
    )
    .option("--auth-secret-file <file>", "Ask for tokens that were signed with the secret in FILE: rerun-ts auth mint-token")
    .option("--cors-allow-origin <pattern>", "Web pages that may call, beside those of localhost and rerun.io (several times)")
    .option("--max-message-mib <mib>", "Larger messages are refused", { default: 1024 })
    .option("--cache-mib <mib>", "Memory for indexes of recordings", { default: 256 })
    .option("--read-mib <mib>", "Memory for answers that clients have not taken yet, of all calls together", { default: 256 })
    .example("rerun-ts server -d drives=/data/drives")
    .action((flags: ServerFlags) => serve(flags, version));
}

async function serve(flags: ServerFlags, version: string): Promise<void> {
  const options = optionsOf(flags);
  const dataDir = flags.ephemeral === true ? temporaryFolder(options.dataDir) : options.dataDir;
  const warn = ({ message }: { readonly message: string }): void => console.error(message);
  const tell = (text: string): void => console.log(text);
  const server = await startPlatformServer({ ...options, ...(dataDir !== undefined && { dataDir }), version, warn, tell });
  console.log(`Serving ${server.url}`);
  const end = (): void => {
    if (process.send === undefined) console.error("Ending: calls in hand are finished first");
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(String(error));
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  // Started by a program that keeps a channel open: it hears the address, and the server ends with it.
  process.send?.({ url: server.url });
  process.once("disconnect", end);
}

/** A folder that is gone when this process ends. */
function temporaryFolder(dataDir: string | undefined): string {
  if (dataDir !== undefined) throw new RerunError("InvalidArgument", "Give --data-dir or --ephemeral, not both");
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-server-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function optionsOf(flags: ServerFlags): PlatformServerOptions {
  const { dataDir, authSecretFile } = flags;
  const roots = listOf(flags.root);
  return {
    host: String(flags.host),
    port: portOf(flags.port),
    datasets: namedFolders("--dataset", listOf(flags.dataset)),
    tables: namedFolders("--table", listOf(flags.table)),
    corsAllowOrigin: listOf(flags.corsAllowOrigin),
    maxMessageBytes: bytesOf("--max-message-mib", flags.maxMessageMib),
    cacheBytes: bytesOf("--cache-mib", flags.cacheMib),
    readBytes: bytesOf("--read-mib", flags.readMib),
    directUrls: flags.directUrls === true,
    ...(dataDir === undefined ? {} : { dataDir: String(dataDir) }),
    ...(roots.length === 0 ? {} : { roots }),
    ...(authSecretFile === undefined ? {} : { authSecret: readSecret(String(authSecretFile)) }),
  };
}

function listOf(value: string | readonly string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}

function portOf(value: number | string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= MAX_PORT) return port;
  throw new RerunError("InvalidArgument", `--port takes a number from 0 to ${MAX_PORT}, got ${value}`);
}

function bytesOf(flag: string, mib: unknown): number {
  const bytes = Number(mib) * MIB;
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new RerunError("InvalidArgument", `${flag} takes a number of MiB, got ${String(mib)}`);
}

/** Folders by name: that of the folder, unless another one is given. */
function namedFolders(flag: string, values: readonly string[]): Record<string, string> {
  const folders = new Map<string, string>();
  for (const value of values) {
    const at = value.indexOf("=");
    const [name, folder] = at < 0 ? [basename(resolve(value)), value] : [value.slice(0, at), value.slice(at + 1)];
    if (name === "" || folder === "") throw new RerunError("InvalidArgument", `${flag} takes DIR or NAME=DIR, got ${value}`);
    if (folders.has(name))
      throw new RerunError("InvalidArgument", `${flag} names '${name}' twice: ${folders.get(name)}, ${folder}`);
    folders.set(name, folder);
  }
  return Object.fromEntries(folders);
}

/** The secret in a file; a line end behind it is not a part of it. */
export function readSecret(file: string): Uint8Array {
  try {
    return Buffer.from(readFileSync(file, "utf8").trim());
  } catch (cause) {
    throw new RerunError("NotFound", `The secret cannot be read: ${file}`, { cause });
  }
}
