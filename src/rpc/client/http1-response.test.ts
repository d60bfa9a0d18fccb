import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Http1ResponseReader } from "./http1-response.js";

const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** The answer in `bytes`, taken in pieces of these sizes. */
function read(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): { reader: Http1ResponseReader; body: string } {
  const reader = new Http1ResponseReader();
  let body = "";
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    reader.take(bytes.slice(at, at + size), (part) => {
      body += Buffer.from(part).toString("latin1");
    });
    at += size;
  }
  return { reader, body };
}

describe("an answer of HTTP/1.1", () => {
  test("in chunks gives its body, however it is cut", () => {
    const parts = fc.array(fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 100 }), { maxLength: 10 });
    const cuts = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(parts, cuts, (given, sizes) => {
        const chunks = given.map((part) => `${part.length.toString(16)};name=value\r\n${part}\r\n`).join("");
        const head = "HTTP/1.1 200 OK\r\nContent-Type:  text/plain \r\nTransfer-Encoding: chunked\r\n\r\n";
        const { reader, body } = read(latin1(`${head}${chunks}0\r\nafter: wards\r\n\r\n`), sizes);
        expect(body).toBe(given.join(""));
        expect(reader.isDone).toBe(true);
        expect(reader.head?.status).toBe(200);
        expect(reader.head?.headers.get("content-type")).toBe("text/plain");
      }),
    );
  });

  test("ends after the length that it tells, and keeps its connection unless it says so", () => {
    const { reader, body } = read(latin1("HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\n\r\nabc"));
    expect([body, reader.isDone, reader.keepsConnection, reader.head?.status]).toEqual(["abc", true, true, 404]);
    expect(read(latin1("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: Close\r\n\r\n")).reader.keepsConnection).toBe(false);
  });

  test("without a length ends with its connection", () => {
    const { reader, body } = read(latin1("HTTP/1.0 200 OK\n\nabc"));
    expect([body, reader.isDone, reader.endsWithConnection]).toEqual(["abc", false, true]);
  });

  test("comes after those that only announce it", () => {
    const { reader } = read(latin1("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n"));
    expect([reader.head?.status, reader.isDone]).toEqual([204, true]);
  });

  test.each([
    ["SSH-2.0-OpenSSH\r\n\r\n", "its answer has no status"],
    ["\0\0\x12\x04\0\0\0\0\0\n\r\n\r\n", "its answer has no status"],
    ["HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n", "the length of its body is no number"],
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n", "a part of its body has no size"],
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n", "a part of its body is longer than was said"],
    ["HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab", "there is more behind its answer"],
    [`HTTP/1.1 200 OK\r\n${"name: value\r\n".repeat(10_000)}\r\n`, "its head is too long"],
    [`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n${"a: b\r\n".repeat(20_000)}`, "its head is too long"],
  ])("that is none is refused: %j", (text, why) => {
    expect(() => read(latin1(text))).toThrow(`the server does not speak HTTP/1.1: ${why}`);
  });
});
