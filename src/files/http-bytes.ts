import { RerunError } from "../core/index.js";
import { type ByteSource, changed } from "./byte-source.js";
import { Cut, type RetryOptions, readBody, requestPart, strongTag, totalOf, withRetries } from "./http-request.js";

export interface HttpOptions extends RetryOptions {
  readonly signal?: AbortSignal | undefined;
  /** What may be held in memory of a file whose server gives no parts of it, in bytes. Default: 512 MiB. */
  readonly maxDownloadBytes?: number | undefined;
}

const MAX_DOWNLOAD_BYTES = 512 * 1024 * 1024;

/**
 * A file behind an `http:` or `https:` URL, of which parts are asked for when they are needed. A server that gives no parts is
 * asked for all of it once. What may pass (no connection, status 429 and 5xx, a body that is cut) is tried again.
 *
 * @throws RerunError `NotFound` when the server does not have the file or does not give it, `Unavailable` when it does not answer,
 * `LimitExceeded` for a large file of a server that gives no parts; the reason of the signal
 */
export async function openHttpBytes(url: string, options: HttpOptions = {}): Promise<ByteSource> {
  return withRetries(url, options, options.signal, async (signal) => {
    const response = await requestPart(url, { range: "bytes=0-0" }, signal);
    if (response.status === 200) {
      const limit = options.maxDownloadBytes ?? MAX_DOWNLOAD_BYTES;
      return heldBytes(url, await readBody(response, limit, () => tooLarge(url, response, limit)));
    }
    const sizeBytes = totalOf(response);
    await response.body?.cancel();
    if (response.status === 416 && sizeBytes === 0) return heldBytes(url, new Uint8Array(0));
    if (response.status !== 206 || sizeBytes === undefined) throw refused(url, response);
    return new HttpBytes(url, sizeBytes, strongTag(response), options);
  });
}

class HttpBytes implements ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  /** Of the version of the file that was opened, if the server tells versions apart. */
  readonly #tag: string | undefined;
  readonly #options: HttpOptions;
  readonly #closing = new AbortController();

  constructor(name: string, sizeBytes: number, tag: string | undefined, options: HttpOptions) {
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.#tag = tag;
    this.#options = options;
  }

  async readInto(target: Uint8Array, offset: number, signal?: AbortSignal): Promise<void> {
    if (target.length === 0) return;
    const either = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    target.set(await withRetries(this.name, this.#options, either, (within) => this.#read(offset, target.length, within)));
  }

  async #read(offset: number, length: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const range = `bytes=${offset}-${offset + length - 1}`;
    const response = await requestPart(this.name, { range, ...(this.#tag !== undefined && { "if-range": this.#tag }) }, signal);
    const start = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
    const hasChanged = response.status === 200 || response.status === 416 || totalOf(response) !== this.sizeBytes;
    if (response.status !== 206 || hasChanged || Number(start) !== offset) {
      await response.body?.cancel();
      if (response.status >= 400 && response.status !== 416) throw refused(this.name, response);
      throw changed(this.name);
    }
    const bytes = await readBody(response, length, () => wrongPart(this.name, offset, length));
    if (bytes.length !== length) throw new Cut(`${bytes.length} bytes came, expected ${length}`);
    return bytes;
  }

  async checkUnchanged(): Promise<void> {
    // Each reading asks for the version that was opened.
  }

  async close(): Promise<void> {
    this.#closing.abort(new RerunError("Closed", `The file is closed: ${this.name}`));
  }
}

/** A file that is in memory already. */
function heldBytes(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    sizeBytes: bytes.length,
    async readInto(target, offset, signal) {
      signal?.throwIfAborted();
      target.set(bytes.subarray(offset, offset + target.length));
    },
    checkUnchanged: async () => undefined,
    close: async () => undefined,
  };
}

function refused(url: string, response: Response): RerunError {
  const status = `${response.status} ${response.statusText}`.trim();
  return new RerunError("NotFound", `The file cannot be read: expected status 200 or 206 with its size, got ${status}: ${url}`);
}

function tooLarge(url: string, response: Response, limit: number): RerunError {
  const size = response.headers.get("content-length");
  return new RerunError(
    "LimitExceeded",
    `The server gives no parts of files (it ignores the header Range), and this one has ${size ?? "more than"} ` +
      `${size === null ? `${limit} ` : ""}bytes, the limit is ${limit}: download it first: ${url}`,
  );
}

function wrongPart(url: string, offset: number, length: number): RerunError {
  return new RerunError("CorruptFile", `The server gave more than the ${length} bytes from byte ${offset} on: ${url}`);
}
