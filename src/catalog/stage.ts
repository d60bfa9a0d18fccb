import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { RerunError } from "../core/index.js";
import { UploadMethod, UrlSigning } from "../protos/redap.js";
import type { Connection } from "./connection.js";

/**
 * Uploads one object to the server's storage.
 *
 * @returns its URL there
 * @throws RerunError `AlreadyExists` when there is one of this key, `Unsupported` when the server wants it in several parts
 */
export async function stageObject(
  connection: Connection,
  source: string | Uint8Array,
  key: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const body = typeof source === "string" ? await fileBlob(source) : new Blob([new Uint8Array(source)]);
  const request = {
    key,
    sizeBytes: BigInt(body.size),
    supportedUploadMethods: [UploadMethod.SINGLE_REQUEST],
    signing: UrlSigning.SIGNED,
  };
  const { storageUrl, grant } = await connection.call((client, options) => client.getWriteAccessGrant(request, options), {
    signal,
  });
  if (grant?.redemption.case !== "httpRequest")
    throw new RerunError("Unsupported", "the server wants the upload in several parts");
  const { method, url, headers } = grant.redemption.value;
  const target = new URL(url, connection.url.origin);
  const response = await fetch(target, {
    method,
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    body,
    ...(signal && { signal }),
  });
  const text = await response.text();
  if (response.ok) return storageUrl;
  const code =
    response.status === 412 || response.status === 409
      ? "AlreadyExists"
      : response.status === 403
        ? "PermissionDenied"
        : "Unavailable";
  throw new RerunError(code, `the upload of '${key}' ended with HTTP ${response.status}: ${text.slice(0, 500)}`);
}

async function fileBlob(path: string): Promise<Blob> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new RerunError("NotFound", `The file cannot be read: ${path}`);
  return openAsBlob(path);
}
