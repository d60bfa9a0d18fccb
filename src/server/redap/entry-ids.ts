import { isUtf8 } from "node:buffer";
import { create } from "@bufbuild/protobuf";
import { type Timestamp, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { RerunError } from "../../core/index.js";
import { type EntryId, EntryIdSchema, type SegmentId, SegmentIdSchema, TuidSchema } from "../../protos/redap.js";
import type { CallContext } from "../../rpc/index.js";
import type { Entry, EntryKind } from "../catalog/catalog-store.js";
import type { Platform } from "./platform.js";

/** Of a call, names in lower case. */
export type CallHeaders = CallContext["headers"];

const ENTRY_ID = "x-rerun-entry-id";
const ENTRY_NAME = "x-rerun-entry-name-bin";
const DATASET_KINDS: readonly EntryKind[] = ["dataset", "blueprintDataset", "assetDataset"];

export function entryIdMessage(id: string): EntryId {
  const tuid = create(TuidSchema, { timeNs: BigInt(`0x${id.slice(0, 16)}`), inc: BigInt(`0x${id.slice(16)}`) });
  return create(EntryIdSchema, { id: tuid });
}

/** 32 lower-case hexadecimal digits; `undefined` when the message names none. */
export function entryIdFrom(message: EntryId | undefined): string | undefined {
  if (message?.id === undefined) return undefined;
  const { timeNs = 0n, inc = 0n } = message.id;
  return timeNs.toString(16).padStart(16, "0") + inc.toString(16).padStart(16, "0");
}

/** An id as Rerun prints it: the first half in upper case. */
export function printEntryId(id: string): string {
  return id.slice(0, 16).toUpperCase() + id.slice(16);
}

export function segmentIdMessage(id: string): SegmentId {
  return create(SegmentIdSchema, { id });
}

/** Names of segments; a message without one is refused. */
export function segmentIdsFrom(messages: readonly SegmentId[]): string[] {
  return messages.map(({ id }) => {
    if (id === undefined) throw new RerunError("InvalidArgument", "missing required field: 'rerun.common.v1alpha1.SegmentId.id'");
    return id;
  });
}

export function timestampMessage(nanos: bigint): Timestamp {
  return create(TimestampSchema, { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) });
}

export function isDataset(entry: Entry): boolean {
  return DATASET_KINDS.includes(entry.kind);
}

/** The dataset that a call's headers name. @throws RerunError `InvalidArgument`, `NotFound` */
export async function datasetOf(platform: Platform, headers: CallHeaders): Promise<Entry> {
  const entry = await entryOf(platform, headers);
  if (!isDataset(entry)) throw entryNotFound(entry.id);
  return entry;
}

/** The table that a call's headers, or else its message, name. @param tell the error's text for an id that is no table's */
export async function tableOf(
  platform: Platform,
  headers: CallHeaders,
  inMessage?: EntryId,
  tell: (id: string) => string = (id) => `Entry with ID ${id} not found`,
): Promise<Entry> {
  const id = idFromHeader(headers[ENTRY_ID]) ?? entryIdFrom(inMessage);
  const entry = id === undefined ? await entryOf(platform, headers) : await platform.catalog.entry(id);
  if (entry?.kind === "table") return entry;
  throw new RerunError("NotFound", tell(printEntryId(entry?.id ?? id ?? "")));
}

/** A member of a message that must be there. @throws RerunError `InvalidArgument` */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RerunError("InvalidArgument", `missing required field: 'rerun.cloud.v1alpha1.${name}'`);
  return value;
}

/** The entry that a call's headers, or else its message, name. */
export async function entryOf(platform: Platform, headers: CallHeaders, inMessage?: EntryId): Promise<Entry> {
  const id = idFromHeader(headers[ENTRY_ID]) ?? entryIdFrom(inMessage);
  if (id !== undefined) {
    const entry = await platform.catalog.entry(id);
    if (entry === undefined) throw entryNotFound(id);
    return entry;
  }
  const encoded = headers[ENTRY_NAME];
  if (typeof encoded !== "string") {
    throw new RerunError("InvalidArgument", `missing mandatory ["${ENTRY_ID}", "${ENTRY_NAME}"] HTTP headers`);
  }
  const name = nameFromHeader(encoded);
  const [entry] = await platform.catalog.entries({ name });
  if (entry === undefined) throw new RerunError("NotFound", `Entry name '${name}' not found`);
  return entry;
}

function nameFromHeader(encoded: string): string {
  const bytes = Buffer.from(encoded, "base64");
  const isWhole = bytes.toString("base64").replace(/=+$/, "") === encoded.replace(/=+$/, "");
  if (isWhole && isUtf8(bytes)) return bytes.toString("utf8");
  throw new RerunError("InvalidArgument", `'"${encoded}"' is not a valid value for '${ENTRY_NAME}': expected UTF-8 as base64`);
}

export function entryNotFound(id: string): RerunError {
  return new RerunError("NotFound", `Entry id '${printEntryId(id)}' not found`);
}

function idFromHeader(value: string | readonly string[] | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  if (/^[0-9a-fA-F]{32}$/.test(value)) return value.toLowerCase();
  const found = value.length === 32 ? `got '${value}'` : `got ${Buffer.byteLength(value)} bytes`;
  throw new RerunError(
    "InvalidArgument",
    `'"${value}"' is not a valid value for '${ENTRY_ID}': expected exactly 32 hex characters, ${found}`,
  );
}
