/** Calls of peers that are broken, or mean harm: each is refused with a status, and the server goes on. */
import { mkdtempSync, rmSync } from "node:fs";
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, type DescMethod, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectRedap, hexOf } from "../../tests/support/redap-client.js";
import { schemaToIpc, tableToIpc } from "../chunk/arrow.js";
import { numberArray } from "../chunk/index.js";
import { field, INT64 } from "../core/index.js";
import {
  CreateTableEntryRequestSchema,
  type DataframePart,
  FetchChunksRequestSchema,
  RerunCloudService,
  SetSegmentPropertiesRequestSchema,
  WriteTableRequestSchema,
} from "../protos/redap.js";
import { dataframePartFromIpc } from "../rpc/index.js";
import { mintToken } from "./auth/tokens.js";
import { type PlatformServer, startPlatformServer } from "./start-server.js";

const SECRET = Buffer.alloc(40, 3);
const [OK, INVALID_ARGUMENT, DEADLINE_EXCEEDED, ALREADY_EXISTS, PERMISSION_DENIED] = ["0", "3", "4", "6", "7"];
const [RESOURCE_EXHAUSTED, UNIMPLEMENTED] = ["8", "12"];

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-hostile-"));
const warnings: string[] = [];
let server: PlatformServer;
let session: ClientHttp2Session;
const ids = { dataset: "", table: "" };

const tokenFor = (permission: "read" | "read-write"): string =>
  mintToken(SECRET, { allowedHosts: ["127.0.0.1"], permission, lifetimeSec: 600 }, Math.floor(Date.now() / 1000));
const WRITER = { authorization: `Bearer ${tokenFor("read-write")}` };
const READER = { authorization: `Bearer ${tokenFor("read")}` };

beforeAll(async () => {
  const warn = ({ message }: { message: string }): number => warnings.push(message);
  server = await startPlatformServer({ port: 0, dataDir: folder, authSecret: SECRET, warn });
  session = connect(`http://127.0.0.1:${server.port}`);
  const client = connectRedap(server.port, { token: tokenFor("read-write") });
  ids.dataset = hexOf((await client.createDatasetEntry({ name: "ds" })).dataset?.details?.id?.id);
  const schema = { arrowSchema: schemaToIpc([field("id", INT64, true)], new Map()) };
  ids.table = hexOf((await client.createTableEntry({ name: "table", schema })).table?.details?.id?.id);
});

afterAll(async () => {
  session.destroy();
  await server.close();
  rmSync(folder, { recursive: true });
});

const pathOf = (name: string): string => `/${RerunCloudService.typeName}/${name}`;
const methods: readonly DescMethod[] = RerunCloudService.methods;

/** One message, sent as it is; gives status and text. */
function call(path: string, message: Uint8Array, headers: OutgoingHttpHeaders = WRITER): Promise<[string, string]> {
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", ...headers });
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  stream.end(Buffer.concat([head, message]));
  return new Promise((resolve, reject) => {
    const onHeaders = (fields: Record<string, unknown>): void => {
      const status = fields["grpc-status"];
      if (status !== undefined) resolve([String(status), decodeURIComponent(String(fields["grpc-message"] ?? ""))]);
    };
    stream.on("response", onHeaders);
    stream.on("trailers", onHeaders);
    stream.on("error", reject);
    stream.resume();
  });
}

describe("malformed protobuf", () => {
  it.each(methods.map(({ name }) => name))("%s: INVALID_ARGUMENT", async (name) => {
    const [status, text] = await call(pathOf(name), Uint8Array.of(0x0a, 0xff, 0xff, 0xff), {
      ...WRITER,
      "x-rerun-entry-id": name.includes("Table") && name !== "ScanSegmentTable" ? ids.table : ids.dataset,
    });
    expect([status, text]).toEqual([INVALID_ARGUMENT, expect.stringMatching(/cannot be read/)]);
  });

  it("reflection: INVALID_ARGUMENT", async () => {
    const path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    expect((await call(path, Uint8Array.of(0x0a, 0xff, 0xff)))[0]).toBe(INVALID_ARGUMENT);
  });
});

describe("malformed Arrow", () => {
  const whole = dataframePartFromIpc(
    tableToIpc({ fields: [field("id", INT64, true)], metadata: new Map(), numRows: 1, columns: [numberArray(INT64, [1n])] }),
    { compression: "none" },
  );
  const payload = whole.payload ?? new Uint8Array(0);
  const withPayload = (bytes: Uint8Array): DataframePart => ({ ...whole, payload: bytes });
  const flipped = (at: number): Uint8Array => payload.map((byte, index) => (index === at ? byte ^ 0xff : byte));
  const DAMAGED: Readonly<Record<string, DataframePart>> = {
    nothing: withPayload(new Uint8Array(0)),
    "no Arrow": withPayload(new TextEncoder().encode("this is no Arrow at all, but of some length")),
    "cut short": withPayload(payload.subarray(0, payload.length >> 1)),
    "a flipped length": withPayload(flipped(5)),
    "not LZ4": { ...whole, compression: 2, uncompressedSize: 1000n },
    "LZ4 of another size": { ...whole, compression: 2, uncompressedSize: 2n ** 40n },
  };
  const REQUESTS: Readonly<Record<string, (part: DataframePart) => Uint8Array>> = {
    WriteTable: (part) => toBinary(WriteTableRequestSchema, create(WriteTableRequestSchema, { dataframePart: part })),
    SetSegmentProperties: (part) =>
      toBinary(
        SetSegmentPropertiesRequestSchema,
        create(SetSegmentPropertiesRequestSchema, { segmentId: { id: "s" }, properties: part }),
      ),
    FetchChunks: (part) => toBinary(FetchChunksRequestSchema, create(FetchChunksRequestSchema, { chunkInfos: [part] })),
    CreateTableEntry: (part) =>
      toBinary(
        CreateTableEntryRequestSchema,
        create(CreateTableEntryRequestSchema, { name: "new", schema: { arrowSchema: part.payload ?? new Uint8Array(0) } }),
      ),
  };
  const cases = Object.keys(REQUESTS).flatMap((name) => Object.keys(DAMAGED).map((what) => [name, what] as const));
  it.each(cases.filter(([name, what]) => name !== "CreateTableEntry" || !what.includes("LZ4")))(
    "%s of %s: INVALID_ARGUMENT",
    async (name, what) => {
      const id = name === "WriteTable" ? ids.table : ids.dataset;
      const message = REQUESTS[name]?.(DAMAGED[what] as DataframePart) ?? new Uint8Array(0);
      const [status, text] = await call(pathOf(name), message, { ...WRITER, "x-rerun-entry-id": id });
      const expected = what === "LZ4 of another size" ? [INVALID_ARGUMENT, RESOURCE_EXHAUSTED] : [INVALID_ARGUMENT];
      expect(expected, text).toContain(status);
    },
  );

  it("with any byte flipped is taken or refused, and breaks nothing", async () => {
    for (let at = 0; at < payload.length; at += 3) {
      for (const name of ["SetSegmentProperties", "FetchChunks", "CreateTableEntry"]) {
        const message = REQUESTS[name]?.(withPayload(flipped(at))) ?? new Uint8Array(0);
        const [status, text] = await call(pathOf(name), message, { ...WRITER, "x-rerun-entry-id": ids.dataset });
        expect([OK, INVALID_ARGUMENT, ALREADY_EXISTS], `${name}, byte ${at}: ${text}`).toContain(status);
      }
    }
  });
});

describe("a token for reading", () => {
  const WRITES = [
    "AbortMultipartUpload",
    "CancelTasks",
    "CompleteMultipartUpload",
    "CreateDatasetEntry",
    "CreateTableEntry",
    "DeleteEntry",
    "DeleteSegmentProperties",
    "DoGlobalMaintenance",
    "DoMaintenance",
    "GetMultipartUploadPartGrants",
    "GetWriteAccessGrant",
    "RegisterTable",
    "RegisterWithDataset",
    "SetSegmentProperties",
    "UnregisterFromDataset",
    "UpdateDatasetEntry",
    "UpdateEntry",
    "UpdateTableEntry",
    "WriteTable",
  ];

  it("allows no call that changes anything, however its address is written", async () => {
    for (const suffix of ["", "?", "?x=/Version", "?/Version"]) {
      const denied: string[] = [];
      for (const { name } of methods) {
        if (name === "WatchEvents") continue;
        const [status] = await call(pathOf(name) + suffix, new Uint8Array(0), READER);
        if (status === PERMISSION_DENIED) denied.push(name);
      }
      expect(denied.sort(), suffix).toEqual(WRITES);
    }
  });
});

describe("calls that are not there", () => {
  it.each(["/foo.Bar/Baz", pathOf("WriteChunks"), "/", pathOf("")])("%s: UNIMPLEMENTED", async (path) => {
    expect((await call(path, new Uint8Array(0)))[0]).toBe(UNIMPLEMENTED);
  });
});

describe("deadlines", () => {
  it("end a call that takes longer", async () => {
    const [status] = await call(pathOf("WatchEvents"), new Uint8Array(0), { ...WRITER, "grpc-timeout": "50m" });
    expect(status).toBe(DEADLINE_EXCEEDED);
  });

  it("do not touch one that is quicker", async () => {
    expect(await call(pathOf("Version"), new Uint8Array(0), { ...WRITER, "grpc-timeout": "30S" })).toEqual([OK, ""]);
  });
});

it("nothing of it was a failure of the server", async () => {
  expect(warnings).toEqual([]);
  expect((await call(pathOf("FindEntries"), new Uint8Array(0)))[0]).toBe(OK);
});
