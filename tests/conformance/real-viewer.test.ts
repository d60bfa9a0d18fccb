import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import * as rrb from "../../src/sdk/blueprint/index.js";
import { type Picture, readPng } from "../support/read-png.js";
import { vulkanFolder } from "../support/vulkan-folder.js";
import * as blueprints from "./cases/blueprints.js";

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-real-viewer-"));
const picturePath = process.env.RERUN_TS_REAL_VIEWER_PICTURE ?? join(folder, "picture.png");

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What tools/real_viewer.py tells. */
interface Seen {
  readonly opened: { readonly store_ids: readonly string[] };
  readonly schema: {
    readonly timelines: readonly {
      readonly name: string;
      readonly time_type: string;
      readonly start: number;
      readonly end: number;
    }[];
    readonly entities: readonly {
      readonly entity_path: string;
      readonly components: readonly { readonly component: string }[];
    }[];
  };
  readonly state: { readonly views: readonly { readonly view_class: string; readonly reports: readonly unknown[] }[] };
  readonly logs: readonly string[];
  readonly printed: readonly string[];
}

/** Something for every kind of view of the first version; the names are the entities'. */
async function logEverything(path: string): Promise<void> {
  const rec = new rr.RecordingStream("real_viewer");
  rec.save(path);
  rec.log("world", rr.ViewCoordinates.RIGHT_HAND_Z_UP, { static: true });
  rec.log(
    "/",
    new rr.AnnotationContext([
      [1, "one", [255, 0, 0]],
      [2, "two", [0, 255, 0]],
    ]),
    { static: true },
  );
  const [width, height] = [64, 48];
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7) % 256);
  const depth = Uint16Array.from({ length: width * height }, (_, i) => 500 + i);
  const classes = Uint8Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 1 : 2));
  for (let frame = 0; frame < 20; frame++) {
    rec.setTime("frame", { sequence: frame });
    rec.setTime("elapsed", { duration: frame / 10 });
    rec.log("world/points", new rr.Points3D(circle(200, frame / 10), { colors: [[255, 128, 0]], radii: 0.1 }));
    rec.log("world/arm", new rr.Transform3D({ translation: [Math.cos(frame / 10), Math.sin(frame / 10), 1] }));
    rec.log("plot/sine", new rr.Scalars(Math.sin(frame / 3)));
    rec.log("log", new rr.TextLog(`frame ${frame}`, { level: frame % 5 === 0 ? "WARN" : "INFO" }));
  }
  rec.log("world/arm/box", new rr.Boxes3D({ halfSizes: [[0.5, 0.3, 0.2]], labels: ["box"] }));
  const corners = [
    [0, 0, 0],
    [2, 0, 0],
    [0, 2, 0],
  ];
  rec.log("world/lines", new rr.LineStrips3D([corners]));
  rec.log("world/arrows", new rr.Arrows3D({ vectors: corners.slice(1) }));
  rec.log("world/mesh", new rr.Mesh3D({ vertexPositions: corners, triangleIndices: [[0, 1, 2]] }));
  rec.log("world/camera", new rr.Pinhole({ focalLength: 60, width, height }));
  rec.log("world/camera/image", new rr.Image({ data: pixels, shape: [height, width, 3] }));
  rec.log("world/camera/image/boxes", new rr.Boxes2D({ mins: [[10, 10]], sizes: [[20, 20]], classIds: [2] }));
  rec.log("world/camera/depth", new rr.DepthImage({ data: depth, shape: [height, width] }, { meter: 1000 }));
  rec.log("world/camera/classes", new rr.SegmentationImage({ data: classes, shape: [height, width] }));
  rec.log("world/camera/classes/points", new rr.Points2D([[30, 20]], { radii: 4 }));
  rec.log("world/camera/classes/lines", new rr.LineStrips2D([corners.map(([x, y]) => [(x ?? 0) * 10, (y ?? 0) * 10])]));
  rec.log("notes", new rr.TextDocument("# Title\n\nSome *text*.", { mediaType: rr.MediaType.MARKDOWN }));
  const times = [new rr.TimeColumn("frame", { sequence: Array.from({ length: 20 }, (_, i) => i) })];
  rec.sendColumns("plot/columns", times, rr.Scalars.columns({ scalars: Float64Array.from({ length: 20 }, (_, i) => i / 20) }));
  await rec.close();
}

const ENTITIES: readonly string[] = [
  "/",
  "/__properties",
  "/log",
  "/notes",
  "/plot/columns",
  "/plot/sine",
  "/world",
  "/world/arm",
  "/world/arm/box",
  "/world/arrows",
  "/world/camera",
  "/world/camera/classes",
  "/world/camera/classes/lines",
  "/world/camera/classes/points",
  "/world/camera/depth",
  "/world/camera/image",
  "/world/camera/image/boxes",
  "/world/lines",
  "/world/mesh",
  "/world/points",
];

function circle(count: number, phase: number): Float32Array {
  const positions = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    const angle = (i / count) * 2 * Math.PI + phase;
    positions.set([3 * Math.cos(angle), 3 * Math.sin(angle), i / count], i * 3);
  }
  return positions;
}

/** How many different colours the picture's middle has, where the views are. */
function colorsInTheMiddle(picture: Picture): number {
  const colors = new Set<number>();
  for (let y = Math.floor(picture.height * 0.1); y < picture.height * 0.7; y++) {
    for (let x = Math.floor(picture.width * 0.15); x < picture.width * 0.8; x++) {
      colors.add(picture.data.readUInt32BE((y * picture.width + x) * 4));
    }
  }
  return colors.size;
}

/** Has the real viewer open a recording, and draw it when there is a path for the picture. */
function openInViewer(recording: string, picture = ""): Seen {
  const tool = join(ROOT, "tests", "conformance", "tools", "real_viewer.py");
  const told = execFileSync(testPython(), [tool, vulkanFolder(), recording, picture], { encoding: "utf8", maxBuffer: 1 << 26 });
  return JSON.parse(told) as Seen;
}

/** What the viewer warns of, but for the machine that it runs on. */
function complaints({ logs, printed }: Seen): readonly string[] {
  const isComplaint = (line: string): boolean =>
    /\b(WARN|ERROR)\b/.test(line) &&
    !/Software rasterizer|welcome_screen|re_analytics|re_cloud|renderer|wgpu|tile\.openstreetmap/.test(line);
  return [...logs, ...printed].filter(isComplaint);
}

describe("the real viewer with a recording of ours", () => {
  let seen: Seen;

  beforeAll(async () => {
    const path = join(folder, "everything.rrd");
    await logEverything(path);
    seen = openInViewer(path, picturePath);
  });

  it("opens one recording with every entity", () => {
    expect(seen.opened.store_ids).toHaveLength(1);
    expect(seen.schema.entities.map((entity) => entity.entity_path).sort()).toEqual(ENTITIES);
    const points = seen.schema.entities.find((entity) => entity.entity_path === "/world/points");
    expect(points?.components.map(({ component }) => component)).toEqual([
      "Points3D:colors",
      "Points3D:positions",
      "Points3D:radii",
    ]);
  });

  it("finds the timelines with their kinds and ranges", () => {
    const ours = seen.schema.timelines.filter(({ name }) => !name.startsWith("log_"));
    expect(ours.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: "elapsed", time_type: "duration", start: 0, end: 1_900_000_000 },
      { name: "frame", time_type: "sequence", start: 0, end: 19 },
    ]);
  });

  it("has nothing to complain about", () => {
    expect(complaints(seen)).toEqual([]);
    expect(seen.state.views.flatMap((view) => view.reports)).toEqual([]);
  });

  it("makes a view of every kind and draws in them", () => {
    const classes = new Set(seen.state.views.map((view) => view.view_class));
    expect([...classes].sort()).toEqual(["2D", "3D", "TextDocument", "TextLog", "TimeSeries"]);
    expect(colorsInTheMiddle(readPng(readFileSync(picturePath)))).toBeGreaterThan(500);
  });
});

describe("the real viewer with a blueprint of ours", () => {
  let seen: Seen;

  beforeAll(async () => {
    const path = join(folder, "views.rrd");
    const rec = new rr.RecordingStream("real_viewer_views");
    const views = [blueprints.spatialViews(), blueprints.plotViews(), blueprints.otherViews()];
    rec.save(path, { defaultBlueprint: new rrb.Blueprint(new rrb.Vertical(views as rrb.ContainerLike[])) });
    rec.log("plot", new rr.Scalars(1));
    await rec.close();
    seen = openInViewer(path);
  });

  it("shows its views of all twelve classes, in order, and complains of nothing", () => {
    expect(seen.state.views.map((view) => view.view_class).sort()).toEqual([
      "2D",
      "3D",
      "3D",
      "Audio",
      "BarChart",
      "Dataframe",
      "Graph",
      "Map",
      "StateTimeline",
      "Tensor",
      "TextDocument",
      "TextLog",
      "TimeSeries",
    ]);
    expect(complaints(seen)).toEqual([]);
  });
});
