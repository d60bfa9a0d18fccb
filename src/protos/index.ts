export {
  type ArrowMsgHead,
  type ArrowMsgView,
  arrowMsgSize,
  findArrowPayload,
  readArrowMsg,
  writeArrowMsg,
} from "./arrow-msg.js";
export {
  Compression,
  EncoderVersion,
  type StoreId as StoreIdMessage,
  StoreIdSchema,
  StoreKind as StoreKindNumber,
} from "./gen/rerun/common/v1alpha1/common_pb.js";
export {
  type BlueprintActivationCommand,
  BlueprintActivationCommandSchema,
  CrateInfoSchema,
  Encoding,
  FileSourceKind,
  FileSourceSchema,
  PythonVersionSchema,
  RrdFooterSchema,
  type RrdManifest as RrdManifestMessage,
  RrdManifestSchema,
  type SetStoreInfo,
  SetStoreInfoSchema,
  type StoreSource,
  StoreSourceKind,
} from "./gen/rerun/log_msg/v1alpha1/log_msg_pb.js";
export { type LogMsgKind, type LogMsgView, logMsgHead, readLogMsg } from "./log-msg.js";
export { FieldReader } from "./wire-fields.js";
