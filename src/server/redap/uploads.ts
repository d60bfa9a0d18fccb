import { create } from "@bufbuild/protobuf";
import { isRerunError, RerunError } from "../../core/index.js";
import {
  type GetWriteAccessGrantRequest,
  type GetWriteAccessGrantResponse,
  GetWriteAccessGrantResponseSchema,
  UploadMethod,
  UrlSigning,
} from "../../protos/redap.js";
import type { RpcRequest, RpcResponse } from "../../rpc/index.js";
import { timestampMessage } from "./entry-ids.js";
import type { Platform } from "./platform.js";
import { SIGNATURE_BYTES } from "./signer.js";

/** Where uploads lie among the server's objects. */
const FOLDER = "staged/";
const PATH = "/upload/";
const LIFETIME_NS = 15n * 60n * 1_000_000_000n;
const MAX_KEY_CHARS = 1024;
/** An upload of which nothing comes for so long is given up. */
const IDLE_MS = 60_000;
const INSUFFICIENT_STORAGE = 507;

interface UploadToken {
  readonly key: string;
  readonly expiresAtNs: string;
  readonly maxBytes: number;
}

/** Allows one upload of one object, for a quarter of an hour. */
export async function getWriteAccessGrant(
  platform: Platform,
  request: GetWriteAccessGrantRequest,
): Promise<GetWriteAccessGrantResponse> {
  checkObjectKey(request.key);
  const methods = request.supportedUploadMethods;
  if (methods.length > 0 && !methods.includes(UploadMethod.SINGLE_REQUEST)) {
    throw new RerunError("Unsupported", "multipart uploads are not implemented");
  }
  const object = FOLDER + request.key;
  if ((await platform.objects.stat(object)) !== undefined) {
    throw new RerunError("AlreadyExists", "cannot issue write access grant: object already exists");
  }
  const maxBytes = Math.min(Number(request.sizeBytes ?? platform.limits.uploadBytes), platform.limits.uploadBytes);
  if (request.sizeBytes !== undefined && request.sizeBytes > BigInt(platform.limits.uploadBytes)) {
    throw new RerunError("InvalidArgument", `an upload may have ${platform.limits.uploadBytes} bytes, got ${request.sizeBytes}`);
  }
  const expiresAtNs = platform.nowNs() + LIFETIME_NS;
  const token = sealToken(platform, { key: request.key, expiresAtNs: String(expiresAtNs), maxBytes });
  return create(GetWriteAccessGrantResponseSchema, {
    storageUrl: platform.objects.urlOf(object),
    grant: {
      expiresAt: timestampMessage(expiresAtNs),
      redemption: {
        case: "httpRequest",
        value: {
          method: "PUT",
          url: PATH + token,
          headers: [{ name: "if-none-match", value: "*" }],
          sameOrigin: true,
        },
      },
      signing: UrlSigning.SIGNED,
    },
  });
}

/** A path of names, none of which is hidden or leads elsewhere. */
function checkObjectKey(key: string): void {
  const invalid = (why: string): RerunError => new RerunError("InvalidArgument", `invalid object key: ${why}`);
  if (key === "") throw invalid("it is empty");
  if (key.length > MAX_KEY_CHARS) throw invalid(`it has ${key.length} characters, at most ${MAX_KEY_CHARS} are taken`);
  for (const segment of key.split("/")) {
    if (segment === "") throw invalid("it has an empty segment");
    if (segment.startsWith(".") || segment.endsWith(".")) throw invalid(`segment "${segment}" starts or ends with \`.\``);
    const wrong = /[^\p{L}\p{N}_\-.: ()+=@,~]/u.exec(segment)?.[0];
    if (wrong !== undefined) throw invalid(`segment "${segment}" contains the character ${JSON.stringify(wrong)}`);
  }
}

function sealToken(platform: Platform, token: UploadToken): string {
  const body = Buffer.from(JSON.stringify(token));
  return Buffer.concat([body, platform.signer.sign("upload", body)]).toString("base64url");
}

function openToken(platform: Platform, text: string): UploadToken | undefined {
  const bytes = Buffer.from(text, "base64url");
  const body = bytes.subarray(0, Math.max(0, bytes.length - SIGNATURE_BYTES));
  if (!platform.signer.verify("upload", body, bytes.subarray(body.length))) return undefined;
  return JSON.parse(body.toString("utf8")) as UploadToken;
}

/** Whether a request is an upload; it is answered then. */
export function answerUpload(platform: Platform, request: RpcRequest, response: RpcResponse): boolean {
  const path = request.url ?? "";
  if (!path.startsWith(PATH)) return false;
  void upload(platform, request, path.slice(PATH.length)).then(
    (status) => endUpload(request, response, status),
    (error: unknown) => {
      const isTooLarge = isRerunError(error, "LimitExceeded");
      if (!isTooLarge) platform.warn({ code: "UploadFailed", message: `An upload failed: ${String(error)}` });
      endUpload(request, response, isTooLarge ? 413 : isWithoutRoom(error) ? INSUFFICIENT_STORAGE : 500);
    },
  );
  return true;
}

function isWithoutRoom(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes(String((error as Partial<NodeJS.ErrnoException>).code));
}

async function upload(platform: Platform, request: RpcRequest, text: string): Promise<number> {
  if (request.method !== "PUT") return 405;
  const token = openToken(platform, text);
  if (token === undefined || BigInt(token.expiresAtNs) < platform.nowNs()) return 403;
  const outcome = await platform.objects.create(FOLDER + token.key, limited(request, token.maxBytes));
  return outcome === "exists" ? 412 : 200;
}

async function* limited(request: RpcRequest, maxBytes: number): AsyncGenerator<Uint8Array> {
  request.setTimeout(IDLE_MS, () => request.destroy());
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > maxBytes)
      throw new RerunError("LimitExceeded", `an upload has more than the ${maxBytes} bytes that were granted`);
    yield piece;
  }
  if (!request.complete) throw new RerunError("Closed", "the peer ended the upload");
}

function endUpload(request: RpcRequest, response: RpcResponse, status: number): void {
  response.statusCode = status;
  response.end();
  request.resume();
}
