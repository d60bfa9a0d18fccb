import { RerunError } from "../../core/index.js";

/** What stands before the body of an answer. */
export interface Http1Head {
  readonly status: number;
  /** Names in lower case; of several with one name the last. */
  readonly headers: ReadonlyMap<string, string>;
}

/** The head of an answer, or the lines behind its body, may take so much. */
const MAX_TEXT_BYTES = 64 * 1024;
const LINE_FEED = 10;

/**
 * - `head`, `trailers`: lines until an empty one
 * - `size`: the line before a chunk of the body; `chunkEnd`: the one behind it
 * - `body`: so many bytes more, see `#left`
 */
type State = "head" | "size" | "body" | "chunkEnd" | "trailers" | "done";

/** Reads one answer of HTTP/1.1 from the bytes of a connection as they come. */
export class Http1ResponseReader {
  /** Once it has come. */
  head: Http1Head | undefined;
  #state: State = "head";
  #isChunked = false;
  #left = 0;
  #line = "";
  #lines: string[] = [];
  #textBytes = 0;

  /** Whether all of the answer has come. */
  get isDone(): boolean {
    return this.#state === "done";
  }

  /** Whether the end of the connection is the end of the answer. */
  get endsWithConnection(): boolean {
    return this.#state === "body" && this.#left === Number.POSITIVE_INFINITY;
  }

  /** Whether the connection may be used again after the answer. */
  get keepsConnection(): boolean {
    return this.isDone && this.head?.headers.get("connection")?.toLowerCase() !== "close";
  }

  /**
   * Hands the parts of the body in `bytes` to `onBody`: views.
   *
   * @throws RerunError `InvalidData` for what is no HTTP/1.1, and what `onBody` throws
   */
  take(bytes: Uint8Array, onBody: (part: Uint8Array, head: Http1Head) => void): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#state === "done") throw invalid("there is more behind its answer");
      if (this.#state === "body" && this.head !== undefined) {
        const part = bytes.subarray(at, Math.min(bytes.length, at + this.#left));
        at += part.length;
        this.#left -= part.length;
        if (this.#left === 0) this.#state = this.#isChunked ? "chunkEnd" : "done";
        onBody(part, this.head);
      } else {
        const end = bytes.indexOf(LINE_FEED, at);
        this.#addText(bytes.subarray(at, end < 0 ? bytes.length : end));
        if (end < 0) return;
        at = end + 1;
        const line = this.#line.endsWith("\r") ? this.#line.slice(0, -1) : this.#line;
        this.#line = "";
        this.#takeLine(line);
      }
    }
  }

  #addText(part: Uint8Array): void {
    this.#textBytes += part.length;
    if (this.#textBytes > MAX_TEXT_BYTES) throw invalid("its head is too long");
    this.#line += Buffer.from(part.buffer, part.byteOffset, part.length).toString("latin1");
  }

  #takeLine(line: string): void {
    switch (this.#state) {
      case "size":
        this.#takeSize(line);
        return;
      case "chunkEnd":
        if (line !== "") throw invalid("a part of its body is longer than was said");
        this.#state = "size";
        return;
      case "trailers":
        if (line === "") this.#state = "done";
        return;
      default:
        if (line !== "") this.#lines.push(line);
        else this.#takeHead();
    }
  }

  #takeSize(line: string): void {
    const [digits = ""] = line.split(";", 1);
    if (!/^[0-9a-f]{1,12}\s*$/i.test(digits)) throw invalid("a part of its body has no size");
    this.#left = Number.parseInt(digits, 16);
    this.#state = this.#left === 0 ? "trailers" : "body";
    this.#textBytes = 0;
  }

  #takeHead(): void {
    const [first = "", ...lines] = this.#lines;
    this.#lines = [];
    this.#textBytes = 0;
    const status = Number(/^HTTP\/1\.[01] (\d{3})\b/.exec(first)?.[1]);
    if (Number.isNaN(status)) throw invalid("its answer has no status");
    if (status < 200) return; // What comes before the answer.
    const headers = new Map<string, string>();
    for (const line of lines) {
      const colon = line.indexOf(":");
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
    this.head = { status, headers };
    this.#beginBody(headers);
  }

  #beginBody(headers: ReadonlyMap<string, string>): void {
    this.#isChunked = /\bchunked$/i.test(headers.get("transfer-encoding") ?? "");
    const length = headers.get("content-length");
    this.#left = length === undefined ? Number.POSITIVE_INFINITY : Number(length);
    if (!(this.#left >= 0)) throw invalid("the length of its body is no number");
    this.#state = this.#isChunked ? "size" : this.#left === 0 ? "done" : "body";
  }
}

function invalid(what: string): RerunError {
  return new RerunError("InvalidData", `the server does not speak HTTP/1.1: ${what}`);
}
