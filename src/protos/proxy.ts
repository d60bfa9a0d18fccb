/** The message proxy's service with all of its messages: `MessageProxyService`. */
export * from "./gen/rerun/common/v1alpha1/common_pb.js";
export { type TableId, TableIdSchema } from "./gen/rerun/common/v1alpha1/ids_pb.js";
export * from "./gen/rerun/log_msg/v1alpha1/log_msg_pb.js";
export * from "./gen/rerun/sdk_comms/v1alpha1/sdk_comms_pb.js";
