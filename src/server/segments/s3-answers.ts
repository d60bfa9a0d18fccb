import { RerunError } from "../../core/index.js";

/** One page of a list of keys. */
export interface Listing {
  readonly objects: readonly { readonly key: string; readonly bytes: number }[];
  /** Where the next page begins. */
  readonly next: string | undefined;
}

/** Of an answer to `ListObjectsV2`. */
export function parseListing(xml: string): Listing {
  const isEncoded = textOf("EncodingType", xml) === "url";
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, entry = ""]) => {
    const key = textOf("Key", entry) ?? "";
    return { key: isEncoded ? decodeURIComponent(key.replaceAll("+", " ")) : key, bytes: Number(textOf("Size", entry)) };
  });
  return { objects, next: textOf("NextContinuationToken", xml) };
}

/** Why an object store refuses a request. */
export interface Refusal {
  readonly status: number;
  /** Such as `NoSuchKey`; empty when the answer has none. */
  readonly code: string;
  readonly message: string;
}

export function parseRefusal({ status, statusText }: Response, xml: string): Refusal {
  return { status, code: textOf("Code", xml) ?? "", message: textOf("Message", xml) ?? statusText };
}

/** What to tell of a refusal, of an object that may be there. */
export function refusalError({ status, code, message }: Refusal, object: string, bucket: string): RerunError {
  const said = `status ${status} ${[code, message].filter((text) => text !== "").join(": ")}`.trim();
  if (code === "NoSuchBucket") return new RerunError("NotFound", `There is no bucket '${bucket}': ${object}`);
  if (status === 401 || status === 403) {
    return new RerunError(
      "FailedPrecondition",
      `The object store refuses access (${said}). The server needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of somebody who may read it: ${object}`,
    );
  }
  if (status === 301 || code === "AuthorizationHeaderMalformed" || code === "AuthorizationQueryParametersError") {
    return new RerunError(
      "FailedPrecondition",
      `The bucket '${bucket}' is elsewhere (${said}). Start the server with its AWS_REGION, or AWS_ENDPOINT_URL_S3: ${object}`,
    );
  }
  return new RerunError("FailedPrecondition", `The object store does not give the object (${said}): ${object}`);
}

function textOf(tag: string, xml: string): string | undefined {
  const text = new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1];
  return text?.replace(/&(?:#(\d+)|#x([\da-f]+)|(amp|lt|gt|quot|apos));/gi, (_, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name as keyof typeof ENTITIES];
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" } as const;
