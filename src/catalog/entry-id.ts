import { create } from "@bufbuild/protobuf";
import { RerunError, tuidFromHex, tuidToHex } from "../core/index.js";
import { type EntryId as EntryIdMessage, EntryIdSchema } from "../protos/redap.js";

/** Id of an entry: 32 hexadecimal digits as Rerun prints them, the first half in upper case. */
export type EntryId = string;

/** The id in a message. @throws RerunError `InvalidData` when it is missing */
export function entryIdFrom(message: EntryIdMessage | undefined): EntryId {
  const { timeNs, inc } = message?.id ?? {};
  if (timeNs === undefined || inc === undefined)
    throw new RerunError("InvalidData", "the server's answer lacks the id of an entry");
  return `${hex(timeNs).toUpperCase()}${hex(inc)}`;
}

/** @throws RerunError `InvalidArgument` for what is no id */
export function entryIdMessage(id: EntryId): EntryIdMessage {
  const digits = normalEntryId(id);
  return create(EntryIdSchema, { id: { timeNs: BigInt(`0x${digits.slice(0, 16)}`), inc: BigInt(`0x${digits.slice(16)}`) } });
}

/** The id in the case that Rerun prints. @throws RerunError `InvalidArgument` */
export function normalEntryId(id: EntryId): EntryId {
  try {
    return printed(tuidToHex(tuidFromHex(id)));
  } catch (cause) {
    throw new RerunError("InvalidArgument", `An entry id has 32 hexadecimal digits, got "${String(id)}"`, { cause });
  }
}

function printed(digits: string): EntryId {
  return `${digits.slice(0, 16).toUpperCase()}${digits.slice(16).toLowerCase()}`;
}

function hex(value: bigint): string {
  return value.toString(16).padStart(16, "0");
}
