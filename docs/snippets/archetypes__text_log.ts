// A line of a log.
import * as rr from "rerun-ts";

rr.init("rerun_example_text_log");

rr.log("log", new rr.TextLog("Application started.", { level: rr.TextLogLevel.INFO }));
