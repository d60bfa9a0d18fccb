import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testPython } from "../../scripts/paths.mjs";
import { s3SettingsFrom } from "../../src/server/segments/s3-settings.js";
import { S3Storage } from "../../src/server/segments/s3-storage.js";
import { type MotoServer, startMoto } from "../support/moto-server.js";
import { describeStorage } from "../support/storage-contract.js";

let moto: MotoServer;
let buckets = 0;

beforeAll(async () => {
  moto = await startMoto();
});

afterAll(() => moto.stop());

async function newBucket(): Promise<string> {
  const bucket = `bucket-${buckets++}`;
  await moto.createBucket(bucket);
  return bucket;
}

const objectIn = (bucket: string, key: string): string => `s3://${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
const newStorage = (...roots: string[]): S3Storage => new S3Storage(s3SettingsFrom(moto.env), roots);

describeStorage("S3Storage on moto", async () => {
  const bucket = await newBucket();
  return {
    storage: newStorage(),
    nameOf: (name) => objectIn(bucket, name),
    put: (name, bytes) => moto.put(bucket, name, bytes),
    dispose: async () => undefined,
  };
});

describe("objects in a store", () => {
  it("are listed in pages", async () => {
    const bucket = await newBucket();
    const names = Array.from({ length: 13 }, (_, i) => `many/${String(i).padStart(2, "0")}`);
    for (const name of names) await moto.put(bucket, name, Uint8Array.of(1));
    await moto.put(bucket, "many/folder/", new Uint8Array(0));
    const listed: string[] = [];
    for await (const { object } of newStorage().list(objectIn(bucket, "many/"))) listed.push(object);
    expect(listed).toEqual(names.map((name) => objectIn(bucket, name)));
    expect(await newStorage().isFolder(objectIn(bucket, "many"))).toBe(true);
    expect(await newStorage().isFolder(objectIn(bucket, "man"))).toBe(false);
  });

  it("are refused with what is wrong: no such bucket, no access", async () => {
    const storage = newStorage();
    const attempts: ((bucket: string) => Promise<unknown>)[] = [
      (bucket) => storage.read(`s3://${bucket}/a`, 0, 1),
      (bucket) => storage.readTail(`s3://${bucket}/a`, 1),
      (bucket) => storage.list(`s3://${bucket}/`).next(),
    ];
    for (const attempt of attempts) {
      await expect(attempt("no-such-bucket")).rejects.toThrow(/^There is no bucket 'no-such-bucket': s3:\/\/no-such-bucket\/a?$/);
    }
    const closed = await newBucket();
    await moto.put(closed, "a", Uint8Array.of(1));
    await moto.deny(closed);
    for (const attempt of attempts.slice(0, 2)) {
      await expect(attempt(closed)).rejects.toMatchObject({
        code: "FailedPrecondition",
        message: expect.stringMatching(/refuses access \(status 403.*AWS_ACCESS_KEY_ID.*: s3:\/\/bucket-\d+\/a$/),
      });
    }
  });

  it("are asked for by addresses that are signed as AWS's own library signs them", async () => {
    const object = "s3://some-bucket/a folder/ü+(1)%25.rrd";
    const direct = await newStorage().directUrl(new S3Storage(s3SettingsFrom(moto.env), []).objectOf(object) ?? "", 1234);
    const script = `
import sys, datetime
from urllib.parse import urlsplit, parse_qsl
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
url = urlsplit(sys.argv[1])
query = dict(parse_qsl(url.query))
class Then(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return datetime.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=tz)
    @classmethod
    def utcnow(cls): return cls.now()
botocore.auth.datetime = type("", (), {"datetime": Then, "timezone": datetime.timezone})
botocore.auth.get_current_datetime = lambda *a, **k: Then.now()
request = AWSRequest("GET", f"{url.scheme}://{url.netloc}{url.path}")
credentials = Credentials("somebody", "secret", "a+session/token=")
botocore.auth.S3SigV4QueryAuth(credentials, "s3", "us-east-1", expires=1234).add_auth(request)
theirs = dict(parse_qsl(urlsplit(request.url).query))
print(theirs == query, theirs if theirs != query else "")
`;
    expect(execFileSync(testPython(), ["-c", script, direct.url], { encoding: "utf8" }).trim()).toBe("True");
  });
});
