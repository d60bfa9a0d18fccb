import * as rr from "../../../src/index.js";

export function staticAndCleared(rec: rr.RecordingStream): void {
  rec.setTime("frame", { sequence: 3 });
  rec.log("a", new rr.Points3D([[1, 2, 3]]), { static: true });
  rec.log("a/b", new rr.Points3D([[1, 2, 3]], { radii: 1 }));
  rec.log("a/b", rr.Points3D.fromFields({ colors: [[1, 2, 3]] }));
  rec.log("a/b", rr.Points3D.fromFields({ colors: [[1, 2, 3]] }, { clearUnset: true }));
  rec.log("a/b", rr.Points3D.cleared());
  rec.log("a/b", new rr.Clear({ recursive: false }));
  rec.log("a", new rr.Clear({ recursive: true }));
}

export function columns(rec: rr.RecordingStream): void {
  const times = Array.from({ length: 64 }, (_, i) => i);
  const scalars = rr.Scalars.columns({ scalars: times.map((t) => t * 0.25) });
  rec.sendColumns("s", [new rr.TimeColumn("step", { sequence: times })], scalars);
  const indexes = [new rr.TimeColumn("step", { sequence: [3, 1, 2, 1] }), new rr.TimeColumn("a", { duration: [0.5, 2, 1, 1.5] })];
  rec.sendColumns("unsorted", indexes, rr.Scalars.columns({ scalars: [1, 2, 3, 4] }));
  const positions = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ];
  rec.sendColumns(
    "p",
    [new rr.TimeColumn("stamp", { timestamp: [1700000000, 1700000001.5] })],
    [...rr.Points3D.columns({ positions }).partition([1, 2]), ...rr.Points3D.columns({ radii: [0.5, 1] })],
  );
  rec.sendColumns("static", [], rr.Points3D.columns({ positions: positions.slice(0, 2) }));
  const step = [new rr.TimeColumn("step", { sequence: [1, 2] })];
  rec.sendColumns("text", step, rr.TextLog.columns({ text: ["one", "two"], level: ["INFO", "WARN"] }));
  const any = rr.AnyValues.columns({ value: [0.5, 1.5, 2.5], name: ["a", "b", "c"] });
  rec.sendColumns("any", [new rr.TimeColumn("step", { sequence: [1, 2, 3] })], any);
}

export function anyValues(rec: rr.RecordingStream): void {
  rec.setTime("frame", { sequence: 1 });
  const values = { f: 1.5, s: "text", b: true, i: 3n, many: [1, 2], u8: new Uint16Array([1, 2]) };
  rec.log("any", new rr.AnyValues(values));
  rec.log("any", [new rr.Points3D([[1, 2, 3]]), new rr.AnyValues({ confidence: [0.25] })]);
}

export function paths(rec: rr.RecordingStream): void {
  rec.log("with\\ space/x:y", new rr.TextLog("escaped"));
  rec.log(["list", "of parts", "a/b"], new rr.TextLog("parts"));
  rec.log("//double//slash/", new rr.TextLog("slashes"));
  rec.log("ü/日本/😀", new rr.TextLog("unicode"));
  rec.log("", new rr.TextLog("root"));
}

export function properties(rec: rr.RecordingStream): void {
  rec.sendRecordingName("a name");
  rec.sendProperty("user", new rr.AnyValues({ weight: 0.5, label: "x" }));
}
