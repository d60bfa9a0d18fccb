import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CAC } from "cac";
import { RerunError } from "../core/index.js";
import { defaultDataFolder, type PlatformServer, type PlatformServerOptions, startPlatformServer } from "../server/index.js";

interface ServerFlags {
  readonly host: string;
  readonly port: number | string;
  readonly dataset?: string | readonly string[];
  readonly table?: string | readonly string[];
  readonly dataDir?: string;
  readonly ephemeral?: boolean;
  readonly root?: string | readonly string[];
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
    .option("--host <host>", "What to listen on; 0.0.0.0 is everywhere", { default: "127.0.0.1" })
    .option("--port <port>", "0: any that is free", { default: 51234 })
    .option("-d, --dataset <name=dir>", "A dataset of the recordings in DIR (may be given several times)")
    .option("-t, --table <name=dir>", "The Lance table in DIR (may be given several times)")
    .option("--data-dir <dir>", `Where everything is kept (default: ${defaultDataFolder()})`)
    .option("--ephemeral", "Keep nothing: everything is gone when the server ends")
    .option(
      "--root <dir>",
      "Files below DIR, or objects below s3://BUCKET/PREFIX, may be registered (several times; default: any file, on an open host none; no object)",
    )
    .option("--auth-secret-file <file>", "Ask for tokens that were signed with the secret in FILE: rerun-ts auth mint-token")
    .option("--cors-allow-origin <pattern>", "Web pages that may call, beside those of localhost and rerun.io (several times)")
    .option("--max-message-mib <mib>", "Larger messages are refused", { default: 1024 })
    .option("--cache-mib <mib>", "Memory for indexes of recordings", { default: 256 })
    .option("--read-mib <mib>", "Memory for what was read and not yet sent, of all calls together", { default: 256 })
    .example("rerun-ts server -d drives=/data/drives")
    .action((flags: ServerFlags) => serve(flags, version));
}

async function serve(flags: ServerFlags, version: string): Promise<void> {
  let server: PlatformServer;
  try {
    const options = optionsOf(flags);
    const dataDir = flags.ephemeral === true ? temporaryFolder(options.dataDir) : options.dataDir;
    const warn = ({ message }: { readonly message: string }): void => console.error(message);
    server = await startPlatformServer({ ...options, ...(dataDir !== undefined && { dataDir }), version, warn });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1); // a program that started this one is not waited for
  }
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
    maxMessageBytes: Number(flags.maxMessageMib) * MIB,
    cacheBytes: Number(flags.cacheMib) * MIB,
    readBytes: Number(flags.readMib) * MIB,
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

function namedFolders(flag: string, values: readonly string[]): Record<string, string> {
  const folders: Record<string, string> = {};
  for (const value of values) {
    const at = value.indexOf("=");
    if (at < 1 || at === value.length - 1) throw new RerunError("InvalidArgument", `${flag} takes NAME=DIR, got ${value}`);
    folders[value.slice(0, at)] = value.slice(at + 1);
  }
  return folders;
}

/** The secret in a file; a line end behind it is not a part of it. */
export function readSecret(file: string): Uint8Array {
  try {
    return Buffer.from(readFileSync(file, "utf8").trim());
  } catch (cause) {
    throw new RerunError("NotFound", `The secret cannot be read: ${file}`, { cause });
  }
}
