/**
 * The data platform's service (redap) with all of its messages: `RerunCloudService`, `…Schema` to encode and decode, types and
 * enumerations. The whole of the generated code is the door: a server or client names nearly every message.
 */
export * from "./gen/rerun/cloud/v1alpha1/cloud_pb.js";
export * from "./gen/rerun/cloud/v1alpha1/datasets_pb.js";
export * from "./gen/rerun/cloud/v1alpha1/entries_pb.js";
export * from "./gen/rerun/cloud/v1alpha1/events_pb.js";
export * from "./gen/rerun/cloud/v1alpha1/manifests_pb.js";
export * from "./gen/rerun/cloud/v1alpha1/queries_pb.js";
export * from "./gen/rerun/cloud/v1alpha1/server_pb.js";
export * from "./gen/rerun/cloud/v1alpha1/tables_pb.js";
export * from "./gen/rerun/cloud/v1alpha1/tasks_pb.js";
export * from "./gen/rerun/cloud/v1alpha1/uploads_pb.js";
export * from "./gen/rerun/common/v1alpha1/build_info_pb.js";
export * from "./gen/rerun/common/v1alpha1/common_pb.js";
export * from "./gen/rerun/common/v1alpha1/ids_pb.js";
export * from "./gen/rerun/common/v1alpha1/queries_pb.js";
export * from "./gen/rerun/log_msg/v1alpha1/log_msg_pb.js";
