/** The service that steers a running viewer, with all of its messages: `ViewerControlService`. */
export * from "./gen/rerun/viewer_control/v1alpha1/blueprints_pb.js";
export * from "./gen/rerun/viewer_control/v1alpha1/commands_pb.js";
export * from "./gen/rerun/viewer_control/v1alpha1/schemas_pb.js";
export * from "./gen/rerun/viewer_control/v1alpha1/state_pb.js";
export * from "./gen/rerun/viewer_control/v1alpha1/viewer_control_pb.js";
