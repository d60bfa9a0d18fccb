// A recording that goes to a viewer, or to any other program that takes recordings over gRPC.
import * as rr from "rerun-ts";

rr.init("rerun_example_grpc_sink");
rr.setSinks([new rr.GrpcSink()]);
