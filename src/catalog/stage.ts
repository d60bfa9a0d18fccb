import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { RerunError, type RerunErrorCode } from "../core/index.js";
import type { WaitOptions } from "../dataset/index.js";
import { type HttpRequest, UploadMethod, UrlSigning } from "../protos/redap.js";
import type { Connection } from "./connection.js";

export interface StageOptions extends WaitOptions {
  /** What the object is called in the storage. */
  readonly key: string;
  /** Hears how much is on its way. */
  readonly onProgress?: ((sentBytes: number, totalBytes: number) => void) | undefined;
}

/**
 * Uploads one object to the server's storage.
 *
 * @returns its URL there
 * @throws RerunError `AlreadyExists` when there is one of this key, `Unsupported` when the server wants it in several parts
 */
export async function stageObject(
  connection: Connection,
  source: string | Uint8Array,
  { key, onProgress, signal }: StageOptions,
): Promise<string> {
  const body = typeof source === "string" ? await fileBlob(source) : new Blob([new Uint8Array(source)]);
  const wanted = {
    key,
    sizeBytes: BigInt(body.size),
    supportedUploadMethods: [UploadMethod.SINGLE_REQUEST],
    signing: UrlSigning.SIGNED,
  };
  const { storageUrl, grant } = await connection.call((client, options) => client.getWriteAccessGrant(wanted, options), {
    signal,
  });
  if (grant?.redemption.case !== "httpRequest")
    throw new RerunError("Unsupported", "the server wants the upload in several parts");
  const request = grant.redemption.value;
  const { status, text } = await send(new URL(request.url, connection.url.origin), request, { body, onProgress, signal });
  if (status >= 200 && status < 300) return storageUrl;
  const code = CODE_OF_HTTP[status] ?? "Unavailable";
  throw new RerunError(code, `the upload of '${key}' ended with HTTP ${status}: ${text.slice(0, 500)}`);
}

const CODE_OF_HTTP: Readonly<Record<number, RerunErrorCode>> = {
  403: "PermissionDenied",
  409: "AlreadyExists",
  412: "AlreadyExists",
};

/** @throws RerunError `Unavailable`; the reason of `signal` */
async function send(
  target: URL,
  { method, headers }: Pick<HttpRequest, "method" | "headers">,
  { body, onProgress, signal }: Pick<StageOptions, "onProgress" | "signal"> & { readonly body: Blob },
): Promise<{ readonly status: number; readonly text: string }> {
  const own = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
  const init: RequestInit & { readonly duplex: "half" } = {
    method,
    // Storages want to know the length beforehand, which a stream does not tell.
    headers: { ...own, "content-length": String(body.size) },
    body: counted(body, onProgress),
    duplex: "half",
    ...(signal && { signal }),
  };
  try {
    const response = await fetch(target, init);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RerunError("Unavailable", `the storage cannot be reached: ${why}: ${target.origin}`, { cause: error });
  }
}

function counted(body: Blob, onProgress: StageOptions["onProgress"]): ReadableStream<Uint8Array> {
  let sentBytes = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      controller.enqueue(part);
      sentBytes += part.length;
      onProgress?.(sentBytes, body.size);
    },
  });
  return body.stream().pipeThrough(count);
}

async function fileBlob(path: string): Promise<Blob> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new RerunError("NotFound", `The file cannot be read: ${path}`);
  return openAsBlob(path);
}
