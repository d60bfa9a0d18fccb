import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, isRerunError, RerunError, type WarningReporter, warnOnce } from "../../core/index.js";
import { readRrdFile } from "../../files/index.js";
import { decodeRrd } from "../../rrd/index.js";
import type { ComponentColumn } from "../../types/index.js";
import type { TimeColumn } from "../time-column.js";
import { type FileKind, fileKindOf, fileKindOfMediaType, KNOWN_FILES } from "./file-kinds.js";
import { forwardMessages, type MessageTarget } from "./forward-messages.js";
import { entityPathOfFile, importedColumns } from "./import-file.js";

/** Options of `logFileFromPath` and `logFileFromContents`. */
export interface LogFileOptions {
  /** Entity path that is put before that of the file. Default: none. Recordings keep their paths. */
  readonly entityPathPrefix?: string | undefined;
  /** What the file is, where its extension does not say it: `image/png`. Default: what the extension says. */
  readonly mediaType?: string | undefined;
}

/** What files are logged to. */
export interface FileTarget extends MessageTarget {
  sendColumns(entityPath: string, times: Iterable<TimeColumn>, columns: Iterable<ComponentColumn>): void;
  /** Told of a file of a folder that could not be logged. May throw. */
  report(error: RerunError): void;
}

/**
 * Logs a file, or all files in a folder and the folders below it.
 *
 * @throws RerunError `NotFound`, `Unsupported` for an extension that nothing reads, `CorruptFile`
 */
export async function logFileFromPath(target: FileTarget, path: string, options: LogFileOptions): Promise<void> {
  const call = "logFileFromPath";
  if ((await attempt(call, path, () => stat(path))).isDirectory()) {
    await logFolder(target, path, options);
    return;
  }
  const kind = kindOf(call, path, options);
  await within(call, path, async (warn) => {
    if (kind.kind === "rrd") return await forwardMessages(target, readRrdFile(path, { warn }));
    send(target, kind, path, await attempt(call, path, () => readFile(path)), options, warn);
  });
}

/**
 * Logs the bytes of a file as if they were read from `path`, which tells what they are.
 *
 * @throws RerunError `Unsupported` for an extension that nothing reads, `CorruptFile`, `InvalidArgument`
 */
export async function logFileFromContents(
  target: FileTarget,
  path: string,
  contents: Uint8Array | ArrayBuffer,
  options: LogFileOptions,
): Promise<void> {
  const call = "logFileFromContents";
  const kind = kindOf(call, path, options);
  // Taken before anything is waited for: the caller may reuse its buffer when the call has returned its promise.
  const copy = bytesOf(call, contents).slice();
  await within(call, path, async (warn) => {
    if (kind.kind === "rrd") return await forwardMessages(target, decodeRrd(copy, { warn }));
    send(target, kind, path, copy, options, warn);
  });
}

/** Also of bytes from another realm, as a notebook's cells are. @throws RerunError `InvalidArgument` */
function bytesOf(call: string, contents: unknown): Uint8Array {
  if (ArrayBuffer.isView(contents)) return new Uint8Array(contents.buffer, contents.byteOffset, contents.byteLength);
  if (Object.prototype.toString.call(contents) === "[object ArrayBuffer]") return new Uint8Array(contents as ArrayBuffer);
  const got = describe(contents);
  throw new RerunError("InvalidArgument", `${call}: expected the file's bytes as Uint8Array or ArrayBuffer, got ${got}`);
}

async function logFolder(target: FileTarget, folder: string, options: LogFileOptions): Promise<void> {
  const entries = await attempt("logFileFromPath", folder, () => readdir(folder, { recursive: true, withFileTypes: true }));
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) {
    try {
      await logFileFromPath(target, path, options);
    } catch (error) {
      if (!isRerunError(error)) throw error;
      target.report(error);
    }
  }
}

function send(
  target: FileTarget,
  kind: Exclude<FileKind, { kind: "rrd" }>,
  path: string,
  bytes: Uint8Array,
  { entityPathPrefix }: LogFileOptions,
  warn: WarningReporter,
): void {
  const imported = importedColumns(kind, bytes, warn);
  const entityPath = entityPathOfFile(path, entityPathPrefix, warn);
  for (const { times, columns } of imported) target.sendColumns(entityPath, times, columns);
}

function kindOf(call: string, path: string, { mediaType }: LogFileOptions): FileKind {
  const kind = mediaType === undefined ? fileKindOf(path) : fileKindOfMediaType(mediaType);
  if (kind !== undefined) return kind;
  throw new RerunError("Unsupported", `${call}: files of this kind are not read, but ${KNOWN_FILES} are: ${path}`);
}

/** Errors and warnings of `work` with the call and the path. */
async function within(call: string, path: string, work: (warn: WarningReporter) => Promise<void>): Promise<void> {
  try {
    await work(({ code, message }) => warnOnce({ code, message: named(call, path, message) }));
  } catch (error) {
    if (!isRerunError(error) || error.message.startsWith(call)) throw error;
    throw new RerunError(error.code, named(call, path, error.message), { cause: error });
  }
}

function named(call: string, path: string, message: string): string {
  return message.endsWith(path) ? `${call}: ${message}` : `${call}: ${message}: ${path}`;
}

async function attempt<T>(call: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const reason = isMissing
      ? "the path does not exist"
      : `it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new RerunError("NotFound", `${call}: ${reason}: ${path}`, { cause });
  }
}
