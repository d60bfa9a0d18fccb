// A log with chosen columns and levels.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_text_log");

rr.setTime("time", { sequence: 0 });
rr.log("log/status", new rr.TextLog("Application started.", { level: rr.TextLogLevel.INFO }));
rr.setTime("time", { sequence: 5 });
rr.log("log/other", new rr.TextLog("A warning.", { level: rr.TextLogLevel.WARN }));
for (let i = 0; i < 10; i++) {
  rr.setTime("time", { sequence: i });
  rr.log("log/status", new rr.TextLog(`Processing item ${i}.`, { level: rr.TextLogLevel.INFO }));
}

rr.sendBlueprint(
  new rrb.Blueprint(
    new rrb.TextLogView({
      name: "Text Logs",
      origin: "/log",
      columns: { timelineColumns: ["time"], textLogColumns: ["LogLevel", "EntityPath", "Body"] },
      rows: { filterByLogLevel: ["INFO", "WARN", "ERROR"] },
      formatOptions: { monospaceBody: false },
    }),
    { collapsePanels: true },
  ),
);
