/** The inputs of `tests/fixtures/types/conv`, logged as they were with Python: the cases of conveniences, and what goes around them. */
import { Uint8, vectorFromArray } from "apache-arrow";
import * as rr from "../../../src/index.js";
import {
  ANY,
  BOXES,
  COLORS,
  type ConvenienceCase,
  IMAGES,
  MESHES,
  TENSORS,
  TEXTS,
  TRANSFORMS,
} from "../../support/conveniences/index.js";

/** By the name of the recording. */
export const CONVENIENCES: Readonly<Record<string, (rec: rr.RecordingStream) => void>> = {
  conv_anyvalues: anyValues,
  conv_boxes: boxes,
  conv_colors: (rec) => logCases(rec, COLORS, { isStatic: true }),
  conv_images: images,
  conv_mesh_asset: meshes,
  conv_props: properties,
  conv_tensors: (rec) => logCases(rec, TENSORS),
  conv_text_graph_state: texts,
  conv_time: times,
  conv_transforms: transforms,
};

interface LogOptions {
  readonly isStatic?: boolean;
  /** For cases that are columns. */
  readonly indexes?: readonly rr.TimeColumn[];
}

/** Logs the first case of each entity: the others say the same in another way. */
function logCases(rec: rr.RecordingStream, cases: readonly ConvenienceCase[], options: LogOptions = {}): void {
  const logged = new Set<string>();
  for (const [entity, make] of cases) {
    if (logged.has(entity)) continue;
    logged.add(entity);
    const made = make();
    if ("layouts" in made) rec.log(entity, made, { static: options.isStatic ?? false });
    else rec.sendColumns(entity, options.indexes ?? [], made);
  }
}

function only(cases: readonly ConvenienceCase[], ...entities: readonly string[]): readonly ConvenienceCase[] {
  return cases.filter(([entity]) => entities.includes(entity));
}

function without(cases: readonly ConvenienceCase[], ...entities: readonly string[]): readonly ConvenienceCase[] {
  return cases.filter(([entity]) => !entities.includes(entity));
}

function anyValues(rec: rr.RecordingStream): void {
  logCases(rec, without(ANY, "/cols", "/dcols"));
  rec.log("npu8", new rr.AnyValues({ npu8: vectorFromArray([1, 2], new Uint8()) }));
  rec.log("mixed_int_later", new rr.AnyValues({ v: [4n, 5n] }));
  rec.log("v_empty", new rr.AnyValues({ v: [] }));
  rec.log("np_scalar", new rr.AnyValues({ ns: Float32Array.of(2.5) }));
  logCases(rec, only(ANY, "/cols"), { indexes: [new rr.TimeColumn("t", { sequence: [0, 1, 2] })] });
  logCases(rec, only(ANY, "/dcols"), { indexes: [new rr.TimeColumn("t", { sequence: [0, 1] })] });
  rec.log("extra", [new rr.Points2D([[1, 2]]), new rr.AnyValues({ confidence: [0.5] })]);
}

function boxes(rec: rr.RecordingStream): void {
  logCases(rec, BOXES);
  for (const arrayFormat of ["YXHW", "YXYX"] as const) {
    const array = [
      [10, 20, 30, 40],
      [1, 2, 3, 4],
    ];
    rec.log(`b2/${arrayFormat}`, new rr.Boxes2D({ array, arrayFormat }));
  }
}

function images(rec: rr.RecordingStream): void {
  logCases(rec, IMAGES);
  const data = Uint8Array.from({ length: 18 }, (_, i) => i);
  rec.log("fortran", new rr.Image({ data, shape: [2, 3, 3] }));
}

function meshes(rec: rr.RecordingStream): void {
  const timeless = MESHES.slice(
    0,
    MESHES.findIndex(([entity]) => entity === "/vs2"),
  );
  logCases(rec, timeless, { indexes: [new rr.TimeColumn("t", { duration: [0, 1] })] });
  rec.log("vs", new rr.VideoStream("H264"), { static: true });
  rec.setTime("t", { duration: 0 });
  rec.log("vs", rr.VideoStream.fromFields({ sample: Uint8Array.of(0, 0, 0, 1, 0x67), isKeyframe: true }));
  logCases(rec, MESHES.slice(timeless.length));
}

function properties(rec: rr.RecordingStream): void {
  rec.sendRecordingName("My name");
  rec.sendRecordingStartTimeNanos(1_700_000_000_000_000_000n);
  rec.sendProperty("situation", new rr.AnyValues({ confidence: [0.3, 0.4], note: "x" }));
  rec.sendProperty("cam", new rr.Points3D([[1, 2, 3]]));
  rec.log("x", rr.Points3D.fromFields({ radii: [1, 2] }));
  rec.log("x", rr.Points3D.fromFields({ colors: [255, 0, 0] }, { clearUnset: true }));
  const descriptor = { component: "custom:pos", archetype: "custom", componentType: "user.Pos" };
  rec.log("raw", rr.describedBatch(rr.components.Position3D, [1, 2, 3], descriptor));
}

function texts(rec: rr.RecordingStream): void {
  const timed = TEXTS.findIndex(([entity]) => entity === "/st");
  logCases(rec, without(TEXTS.slice(0, timed), "/log"));
  for (const level of Object.values(rr.TextLogLevel)) rec.log("log", new rr.TextLog(`m ${level}`, { level }));
  rec.log("log", new rr.TextLog("custom", { level: "MYLEVEL", color: [255, 0, 0] }));
  rec.log("log", new rr.TextLog("nolevel"));
  rec.setTime("s", { sequence: 1 });
  const styles = ["/stc", "/sl", "/sl2", "/sp", "/sp2", "/sp3"];
  logCases(rec, without(TEXTS.slice(timed), ...styles));
  logCases(rec, only(TEXTS, ...styles), { isStatic: true });
}

function times(rec: rr.RecordingStream): void {
  const one = (path: string): void => rec.log(path, new rr.Scalars(1));
  rec.setTime("seq", { sequence: 42 });
  one("a");
  rec.setTime("dur_i", { duration: 3 });
  rec.setTime("dur_f", { duration: 1.5 });
  rec.setTime("dur_td", { duration: 0.25 });
  rec.setTime("dur_np", { durationNanos: 7000n });
  one("b");
  rec.setTime("ts_i", { timestamp: 1_700_000_000 });
  rec.setTime("ts_f", { timestamp: 1_700_000_000.25 });
  // Python takes a datetime as a number of seconds and loses 128 ns; a Date would be exact (src/core/time.test.ts).
  rec.setTime("ts_dt", { timestamp: Date.UTC(2024, 0, 2, 3, 4, 5, 678) / 1000 });
  rec.setTime("ts_naive", { timestamp: new Date("2024-01-02T03:04:05Z") });
  rec.setTime("ts_np", { timestampNanos: 1_704_164_645_123_456_789n });
  one("c");
  rec.disableTimeline("seq");
  one("d");
  rec.resetTime();
  one("e");
  rec.setTime("seq", { sequence: -5 });
  one("f");
  rec.setLogTickEnabled(true);
  one("g");
  one("h");
  rec.setLogTickEnabled(false);
  rec.log("static", new rr.Scalars(2), { static: true });
  rec.setLogTimeEnabled(false);
  one("notime");
  rec.resetTime();
  one("nothing");
  timeColumns(rec);
}

function timeColumns(rec: rr.RecordingStream): void {
  const indexes = [
    new rr.TimeColumn("f", { sequence: [1, 2] }),
    new rr.TimeColumn("d", { duration: [0.5, 2] }),
    new rr.TimeColumn("ts", { timestamp: [1.5, new Date("2024-01-01T00:00:00Z")] }),
  ];
  rec.sendColumns("cols", indexes, rr.Scalars.columns({ scalars: [1, 2] }));
  rec.sendColumns("static_cols", [], rr.Scalars.columns({ scalars: [5] }));
  const numbers = [0, 1, 2, 3, 4, 5];
  const points = rr.Points3D.columns({ positions: numbers.map((i) => [i, 0, 0]), colors: Uint32Array.from(numbers) });
  rec.sendColumns("part", [new rr.TimeColumn("f", { sequence: [1, 2, 3] })], points.partition([1, 2, 3]));
}

function transforms(rec: rr.RecordingStream): void {
  rec.log("t/empty", new rr.Transform3D());
  logCases(rec, TRANSFORMS, { indexes: [new rr.TimeColumn("f", { sequence: [0, 1] })] });
}
