import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { MessageProxyService } from "../../protos/proxy.js";
import {
  ServerReflection,
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  ServerReflectionResponseSchema,
} from "../../protos/reflection.js";
import { RpcChannel } from "../client/rpc-channel.js";
import { startRpcServer } from "./rpc-server.js";

test("reflection lists the services and gives every file they need", async () => {
  const server = await startRpcServer({ port: 0, services: [MessageProxyService], routes: [] });
  const channel = new RpcChannel(`http://127.0.0.1:${server.port}`);
  const call = await channel.open(ServerReflection.method.serverReflectionInfo);
  const answers = call.responses[Symbol.asyncIterator]();
  const ask = async (messageRequest: ServerReflectionRequest["messageRequest"]) => {
    await call.send(toBinary(ServerReflectionRequestSchema, create(ServerReflectionRequestSchema, { messageRequest })));
    const { value } = await answers.next();
    return fromBinary(ServerReflectionResponseSchema, value[0]).messageResponse;
  };
  try {
    const list = await ask({ case: "listServices", value: "" });
    expect(list.value).toMatchObject({ service: [{ name: "rerun.sdk_comms.v1alpha1.MessageProxyService" }] });
    const pending = [
      await ask({ case: "fileContainingSymbol", value: "rerun.sdk_comms.v1alpha1.MessageProxyService.ReadTables" }),
    ];
    const seen = new Set<string>();
    for (let answer = pending.pop(); answer !== undefined; answer = pending.pop()) {
      if (answer.case !== "fileDescriptorResponse") throw new Error(`got ${answer.case}`);
      for (const bytes of answer.value.fileDescriptorProto) {
        const file = fromBinary(FileDescriptorProtoSchema, bytes);
        seen.add(file.name);
        for (const name of file.dependency) pending.push(await ask({ case: "fileByFilename", value: name }));
      }
    }
    expect(seen).toContain("rerun/common/v1alpha1/common.proto");
    expect(await ask({ case: "fileContainingSymbol", value: "no.Such" })).toMatchObject({
      case: "errorResponse",
      value: { errorCode: 5 },
    });
  } finally {
    channel.close();
    await server.close();
  }
});
