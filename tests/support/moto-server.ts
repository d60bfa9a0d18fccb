import { spawn } from "node:child_process";
import { S3mini } from "s3mini";
import { testPython } from "../../scripts/paths.mjs";
import { freePort, untilListening } from "./ports.js";
import { type RunningProgram, runningProgram } from "./running-program.js";

/** An S3 server (moto of the test environment) that keeps objects in memory. */
export interface MotoServer extends RunningProgram {
  readonly endpoint: string;
  /** What a program must have in its environment to read there. */
  readonly env: Readonly<Record<string, string>>;
  createBucket(bucket: string): Promise<void>;
  put(bucket: string, key: string, bytes: Uint8Array): Promise<void>;
  remove(bucket: string, key: string): Promise<void>;
  /** From now on nobody may read a bucket's objects. */
  deny(bucket: string): Promise<void>;
}

/** Lists come in pages of so many, so that few objects make several. */
const PAGE = 5;
const REGION = "us-east-1";
const CREDENTIALS = { accessKeyId: "somebody", secretAccessKey: "secret" };

export async function startMoto(): Promise<MotoServer> {
  const port = await freePort();
  const args = ["-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)];
  const env = { ...process.env, MOTO_S3_DEFAULT_MAX_KEYS: String(PAGE) };
  const program = runningProgram(spawn(testPython(), args, { stdio: "ignore", env }), { isGroup: false });
  await untilListening(port, program).catch((cause: unknown) => {
    throw new Error("moto does not start. It is one of scripts/requirements-test.txt: npm test installs them", { cause });
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const clientOf = (bucket: string): S3mini => new S3mini({ ...CREDENTIALS, region: REGION, endpoint: `${endpoint}/${bucket}` });
  const call = async (path: string, body?: string): Promise<void> => {
    const response = await fetch(endpoint + path, { method: "PUT", ...(body !== undefined && { body }) });
    if (!response.ok) throw new Error(`moto: PUT ${path}: ${response.status} ${await response.text()}`);
  };
  return Object.assign(program, {
    endpoint,
    env: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_SESSION_TOKEN: "a+session/token=",
    },
    createBucket: (bucket: string) => call(`/${bucket}`),
    put: async (bucket: string, key: string, bytes: Uint8Array) => void (await clientOf(bucket).putObject(key, bytes)),
    remove: async (bucket: string, key: string) => void (await clientOf(bucket).deleteObject(key)),
    deny: (bucket: string) => {
      const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
      const Statement = [{ Effect: "Deny", Principal: "*", Action: ["s3:GetObject", "s3:ListBucket"], Resource }];
      return call(`/${bucket}?policy`, JSON.stringify({ Version: "2012-10-17", Statement }));
    },
  });
}
