// A recording that goes to a file.
import * as rr from "rerun-ts";

rr.init("rerun_example_file_sink");
rr.setSinks([new rr.FileSink("recording.rrd")]);
