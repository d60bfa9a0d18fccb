import { create, type DescFile, type DescService, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import {
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  type ServerReflectionResponse,
  ServerReflectionResponseSchema,
} from "../../protos/reflection.js";
import { decodeMessage } from "../decode-message.js";
import { Code } from "../status.js";
import type { RawCall, RpcRoute } from "./raw-stream.js";

type Answer = ServerReflectionResponse["messageResponse"];

/** Both versions of gRPC's reflection: they are the same on the wire. */
export function reflectionRoutes(services: readonly DescService[]): readonly RpcRoute[] {
  const files = allFiles(services);
  const handle = async (call: RawCall): Promise<void> => {
    for await (const batch of call.requests) {
      for (const bytes of batch) {
        const request = decodeMessage(ServerReflectionRequestSchema, bytes);
        const messageResponse = answer(request, services, files);
        const response = create(ServerReflectionResponseSchema, {
          validHost: request.host,
          originalRequest: request,
          messageResponse,
        });
        await call.send(toBinary(ServerReflectionResponseSchema, response));
      }
    }
  };
  return ["v1", "v1alpha"].map((version) => ({
    path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    handle,
  }));
}

/** Every file the services need, in the order in which they need each other. */
function allFiles(services: readonly DescService[]): ReadonlyMap<string, DescFile> {
  const files = new Map<string, DescFile>();
  const visit = (file: DescFile): void => {
    if (files.has(file.name)) return;
    for (const dependency of file.dependencies) visit(dependency);
    files.set(file.name, file);
  };
  for (const service of services) visit(service.file);
  return files;
}

function answer(
  request: ServerReflectionRequest,
  services: readonly DescService[],
  files: ReadonlyMap<string, DescFile>,
): Answer {
  const { case: asked, value } = request.messageRequest;
  switch (asked) {
    case "listServices":
      return {
        case: "listServicesResponse",
        value: {
          $typeName: "grpc.reflection.v1.ListServiceResponse",
          service: services.map(({ typeName }) => ({ $typeName: "grpc.reflection.v1.ServiceResponse", name: typeName })),
        },
      };
    case "fileByFilename":
      return fileAnswer(value, files.get(value.replace(/\.proto$/, "")));
    case "fileContainingSymbol":
      return fileAnswer(
        value,
        [...files.values()].find((file) => definesSymbol(file, value)),
      );
    default:
      return errorAnswer(Code.Unimplemented, "extensions are not looked up");
  }
}

function definesSymbol(file: DescFile, symbol: string): boolean {
  const types = [...file.messages, ...file.enums, ...file.services].map(({ typeName }) => typeName);
  return types.some((name) => symbol === name || symbol.startsWith(`${name}.`));
}

function fileAnswer(asked: string, file: DescFile | undefined): Answer {
  if (file === undefined) return errorAnswer(Code.NotFound, `there is no ${asked}`);
  return {
    case: "fileDescriptorResponse",
    value: {
      $typeName: "grpc.reflection.v1.FileDescriptorResponse",
      fileDescriptorProto: [toBinary(FileDescriptorProtoSchema, file.proto)],
    },
  };
}

function errorAnswer(errorCode: number, errorMessage: string): Answer {
  return { case: "errorResponse", value: { $typeName: "grpc.reflection.v1.ErrorResponse", errorCode, errorMessage } };
}
