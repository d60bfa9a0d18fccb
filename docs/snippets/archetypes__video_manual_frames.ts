// One video, of which two entities show two frames, side by side.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_asset_video_manual_frames");

rr.log("video_asset", new rr.AssetVideo({ path: "data/video-10s.mp4" }), { static: true });

rr.log("frame_1s", new rr.VideoFrameReference(undefined, { seconds: 1, videoReference: "video_asset" }));
rr.log("frame_2s", new rr.VideoFrameReference(undefined, { seconds: 2, videoReference: "video_asset" }));

const views = ["frame_1s", "frame_2s"].map((origin) => new rrb.Spatial2DView({ origin }));
rr.sendBlueprint(new rrb.Horizontal(views));
