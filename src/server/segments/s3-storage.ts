import type { S3mini } from "s3mini";
import { RerunError } from "../../core/index.js";
import { Cut, readBody, requestPart, strongTag, totalOf, withRetries } from "../../files/index.js";
import { changedObject } from "./changed-object.js";
import { type Listing, parseListing, parseRefusal, type Refusal, refusalError } from "./s3-answers.js";
import { isBelow, type S3Place, s3Object, s3Place } from "./s3-place.js";
import type { S3Settings } from "./s3-settings.js";
import type { DirectUrl, ListedObject, ObjectStat, ObjectTail, ReadOptions, SourceStorage } from "./segment-storage.js";

/** Requests are signed one by one, right before they are made. */
const SIGNED_SECONDS = 300;
/** Of one attempt, with its body. */
const ATTEMPT_MS = 60_000;
const MAX_XML_BYTES = 8 * 1024 * 1024;
/** An object without a single byte. */
const NOTHING: ObjectStat = { bytes: 0, version: "empty" };

type Answer = { readonly response: Response } | { readonly refusal: Refusal };

/**
 * Objects that stay where their owners put them in an object store that speaks S3, named by `s3://bucket/key`. They are only read:
 * by range, each part checked to be of the version that is meant. Buckets stand in the path, which every such store understands.
 *
 * Every request is an address that was signed beforehand, so that a session token can be part of it.
 */
export class S3Storage implements SourceStorage {
  readonly #settings: S3Settings;
  readonly #roots: readonly S3Place[];
  #signer: Promise<S3mini> | undefined;

  /**
   * @param roots `s3://bucket` or `s3://bucket/prefix` below which objects may be registered
   * @throws RerunError `InvalidArgument` for a root that is none
   */
  constructor(settings: S3Settings, roots: readonly string[]) {
    this.#settings = settings;
    this.#roots = roots.map((root) => {
      const place = s3Place(root);
      if (place === undefined) throw new RerunError("InvalidArgument", `A root is s3://BUCKET/PREFIX, got ${root}`);
      return place;
    });
  }

  async read(object: string, offset: number, length: number, { signal, version }: ReadOptions = {}): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const place = placeOf(object);
    if (length === 0) return new Uint8Array(0);
    const range = `bytes=${offset}-${offset + length - 1}`;
    const headers = version === undefined ? { range } : { range, "if-match": `"${version}"` };
    return this.#attempt(object, signal, async (within) => {
      const answer = await this.#get(place, {}, headers, within);
      if ("refusal" in answer) throw readError(answer.refusal, object, { ...place, version, end: offset + length });
      const { response } = answer;
      const tag = tagOf(response);
      const size = totalOf(response);
      const isPart = response.status === 206 && size !== undefined;
      if (!isPart || (version !== undefined && tag !== version) || size < offset + length) {
        await response.body?.cancel();
        if (!isPart) throw noParts(object);
        if (size < offset + length) throw tooShort(object, size, offset + length);
        throw changedObject(object, version ?? "", tag);
      }
      return wholeBody(response, length, object);
    });
  }

  async readTail(object: string, maxBytes: number, signal?: AbortSignal): Promise<ObjectTail | undefined> {
    const place = placeOf(object);
    return this.#attempt(object, signal, async (within) => {
      const answer = await this.#get(place, {}, { range: `bytes=-${maxBytes}` }, within);
      if ("refusal" in answer) return emptyOrMissing(answer.refusal, object, place.bucket);
      const stat = statOf(answer.response, object);
      // Some stores refuse to give a part of nothing, others give nothing.
      if (stat.bytes === 0) return { ...NOTHING, tail: new Uint8Array(0) };
      return { ...stat, tail: await wholeBody(answer.response, Math.min(stat.bytes, maxBytes), object) };
    });
  }

  async stat(object: string): Promise<ObjectStat | undefined> {
    const end = await this.readTail(object, 1);
    return end === undefined ? undefined : { bytes: end.bytes, version: end.version };
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncGenerator<ListedObject, void, undefined> {
    const place = placeOf(prefix);
    for (let next: string | undefined = ""; next !== undefined; ) {
      const page = await this.#list(place, next === "" ? {} : { "continuation-token": next }, signal);
      for (const { key: found, bytes } of page.objects) {
        // Of names that requests cannot spell, and of the marks that some programs make for folders, nothing can be read.
        const object = s3Object({ bucket: place.bucket, key: found });
        const isSpelled = !found.endsWith("/") && s3Place(object)?.key === found;
        if (isSpelled && found.startsWith(place.key)) yield { object, bytes };
      }
      next = page.next;
    }
  }

  async directUrl(object: string, ttlSeconds: number): Promise<DirectUrl> {
    return { url: await this.#sign(placeOf(object), {}, ttlSeconds), expiresAtMs: Date.now() + ttlSeconds * 1000 };
  }

  /** For an `s3://` URL, in the one spelling that is used from here on. */
  objectOf(uri: string): string | undefined {
    const place = s3Place(uri);
    return place === undefined ? undefined : s3Object(place);
  }

  urlOf(object: string): string {
    return object;
  }

  async checkAllowed(object: string): Promise<void> {
    const place = placeOf(object);
    if (this.#roots.some((root) => isBelow(place, root))) return;
    throw new RerunError(
      "PermissionDenied",
      `The object lies outside of what this server may read. Start it with --root s3://${place.bucket} or a prefix there: ${object}`,
    );
  }

  async isFolder(object: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.list(object.endsWith("/") ? object : `${object}/`, signal).next()).done !== true;
  }

  #list({ bucket, key }: S3Place, query: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<Listing> {
    const name = s3Object({ bucket, key });
    // Signatures are computed of these characters encoded, addresses of queries have them as they are: what is before them is asked.
    const prefix = key.replace(/[!'()*].*$/s, "");
    return this.#attempt(name, signal, async (within) => {
      const all = { "list-type": "2", "encoding-type": "url", prefix, ...query };
      const answer = await this.#get({ bucket, key: "" }, all, {}, within);
      if ("refusal" in answer) throw refusalError(answer.refusal, name, bucket);
      return parseListing(await xmlOf(answer.response));
    });
  }

  #attempt<T>(object: string, signal: AbortSignal | undefined, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withRetries(object, this.#settings, signal, (given) => {
      const limit = AbortSignal.timeout(ATTEMPT_MS);
      return attempt(given === undefined ? limit : AbortSignal.any([given, limit]));
    });
  }

  async #get(
    place: S3Place,
    query: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const response = await requestPart(await this.#sign(place, query, SIGNED_SECONDS), headers, signal);
    return response.ok ? { response } : { refusal: parseRefusal(response, await xmlOf(response)) };
  }

  async #sign({ bucket, key }: S3Place, query: Readonly<Record<string, string>>, seconds: number): Promise<string> {
    const { accessKeyId, sessionToken } = this.#settings;
    this.#signer ??= loadSigner(this.#settings);
    const all = { ...query, ...(sessionToken === undefined ? {} : { "X-Amz-Security-Token": sessionToken }) };
    const path = key === "" ? bucket : `${bucket}/${key}`;
    const signed = await (await this.#signer).getPresignedUrl("GET", path, seconds, all);
    return accessKeyId === "" ? withoutSignature(signed) : signed;
  }
}

async function loadSigner({ endpoint, region, accessKeyId, secretAccessKey }: S3Settings): Promise<S3mini> {
  const { S3mini } = await import("s3mini");
  try {
    return new S3mini({ endpoint, region, accessKeyId, secretAccessKey });
  } catch (cause) {
    const message = `The address of the object store is none. Set AWS_ENDPOINT_URL_S3 to one such as https://host:9000: ${endpoint}`;
    throw new RerunError("FailedPrecondition", message, { cause });
  }
}

function withoutSignature(signed: string): string {
  const url = new URL(signed);
  for (const name of [...url.searchParams.keys()]) if (/^X-Amz-/.test(name)) url.searchParams.delete(name);
  return url.href;
}

function placeOf(object: string): S3Place {
  const place = s3Place(object);
  if (place === undefined) throw new RerunError("InvalidArgument", `Not the name of an object in an object store: ${object}`);
  return place;
}

/** What an answer with a part tells of the whole. @throws RerunError `Unsupported` */
function statOf(response: Response, object: string): ObjectStat {
  if (response.status === 200 && response.headers.get("content-length") === "0") return NOTHING;
  const version = tagOf(response);
  const bytes = response.status === 206 ? totalOf(response) : undefined;
  if (bytes === undefined) throw noParts(object);
  if (version === undefined || Buffer.byteLength(version) > 255) {
    throw new RerunError("Unsupported", `The object store tells no versions apart: it gives no ETag: ${object}`);
  }
  return { bytes, version };
}

function tagOf(response: Response): string | undefined {
  return strongTag(response)?.replaceAll('"', "");
}

async function wholeBody(response: Response, length: number, object: string): Promise<Uint8Array> {
  const bytes = await readBody(response, length, () => noParts(object));
  if (bytes.length !== length) throw new Cut(`${bytes.length} bytes came, expected ${length}`);
  return bytes;
}

async function xmlOf(response: Response): Promise<string> {
  const tooMuch = (): RerunError => new RerunError("LimitExceeded", `The object store answers with over ${MAX_XML_BYTES} bytes`);
  return Buffer.from(await readBody(response, MAX_XML_BYTES, tooMuch)).toString("utf8");
}

function emptyOrMissing(refusal: Refusal, object: string, bucket: string): ObjectTail | undefined {
  if (refusal.status === 416) return { ...NOTHING, tail: new Uint8Array(0) };
  if (refusal.status === 404 && refusal.code !== "NoSuchBucket") return undefined;
  throw refusalError(refusal, object, bucket);
}

interface Asked {
  readonly bucket: string;
  readonly version: string | undefined;
  readonly end: number;
}

function readError(refusal: Refusal, object: string, { bucket, version, end }: Asked): RerunError {
  const { status, code } = refusal;
  if (status === 412 && version !== undefined) return changedObject(object, version, undefined);
  if (status === 416) return tooShort(object, undefined, end);
  if (status === 404 && code !== "NoSuchBucket") return new RerunError("NotFound", `The object is not there: ${object}`);
  return refusalError(refusal, object, bucket);
}

function tooShort(object: string, size: number | undefined, end: number): RerunError {
  return new RerunError(
    "CorruptFile",
    `The object ends ${size === undefined ? "" : `at byte ${size}, `}before byte ${end}: ${object}`,
  );
}

function noParts(object: string): RerunError {
  return new RerunError("Unsupported", `The object store gives no parts of objects (it ignores the header Range): ${object}`);
}
