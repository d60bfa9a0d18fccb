// A message of an MCAP file as it came: its bytes, not decoded.
import * as rr from "rerun-ts";

rr.init("rerun_example_mcap_message");

const bytes = new TextEncoder().encode("sensor_reading: temperature=23.5, humidity=65.2, timestamp=1743465600");
rr.log("mcap/messages/sensor_reading", new rr.McapMessage(bytes));
