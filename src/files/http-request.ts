import { setTimeout as wait } from "node:timers/promises";
import { isRerunError, joinBytes, RerunError } from "../core/index.js";

export interface RetryOptions {
  /** Before the second attempt; twice as long before each further one. Default: 250. */
  readonly retryDelayMs?: number | undefined;
}

const RETRY_DELAY_MS = 250;
const MAX_ATTEMPTS = 4;

/** A body that ended too early: what an attempt throws to be made again. */
export class Cut extends Error {}

/** A status that may pass. */
class Busy extends Error {}

/**
 * Asks for a part of what is behind a URL.
 * @throws what `withRetries` tries again on status 429 and 5xx
 */
export async function requestPart(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const response = await fetch(url, { headers: { "accept-encoding": "identity", ...headers }, ...(signal && { signal }) });
  if (response.status !== 429 && response.status < 500) return response;
  await response.body?.cancel();
  throw new Busy(`status ${response.status} ${response.statusText}`.trim());
}

/**
 * Runs `attempt` until it succeeds, fails for good (with a `RerunError`), or was made four times.
 *
 * @param name of the file, for the error
 * @throws RerunError `Unavailable` after the last attempt; what `attempt` threw; the reason of the signal
 */
export async function withRetries<T>(
  name: string,
  { retryDelayMs = RETRY_DELAY_MS }: RetryOptions,
  signal: AbortSignal | undefined,
  attempt: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  for (let made = 1; ; made++) {
    signal?.throwIfAborted();
    try {
      return await attempt(signal);
    } catch (cause) {
      signal?.throwIfAborted();
      if (isRerunError(cause)) throw cause;
      if (made === MAX_ATTEMPTS) {
        throw new RerunError("Unavailable", `The file cannot be read after ${made} attempts (${reasonOf(cause)}): ${name}`, {
          cause,
        });
      }
    }
    await wait(retryDelayMs * 2 ** (made - 1), undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** All of a body; no more than `limit` bytes are held. @throws what `tooMuch` gives */
export async function readBody(response: Response, limit: number, tooMuch: () => RerunError): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let held = 0;
  if (Number(response.headers.get("content-length") ?? 0) > limit) {
    await response.body?.cancel();
    throw tooMuch();
  }
  // Leaving the loop early cancels the body.
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    held += part.length;
    if (held > limit) throw tooMuch();
    parts.push(part);
  }
  return joinBytes(parts);
}

/** Size of the whole file, from an answer with a part of it. */
export function totalOf(response: Response): number | undefined {
  const total = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  return total === undefined || !Number.isSafeInteger(Number(total)) ? undefined : Number(total);
}

/** What tells versions of a file apart, if the server does. */
export function strongTag(response: Response): string | undefined {
  const tag = response.headers.get("etag");
  return tag === null || tag.startsWith("W/") ? undefined : tag;
}
