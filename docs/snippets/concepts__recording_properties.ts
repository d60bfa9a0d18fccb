// Facts about a recording as a whole: its name, when it began, and properties of one's own.
import * as rr from "rerun-ts";

rr.init("rerun_example_recording_properties");

rr.sendRecordingName("My recording");
rr.sendRecordingStartTimeNanos(1742539110661000000n);

// An archetype, or any values, under a name of one's own.
rr.sendProperty("camera_left", new rr.Points3D([1, 0.1, 1]));
rr.sendProperty("situation", new rr.AnyValues({ confidences: [0.3, 0.4, 0.5, 0.6], traffic: "low", weather: "sunny" }));

// A property can be changed: the last one counts.
rr.sendRecordingName("My episode");
