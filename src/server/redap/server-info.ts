import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { RerunError } from "../../core/index.js";
import {
  type DoBandwidthTestRequest,
  type DoBandwidthTestResponse,
  DoBandwidthTestResponseSchema,
  type VersionResponse,
  VersionResponseSchema,
  type WhoAmIResponse,
  WhoAmIResponseSchema,
} from "../../protos/redap.js";
import type { Permission } from "../auth/tokens.js";

/** What clients may rely on; each word stands for calls that work here. */
export const CAPABILITIES: readonly string[] = ["catalog:write:register:file", "catalog:write:staging", "dataset:find_chunks"];
const FEATURES = ["per_segment_index_values"];
/** Of the protocol: the release of Rerun whose clients these calls are for. */
const PROTOCOL_VERSION = { major: 0, minor: 41, patch: 0 };

const MAX_TEST_BYTES = 33_554_432n;
const PIECE_BYTES = 1024 * 1024;

export function version(packageVersion: string): VersionResponse {
  return create(VersionResponseSchema, {
    buildInfo: { crateName: "rerun-ts", version: PROTOCOL_VERSION, isDebugBuild: false },
    version: packageVersion,
    features: FEATURES,
  });
}

export function whoAmI(permission: Permission, userId: string | undefined, capabilities: readonly string[]): WhoAmIResponse {
  return create(WhoAmIResponseSchema, {
    ...(userId === undefined ? {} : { userId }),
    canRead: true,
    canWrite: permission === "read-write",
    capabilities: { capabilities: [...capabilities] },
  });
}

/** The same for all tests: what a server sends to many at once is one piece of memory. */
let testPiece: Uint8Array | undefined;

/** That many bytes that cannot be compressed. */
export async function* doBandwidthTest({ numBytes }: DoBandwidthTestRequest): AsyncGenerator<DoBandwidthTestResponse> {
  if (numBytes > MAX_TEST_BYTES) {
    throw new RerunError("InvalidArgument", `num_bytes (${numBytes}) exceeds the maximum of ${MAX_TEST_BYTES}`);
  }
  testPiece ??= randomBytes(PIECE_BYTES);
  const piece = testPiece;
  for (let left = Number(numBytes); left > 0; left -= PIECE_BYTES) {
    yield create(DoBandwidthTestResponseSchema, { payload: piece.subarray(0, Math.min(left, PIECE_BYTES)) });
  }
}
