import { FieldReader, varintSize, writeVarint } from "./wire-fields.js";

/**
 * `LogMsg` within `WriteMessagesRequest` or `ReadMessagesResponse` by hand: both have the same bytes, so that a proxy passes them
 * on as they are. Field numbers as in `log_msg.proto` and `sdk_comms.proto`.
 */

const TAG_LOG_MSG = 0x0a;
const TAG_OF_KIND = { storeInfo: 0x0a, chunk: 0x12, blueprintActivation: 0x1a } as const;
const KIND_OF_TAG: ReadonlyMap<number, LogMsgKind> = new Map(
  Object.entries(TAG_OF_KIND).map(([kind, tag]) => [tag, kind as LogMsgKind]),
);

export type LogMsgKind = keyof typeof TAG_OF_KIND;

export interface LogMsgView {
  readonly kind: LogMsgKind;
  /** The encoded `SetStoreInfo`, `ArrowMsg` or `BlueprintActivationCommand`; a view. */
  readonly payload: Uint8Array;
}

/** What goes before the payload of such a message. */
export function logMsgHead(kind: LogMsgKind, payloadLength: number): Uint8Array {
  const inner = 1 + varintSize(payloadLength);
  const head = new Uint8Array(1 + varintSize(inner + payloadLength) + inner);
  head[0] = TAG_LOG_MSG;
  const at = writeVarint(inner + payloadLength, head, 1);
  head[at] = TAG_OF_KIND[kind];
  writeVarint(payloadLength, head, at + 1);
  return head;
}

/**
 * The message in a request or response; `undefined` when it has none, or one of a kind not known.
 * @throws RangeError when it is damaged
 */
export function readLogMsg(bytes: Uint8Array): LogMsgView | undefined {
  const outer = new FieldReader(bytes);
  let view: LogMsgView | undefined;
  while (!outer.isAtEnd()) {
    const tag = outer.varint();
    if (tag === TAG_LOG_MSG) view = readKind(outer.bytes()) ?? view;
    else outer.skip(tag & 7);
  }
  return view;
}

function readKind(bytes: Uint8Array): LogMsgView | undefined {
  const reader = new FieldReader(bytes);
  let view: LogMsgView | undefined;
  while (!reader.isAtEnd()) {
    const tag = reader.varint();
    const kind = KIND_OF_TAG.get(tag);
    if (kind === undefined) reader.skip(tag & 7);
    else view = { kind, payload: reader.bytes() };
  }
  return view;
}
