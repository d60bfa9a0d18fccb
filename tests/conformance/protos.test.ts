import {
  create,
  createFileRegistry,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescService,
  type FileRegistry,
  fromBinary,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, expect, it } from "vitest";
import { MessageProxyService } from "../../src/protos/proxy.js";
import { RerunCloudService } from "../../src/protos/redap.js";
import {
  ServerReflection,
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  ServerReflectionResponseSchema,
} from "../../src/protos/reflection.js";
import { ViewerControlService } from "../../src/protos/viewer-control.js";
import { RpcChannel } from "../../src/rpc/index.js";
import { freePort, untilListening } from "../support/ports.js";
import { startOurServer } from "../support/redap-servers.js";
import { type RunningProgram, startRealRerun } from "../support/running-program.js";

const programs: RunningProgram[] = [];

afterAll(async () => {
  for (const each of programs) await each.stop("SIGKILL");
});

/** What the real command, started with `args`, tells of services over reflection: some it knows and does not serve itself. */
async function realRegistry(services: readonly DescService[], args: readonly string[]): Promise<FileRegistry> {
  const port = await freePort();
  const real = startRealRerun([...args, "--port", String(port)]);
  programs.push(real);
  await untilListening(port, real);
  return registryAt(port, services);
}

/** What a server tells of services over reflection. */
async function registryAt(port: number, services: readonly DescService[]): Promise<FileRegistry> {
  const channel = new RpcChannel(`http://127.0.0.1:${port}`);
  const call = await channel.open(ServerReflection.method.serverReflectionInfo);
  const answers = call.responses[Symbol.asyncIterator]();
  const ask = async (messageRequest: ServerReflectionRequest["messageRequest"]) => {
    await call.send(toBinary(ServerReflectionRequestSchema, create(ServerReflectionRequestSchema, { messageRequest })));
    const { value } = await answers.next();
    return fromBinary(ServerReflectionResponseSchema, value[0]).messageResponse;
  };
  const files = new Map<string, ReturnType<typeof create<typeof FileDescriptorProtoSchema>>>();
  const add = async (request: ServerReflectionRequest["messageRequest"]): Promise<void> => {
    const answer = await ask(request);
    if (answer.case !== "fileDescriptorResponse") throw new Error(`got ${answer.case}`);
    for (const bytes of answer.value.fileDescriptorProto) {
      const file = fromBinary(FileDescriptorProtoSchema, bytes);
      if (files.has(file.name)) continue;
      for (const value of file.dependency) await add({ case: "fileByFilename", value });
      files.set(file.name, file);
    }
  };
  try {
    for (const { typeName } of services) await add({ case: "fileContainingSymbol", value: typeName });
  } finally {
    channel.close();
  }
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [...files.values()] }));
}

/** Everything of a service that the wire knows, as lines of text: its calls, and every message they reach. */
function describeService(service: DescService): readonly string[] {
  const lines = new Set<string>();
  for (const { name, methodKind, input, output } of service.methods) {
    lines.add(`${service.typeName}.${name}: ${methodKind} ${input.typeName} -> ${output.typeName}`);
    describeMessage(input, lines);
    describeMessage(output, lines);
  }
  return [...lines].sort();
}

function describeMessage(message: DescMessage, lines: Set<string>): void {
  const head = `message ${message.typeName}`;
  if (lines.has(head)) return;
  lines.add(head);
  for (const field of message.fields) {
    // Whether the presence of a message is "optional" or implied is the same on the wire.
    const presence = field.fieldKind === "message" ? "" : ` presence ${field.presence}`;
    lines.add(`${message.typeName}.${field.name} = ${field.number}: ${typeOf(field)}${presence} ${field.oneof?.name ?? ""}`);
    const inner = "message" in field ? field.message : undefined;
    if (inner !== undefined) describeMessage(inner, lines);
    if ("enum" in field && field.enum !== undefined) describeEnum(field.enum, lines);
  }
}

function describeEnum({ typeName, values }: DescEnum, lines: Set<string>): void {
  for (const { name, number } of values) lines.add(`${typeName}.${name} = ${number}`);
}

function typeOf(field: DescField): string {
  const kind = field.fieldKind === "list" ? `list of ${field.listKind}` : field.fieldKind;
  if ("message" in field && field.message !== undefined) return `${kind} ${field.message.typeName}`;
  if ("enum" in field && field.enum !== undefined) return `${kind} ${field.enum.typeName}`;
  return `${kind} ${"scalar" in field ? field.scalar : ""}`;
}

function serviceOf(registry: FileRegistry, { typeName }: DescService): DescService {
  const service = registry.getService(typeName);
  if (service === undefined) throw new Error(`the server does not tell of ${typeName}`);
  return service;
}

it("the data platform's messages are those of the real server", async () => {
  const real = await realRegistry([RerunCloudService], ["server", "--host", "127.0.0.1"]);
  expect(describeService(RerunCloudService)).toEqual(describeService(serviceOf(real, RerunCloudService)));
});

it("our server tells of the same messages over reflection", async () => {
  const server = await startOurServer(["--ephemeral"]);
  programs.push(server);
  const ours = await registryAt(server.port, [RerunCloudService]);
  expect(describeService(serviceOf(ours, RerunCloudService))).toEqual(describeService(RerunCloudService));
});

it("the messages of proxy and viewer control are those of the real viewer's endpoint", async () => {
  const services = [MessageProxyService, ViewerControlService];
  const real = await realRegistry(services, ["--serve-grpc", "--bind", "127.0.0.1"]);
  for (const service of services) {
    expect(describeService(service)).toEqual(describeService(serviceOf(real, service)));
  }
});
