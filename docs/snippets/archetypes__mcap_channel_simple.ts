// What an MCAP file says about one of its channels.
import * as rr from "rerun-ts";

rr.init("rerun_example_mcap_channel");

rr.log(
  "mcap/channels/camera",
  new rr.McapChannel({
    id: 1,
    topic: "/camera/image",
    messageEncoding: "cdr",
    metadata: [
      ["frame_id", "camera_link"],
      ["encoding", "bgr8"],
    ],
  }),
);
