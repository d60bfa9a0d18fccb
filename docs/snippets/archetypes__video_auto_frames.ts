// A video whose frames are shown at their own times: the times are read from the file and sent as a column.
import * as rr from "rerun-ts";

rr.init("rerun_example_asset_video_auto_frames");

const video = new rr.AssetVideo({ path: "data/video-3s.mp4" });
rr.log("video", video, { static: true });

const times = await video.readFrameTimestampsNanos();
rr.sendColumns(
  "video",
  [new rr.TimeColumn("video_time", { durationNanos: times })],
  rr.VideoFrameReference.columnsNanos(times), // at each of these times, the frame of that time
);
