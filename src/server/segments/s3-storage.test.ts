import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { s3Place } from "./s3-place.js";
import { s3SettingsFrom } from "./s3-settings.js";
import { S3Storage } from "./s3-storage.js";

/** An object store whose answers are given by the test; what it can do as a real one is tried in tests/conformance. */
let server: Server;
let answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [];
let asked: string[] = [];

beforeEach(async () => {
  answers = [];
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    (answers.length > 1 ? answers.shift() : answers[0])?.(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function newStorage(env: Readonly<Record<string, string>> = {}, ...roots: string[]): S3Storage {
  const { port } = server.address() as AddressInfo;
  const settings = s3SettingsFrom({ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, ...env });
  return new S3Storage({ ...settings, retryDelayMs: 1 }, roots);
}

const status =
  (code: number, body = "", headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(code, headers).end(body);
  };
const part = (body: string, range: string, etag = '"v1"'): ReturnType<typeof status> =>
  status(206, body, { "content-range": range, etag });
const refusal = (code: number, name: string, message: string): ReturnType<typeof status> =>
  status(code, `<?xml version="1.0"?>\n<Error><Code>${name}</Code><Message>${message}</Message></Error>`);

describe("an object store that", () => {
  it("is busy, or cuts a body off, is asked again", async () => {
    const cut = (_: IncomingMessage, response: ServerResponse): void => {
      response.writeHead(206, { "content-range": "bytes 1-3/9", "content-length": "3", etag: '"v1"' }).write("b");
      setImmediate(() => response.destroy());
    };
    answers = [status(503), cut, status(429), part("bcd", "bytes 1-3/9")];
    expect(Buffer.from(await newStorage().read("s3://bkt/k", 1, 3)).toString()).toBe("bcd");
    expect(asked).toHaveLength(4);
  });

  it("does not answer is given up after four attempts, with the object named", async () => {
    answers = [status(500)];
    await expect(newStorage().readTail("s3://bkt/k", 3)).rejects.toMatchObject({
      code: "Unavailable",
      message: expect.stringMatching(/after 4 attempts \(status 500.*\): s3:\/\/bkt\/k$/),
    });
    expect(asked).toHaveLength(4);
  });

  it("never answers is left when the caller gives up", async () => {
    const giveUp = new AbortController();
    answers = [() => giveUp.abort(new Error("enough"))];
    const { signal } = giveUp;
    await expect(newStorage().read("s3://bkt/k", 0, 1, { signal })).rejects.toThrow("enough");
    await expect(newStorage().readTail("s3://bkt/k", 1, signal)).rejects.toThrow("enough");
    await expect(newStorage().isFolder("s3://bkt/k", signal)).rejects.toThrow("enough");
  });

  it("minds no condition is not believed: its tag is compared", async () => {
    answers = [part("b", "bytes 0-0/9", '"v2"')];
    await expect(newStorage().read("s3://bkt/k", 0, 1, { version: "v1" })).rejects.toThrow(
      "it was of version v1, and now version v2. Register it again: s3://bkt/k",
    );
  });

  it("gives no parts, no tags or too much is refused", async () => {
    const storage = newStorage();
    answers = [status(200, "all of it", { etag: '"v1"' })];
    await expect(storage.readTail("s3://bkt/k", 3)).rejects.toThrow("gives no parts of objects");
    await expect(storage.read("s3://bkt/k", 0, 3)).rejects.toThrow("gives no parts of objects");
    answers = [part("abc", "bytes 0-2/3", 'W/"v1"')];
    await expect(storage.readTail("s3://bkt/k", 3)).rejects.toThrow("it gives no ETag: s3://bkt/k");
    answers = [part("abcdef", "bytes 0-2/9")];
    await expect(storage.read("s3://bkt/k", 0, 3)).rejects.toMatchObject({ code: "Unsupported" });
  });

  it("says why it refuses is quoted, with what to do", async () => {
    const storage = newStorage();
    const reasons: [number, string, string, RegExp][] = [
      [
        403,
        "ExpiredToken",
        "The token has &lt;expired&gt;",
        /refuses access \(status 403 ExpiredToken: The token has <expired>\)/,
      ],
      [301, "PermanentRedirect", "Use another endpoint", /bucket 'bkt' is elsewhere .*AWS_REGION/],
      [400, "AuthorizationHeaderMalformed", "the region is wrong", /bucket 'bkt' is elsewhere/],
      [404, "NoSuchBucket", "no", /^There is no bucket 'bkt': s3:\/\/bkt\/k$/],
      [400, "InvalidRequest", "no", /does not give the object \(status 400 InvalidRequest: no\): s3:\/\/bkt\/k$/],
    ];
    for (const [code, name, message, expected] of reasons) {
      answers = [refusal(code, name, message)];
      await expect(storage.readTail("s3://bkt/k", 3), name).rejects.toThrow(expected);
      await expect(storage.read("s3://bkt/k", 0, 3), name).rejects.toThrow(expected);
    }
    answers = [refusal(404, "NoSuchKey", "no")];
    expect(await storage.readTail("s3://bkt/k", 3)).toBeUndefined();
  });

  it("lists names as they are, encoded or not", async () => {
    const list = (entries: string): ReturnType<typeof status> => status(200, `<ListBucketResult>${entries}</ListBucketResult>`);
    const entry = (key: string): string => `<Contents>\n<Key>${key}</Key><Size>3</Size></Contents>`;
    answers = [
      list(`<EncodingType>url</EncodingType><NextContinuationToken>a&amp;b</NextContinuationToken>${entry("f/a+b%2Bc%26")}`),
      list(entry("f/&lt;&#252;&#x26;&gt;") + entry("f/.././x") + entry("f/folder/")),
    ];
    const found: string[] = [];
    for await (const { object } of newStorage().list("s3://bkt/f/")) found.push(object);
    expect(found).toEqual(["s3://bkt/f/a%20b%2Bc%26", "s3://bkt/f/%3C%C3%BC%26%3E"]);
    expect(asked.map((url) => new URL(url, "http://x").searchParams.get("continuation-token"))).toEqual([null, "a&b"]);
  });
});

describe("a folder whose name signatures and addresses of queries spell differently", () => {
  it("is listed by what is before that, and nothing else is given", async () => {
    const entry = (key: string): string => `<Contents><Key>${key}</Key><Size>3</Size></Contents>`;
    answers = [status(200, `<R>${entry("a (b)/1")}${entry("a (c)/2")}${entry("a (b)/3")}</R>`)];
    const found: string[] = [];
    for await (const { object } of newStorage().list("s3://bkt/a%20(b)/")) found.push(object);
    expect(found).toEqual(["s3://bkt/a%20(b)/1", "s3://bkt/a%20(b)/3"]);
    expect(new URL(asked[0] ?? "", "http://x").searchParams.get("prefix")).toBe("a ");
    expect(await newStorage().isFolder("s3://bkt/a%20(d)")).toBe(false);
  });
});

describe("requests to an object store", () => {
  const KEY = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };

  it("are signed for who is named in the environment, and not at all for nobody", async () => {
    answers = [part("a", "bytes 0-0/1")];
    await newStorage({ ...KEY, AWS_SESSION_TOKEN: "t+/=", AWS_REGION: "eu-north-1" }).stat("s3://bkt/a b/ü");
    await newStorage({ AWS_ACCESS_KEY_ID: "" }).stat("s3://bkt/k");
    const [signed, plain] = asked.map((url) => new URL(url, "http://x"));
    expect(signed?.pathname).toBe("/bkt/a%20b/%C3%BC");
    expect(Object.fromEntries(signed?.searchParams ?? [])).toMatchObject({
      "X-Amz-Credential": expect.stringMatching(/^id\/\d{8}\/eu-north-1\/s3\/aws4_request$/),
      "X-Amz-Security-Token": "t+/=",
      "X-Amz-Expires": "300",
      "X-Amz-Signature": expect.stringMatching(/^[\da-f]{64}$/),
    });
    expect(plain?.search).toBe("");
  });

  it("go nowhere when the store's address is none", async () => {
    const read = newStorage({ AWS_ENDPOINT_URL_S3: "http://" }).stat("s3://bkt/k");
    await expect(read).rejects.toThrow(/address of the object store is none. Set AWS_ENDPOINT_URL_S3 .*: http:\/\/$/);
  });

  it("go to AWS unless told otherwise", () => {
    expect(s3SettingsFrom({}).endpoint).toBe("https://s3.us-east-1.amazonaws.com");
    expect(s3SettingsFrom({ AWS_DEFAULT_REGION: "eu-west-1" }).endpoint).toBe("https://s3.eu-west-1.amazonaws.com");
    expect(s3SettingsFrom({ AWS_ENDPOINT_URL: "http://a", AWS_ENDPOINT_URL_S3: "http://b" }).endpoint).toBe("http://b");
  });

  it("never name another key than the one that was allowed", async () => {
    const names = [
      "s3://bkt/a/%2E%2E/b",
      "s3://bkt/a%2F..%2Fb",
      "s3://bkt/a?x=1",
      "s3://bkt/a#b",
      "s3://u@bkt/a",
      "s3:///a",
      "s3://b/%zz",
    ];
    expect(names.map(s3Place)).toEqual([{ bucket: "bkt", key: "b" }, ...names.slice(1).map(() => undefined)]);
    const storage = newStorage({}, "s3://bkt/runs/", "s3://all");
    for (const object of ["s3://bkt/runs/x.rrd", "s3://bkt/runs", "s3://all/x"]) await storage.checkAllowed(object);
    for (const object of ["s3://bkt/x.rrd", "s3://bkt/runs2/x", "s3://bkt/runs/../x", "s3://alls/l", "s3://bkt/"]) {
      await expect(storage.checkAllowed(object), object).rejects.toMatchObject({ code: "PermissionDenied" });
    }
    expect(() => newStorage({}, "s3://")).toThrow("A root is s3://BUCKET/PREFIX, got s3://");
  });
});
