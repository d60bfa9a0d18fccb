import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Chunk } from "../chunk/index.js";
import { RerunError, type StoreId } from "../core/index.js";
import {
  BlueprintActivationCommandSchema,
  CrateInfoSchema,
  FileSourceKind,
  FileSourceSchema,
  PythonVersionSchema,
  SetStoreInfoSchema,
  type StoreIdMessage,
  StoreIdSchema,
  StoreKindNumber,
  type StoreSource,
  StoreSourceKind,
} from "../protos/index.js";
import type { RrdVersion } from "./frames.js";

/** One message of a recording. */
export type RrdMessage = RrdStoreInfoMessage | RrdChunkMessage | RrdBlueprintActivationMessage;

/** Says that a store exists. Comes before its chunks, possibly several times. */
export interface RrdStoreInfoMessage {
  readonly kind: "storeInfo";
  readonly storeId: StoreId;
  /** What wrote it, for people: `Python SDK 3.11.7`, `rerun-ts 0.1.0`. */
  readonly source: string;
  /** Version of Rerun that wrote the file: `0.41.0`. */
  readonly version: string;
}

export interface RrdChunkMessage {
  readonly kind: "chunk";
  readonly storeId: StoreId;
  readonly chunk: Chunk;
  readonly place: ChunkPlace;
}

/** Where a chunk lies in a file. */
export interface ChunkPlace {
  /** Of the message's payload, in bytes from the start of the file. */
  readonly offset: number;
  readonly size: number;
  readonly uncompressedSize: number;
}

/** Says what shall become of a blueprint, after all of its chunks. */
export interface RrdBlueprintActivationMessage {
  readonly kind: "blueprintActivation";
  readonly blueprintId: StoreId;
  readonly makeActive: boolean;
  readonly makeDefault: boolean;
}

/** What a writer says of a store. */
export interface RrdStoreInfo {
  readonly storeId: StoreId;
  /** Name and version of the program. */
  readonly source: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function storeIdToMessage(id: StoreId): StoreIdMessage {
  return create(StoreIdSchema, {
    kind: id.kind === "blueprint" ? StoreKindNumber.BLUEPRINT : StoreKindNumber.RECORDING,
    recordingId: id.recordingId,
    applicationId: { id: id.applicationId },
  });
}

export function encodeStoreId(id: StoreId): Uint8Array {
  return toBinary(StoreIdSchema, storeIdToMessage(id));
}

/**
 * @param applicationIdOf the application of a recording whose id does not say it, as in files from before 0.25
 * @throws RerunError `CorruptFile` when the application is not known
 */
export function storeIdFromMessage(
  message: StoreIdMessage | undefined,
  applicationIdOf: (recordingId: string) => string | undefined,
): StoreId {
  if (message === undefined) throw new RerunError("CorruptFile", "the message names no store");
  const applicationId = message.applicationId?.id || applicationIdOf(message.recordingId);
  if (!applicationId) throw new RerunError("CorruptFile", `the store "${message.recordingId}" has no application id`);
  const kind = message.kind === StoreKindNumber.BLUEPRINT ? "blueprint" : "recording";
  return { kind, applicationId, recordingId: message.recordingId };
}

/** @param rowId 16 bytes */
export function encodeStoreInfo(info: RrdStoreInfo, rowId: Uint8Array, version: RrdVersion): Uint8Array {
  const halves = new DataView(rowId.buffer, rowId.byteOffset, 16);
  const [major, minor, patch, meta] = version;
  return toBinary(
    SetStoreInfoSchema,
    create(SetStoreInfoSchema, {
      rowId: { timeNs: halves.getBigUint64(0), inc: halves.getBigUint64(8) },
      info: {
        storeId: storeIdToMessage(info.storeId),
        storeSource: { kind: StoreSourceKind.OTHER, extra: { payload: encoder.encode(info.source) } },
        storeVersion: { crateVersionBits: major | (minor << 8) | (patch << 16) | (meta << 24) },
      },
    }),
  );
}

/** @param version of the file, which counts more than what the message says */
export function decodeStoreInfo(payload: Uint8Array, version: string): RrdStoreInfoMessage {
  const { info } = fromBinary(SetStoreInfoSchema, payload);
  const storeId = storeIdFromMessage(info?.storeId, () => info?.applicationId?.id);
  return { kind: "storeInfo", storeId, source: describeSource(info?.storeSource), version };
}

export function encodeBlueprintActivation(message: Omit<RrdBlueprintActivationMessage, "kind">): Uint8Array {
  const { blueprintId, makeActive, makeDefault } = message;
  return toBinary(
    BlueprintActivationCommandSchema,
    create(BlueprintActivationCommandSchema, { blueprintId: storeIdToMessage(blueprintId), makeActive, makeDefault }),
  );
}

export function decodeBlueprintActivation(
  payload: Uint8Array,
  applicationIdOf: (recordingId: string) => string | undefined,
): RrdBlueprintActivationMessage {
  const { blueprintId, makeActive, makeDefault } = fromBinary(BlueprintActivationCommandSchema, payload);
  return { kind: "blueprintActivation", blueprintId: storeIdFromMessage(blueprintId, applicationIdOf), makeActive, makeDefault };
}

const FILE_SOURCES: Readonly<Record<FileSourceKind, string>> = {
  [FileSourceKind.UNSPECIFIED]: "File",
  [FileSourceKind.CLI]: "File from the command line",
  [FileSourceKind.URI]: "File from a URL",
  [FileSourceKind.DRAG_AND_DROP]: "File dropped into the viewer",
  [FileSourceKind.FILE_DIALOG]: "File opened in the viewer",
  [FileSourceKind.SDK]: "File from an SDK",
};

function describeSource(source: StoreSource | undefined): string {
  const payload = source?.extra?.payload ?? new Uint8Array(0);
  switch (source?.kind) {
    case StoreSourceKind.C_SDK:
      return "C SDK";
    case StoreSourceKind.PYTHON_SDK: {
      const { major, minor, patch, suffix } = fromBinary(PythonVersionSchema, payload);
      return `Python SDK ${major}.${minor}.${patch}${suffix}`;
    }
    case StoreSourceKind.RUST_SDK: {
      const { rustcVersion } = fromBinary(CrateInfoSchema, payload);
      return rustcVersion === "" ? "Rust SDK" : `Rust SDK ${rustcVersion}`;
    }
    case StoreSourceKind.FILE:
      return FILE_SOURCES[fromBinary(FileSourceSchema, payload).kind] ?? "File";
    case StoreSourceKind.VIEWER:
      return "Viewer";
    case StoreSourceKind.OTHER:
      return decoder.decode(payload);
    default:
      return "Unknown";
  }
}
