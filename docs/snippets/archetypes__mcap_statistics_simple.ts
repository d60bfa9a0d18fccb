// What an MCAP file says about its contents as a whole.
import * as rr from "rerun-ts";

rr.init("rerun_example_mcap_statistics");

rr.log(
  "mcap/statistics/recording_overview",
  new rr.McapStatistics({
    messageCount: 12_500,
    schemaCount: 3,
    channelCount: 5,
    attachmentCount: 2,
    metadataCount: 8,
    chunkCount: 25,
    // Nanoseconds since 1970 do not fit into a number: they are bigints.
    messageStartTime: 1743465600000000000n,
    messageEndTime: 1743466200000000000n,
  }),
);
