/** The conveniences of the constructors: the same input gives what the Python SDK 0.41 logged (`tests/fixtures/types/conv`). */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { instanceValues } from "../../tests/support/instance-values.js";
import { type DumpedChunk, readDump, rowsOf, simplified } from "../../tests/support/types-dump.js";
import { setHost, setStrict } from "../core/index.js";
import type { AsComponents, ComponentColumn } from "./component-batch.js";
import * as rr from "./index.js";

const FOLDER = new URL("../../tests/fixtures/types/conv/", import.meta.url);
const BYTES = Uint8Array.from({ length: 48 }, (_, i) => i);
const TEXT = new TextEncoder();
const P2 = [
  [0, 0, 0],
  [1, 0, 0],
];
type Made = AsComponents | Iterable<ComponentColumn>;
type Case = readonly [entity: string, make: () => Made];

beforeAll(() => {
  setStrict(true);
  setHost({ readFile: () => TEXT.encode("abc") });
});
afterAll(() => {
  setStrict(false);
  setHost(undefined);
});
beforeEach(() => rr.resetAnyValueTypes());

function colored(colors: rr.Rgba32ArrayLike, positions: rr.VectorArrayLike = P2): () => Made {
  return () => new rr.Points3D(positions, { colors });
}

const COLORS: readonly Case[] = [
  ["/c/u32_one", colored(0xff8000ff)],
  ["/c/tuple_rgb", colored([255, 128, 0])],
  ["/c/tuple_rgba", colored([255, 128, 0, 7])],
  [
    "/c/list_of_tuples",
    colored([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  ],
  [
    "/c/list_of_rgba",
    colored([
      [1, 2, 3, 4],
      [4, 5, 6, 7],
    ]),
  ],
  ["/c/float_rgb", colored(rr.rgba(0, 0.5, 1))],
  ["/c/float_list", colored([rr.rgba(0.1, 0.2, 0.3), Float64Array.of(1, 0.25, 0.75)])],
  ["/c/float_rgba", colored([Float32Array.of(0.1, 0.2, 0.3, 0.4)])],
  ["/c/float_round", colored([rr.rgba(0.5, 0.001, 0.998), rr.rgba(0.502, 0.4999, 0.3333)])],
  ["/c/u32_array", colored(Uint32Array.of(0x11223344, 0xaabbccdd))],
  [
    "/c/u32_list5",
    colored(
      [0x01020304, 0x11121314, 0x21222324, 0x31323334, 0xffffffff],
      [0, 1, 2, 3, 4].map((x) => [x, 0, 0]),
    ),
  ],
  ["/c/u8_nx3", colored({ data: Uint8Array.of(1, 2, 3, 9, 8, 7), shape: [2, 3] })],
  ["/c/u8_flat8", colored(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))],
  ["/c/f32_nx4", colored(Float32Array.of(0, 0.25, 0.5, 1, 1, 1, 1, 0))],
  [
    "/c/mixed_len",
    colored([
      [1, 2, 3],
      [4, 5, 6, 7],
    ]),
  ],
  ["/c/rgba32_objs", colored([{ rgba: 0x01020304 }, [9, 8, 7]])],
  ["/c/color_objs", colored([[1, 2, 3], 0xff])],
  ["/c/empty", colored([])],
];

const A = [
  [10, 20, 30, 40],
  [1, 2, 3, 4],
];
const BOXES: readonly Case[] = [
  ...(["XYWH", "XYXY", "XCYCWH", "XCYCW2H2"] as const).map(
    (arrayFormat): Case => [`/b2/${arrayFormat}`, () => new rr.Boxes2D({ array: A, arrayFormat })],
  ),
  ["/b2/one", () => new rr.Boxes2D({ array: [1, 2, 3, 4], arrayFormat: "XYXY" })],
  [
    "/b2/minsize",
    () =>
      new rr.Boxes2D({
        mins: [
          [0, 1],
          [2, 3],
        ],
        sizes: [
          [4, 6],
          [8, 10],
        ],
        labels: ["a", "b"],
      }),
  ],
  [
    "/b2/half",
    () => new rr.Boxes2D({ halfSizes: [1, 2], centers: [5, 5], colors: 0xff00ffff, radii: 2, drawOrder: 9, classIds: [1] }),
  ],
  ["/b3/minsize", () => new rr.Boxes3D({ mins: [0, 1, 2], sizes: [4, 6, 8] })],
  ["/b3/sizes", () => new rr.Boxes3D({ sizes: [[1, 2, 3]], centers: [[0, 0, 1]], fillMode: "solid" })],
  [
    "/b3/quat",
    () =>
      new rr.Boxes3D({
        halfSizes: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        quaternions: [new rr.Quaternion({ xyzw: [0, 0, 0.5, 0.75] }), rr.Quaternion.identity()],
      }),
  ],
  [
    "/b3/axis",
    () => new rr.Boxes3D({ halfSizes: [1, 2, 3], rotationAxisAngles: [new rr.RotationAxisAngle([0, 0, 1], { degrees: 45 })] }),
  ],
  ["/b3/rot_auto_q", () => new rr.Boxes3D({ halfSizes: [1, 2, 3], rotations: new rr.Quaternion({ xyzw: [0, 0, 0, 1] }) })],
  [
    "/b3/rot_auto_a",
    () => new rr.Boxes3D({ halfSizes: [1, 2, 3], rotations: new rr.RotationAxisAngle([1, 0, 0], { radians: 0.5 }) }),
  ],
  [
    "/el/radii",
    () =>
      new rr.Ellipsoids3D({
        radii: [1, 2],
        centers: [
          [0, 0, 0],
          [1, 1, 1],
        ],
      }),
  ],
  ["/el/half", () => new rr.Ellipsoids3D({ halfSizes: [[1, 2, 3]], lineRadii: 0.25, fillMode: rr.FillMode.DenseWireframe })],
  ["/e2", () => new rr.Ellipses2D({ halfSizes: [[1, 2]], centers: [[3, 4]] })],
  [
    "/cap",
    () =>
      new rr.Capsules3D({
        lengths: [1, 2],
        radii: [0.5, 0.25],
        translations: [
          [0, 0, 0],
          [1, 0, 0],
        ],
      }),
  ],
  ["/cyl", () => new rr.Cylinders3D({ lengths: 1, radii: 2, centers: [1, 2, 3] })],
];

const XYZ = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
];
const T =
  (options: rr.Transform3DOptions): (() => Made) =>
  () =>
    new rr.Transform3D(options);
const TRANSFORMS: readonly Case[] = [
  ["/t/tr", T({ translation: [1, 2, 3] })],
  ["/t/quat", T({ quaternion: new rr.Quaternion({ xyzw: [0, 0, 0.6, 0.8] }) })],
  ["/t/quat_list", T({ quaternion: [0, 0, 1, 0] })],
  ["/t/rot_q", T({ rotation: new rr.Quaternion({ xyzw: [0.5, 0.5, 0.5, 0.5] }) })],
  ["/t/rot_aa_deg", T({ rotation: new rr.RotationAxisAngle([0, 1, 0], { degrees: 30 }) })],
  ["/t/rot_aa_rad", T({ rotationAxisAngle: { axis: [1, 1, 0], radians: Math.PI / 3 } })],
  ["/t/rot_angle", T({ rotation: new rr.RotationAxisAngle([0, 0, 1], { angle: new rr.Angle({ deg: 90 }) }) })],
  ["/t/scale_uni", T({ scale: 2 })],
  ["/t/scale_xyz", T({ scale: [1, 2, 3] })],
  ["/t/mat_rows", T({ mat3x3: XYZ })],
  ["/t/mat_rows", T({ mat3x3: { data: Float64Array.from(XYZ.flat()), shape: [3, 3] } as unknown as rr.MatrixLike })],
  ["/t/mat_rows", T({ mat3x3: XYZ.map((row) => Float32Array.from(row)) })],
  ["/t/mat_flat", T({ mat3x3: XYZ.flat() })],
  ["/t/mat_flat", T({ mat3x3: Float32Array.from(XYZ.flat()) })],
  ["/t/mat_cols", T({ mat3x3: { columns: XYZ } })],
  ["/t/rel", T({ translation: [1, 0, 0], relation: "ChildFromParent" })],
  ["/t/frames", T({ childFrame: "a", parentFrame: "b", translation: [0, 0, 1] })],
  ["/t/clear", () => rr.Transform3D.cleared()],
  ["/t/from_fields", () => rr.Transform3D.fromFields({ translation: [1, 2, 3] }, { clearUnset: true })],
  [
    "/i",
    () =>
      new rr.InstancePoses3D({
        translations: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        rotationAxisAngles: [
          { axis: [0, 0, 1], degrees: 10 },
          { axis: [0, 1, 0], degrees: 20 },
        ],
        scales: [
          [1, 1, 1],
          [2, 2, 2],
        ],
        mat3x3: [[1, 0, 0, 0, 1, 0, 0, 0, 1]],
      }),
  ],
  ["/ax", () => new rr.TransformAxes3D(1.5, { showFrame: true })],
  ["/cf", () => new rr.CoordinateFrame("base")],
  [
    "/cols",
    () =>
      rr.Transform3D.columns({
        translation: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        quaternion: [{ xyzw: [0, 0, 0, 1] }, { xyzw: [0, 0, 1, 0] }],
        scale: [
          [1, 1, 1],
          [2, 2, 2],
        ],
      }),
  ],
];

const DTYPES: readonly (readonly [string, (list: number[]) => rr.NdArray["data"]])[] = [
  ["uint8", (list) => Uint8Array.from(list)],
  ["uint16", (list) => Uint16Array.from(list)],
  ["uint32", (list) => Uint32Array.from(list)],
  ["uint64", (list) => BigUint64Array.from(list, BigInt)],
  ["int8", (list) => Int8Array.from(list)],
  ["int16", (list) => Int16Array.from(list)],
  ["int32", (list) => Int32Array.from(list)],
  ["int64", (list) => BigInt64Array.from(list, BigInt)],
  ["float16", (list) => rr.float16(list)],
  ["float32", (list) => Float32Array.from(list)],
  ["float64", (list) => Float64Array.from(list)],
];
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const RGB = { data: Uint8Array.from(range(18)), shape: [2, 3, 3] };

const IMAGES: readonly Case[] = [
  ...DTYPES.flatMap(([name, from]): readonly Case[] => [
    [`/l/${name}`, () => new rr.Image({ data: from(range(6)), shape: [2, 3] })],
    [`/rgb/${name}`, () => new rr.Image({ data: from(range(18)), shape: [2, 3, 3] })],
    [`/rgba/${name}`, () => new rr.Image({ data: from(range(24)), shape: [2, 3, 4] })],
  ]),
  [
    "/l/float64",
    () =>
      new rr.Image([
        [0, 1, 2],
        [3, 4, 5],
      ]),
  ],
  [
    "/l/int64",
    () =>
      new rr.Image([
        [0n, 1n, 2n],
        [3n, 4n, 5n],
      ]),
  ],
  [
    "/rgb/uint8",
    () =>
      new rr.Image([0, 9].map((row) => [0, 3, 6].map((pixel) => Uint8Array.of(row + pixel, row + pixel + 1, row + pixel + 2)))),
  ],
  ["/bgr", () => new rr.Image(RGB, { colorModel: "BGR" })],
  ["/bgra", () => new rr.Image({ data: Uint8Array.from(range(24)), shape: [2, 3, 4] }, { colorModel: rr.ColorModel.BGRA })],
  ["/leading1", () => new rr.Image({ data: RGB.data, shape: [1, 2, 3, 3] })],
  ["/trailing1", () => new rr.Image({ data: Uint8Array.from(range(6)), shape: [2, 3, 1] })],
  ...(Object.keys(rr.PixelFormat) as (keyof typeof rr.PixelFormat)[]).map(
    (pixelFormat): Case => [`/pf/${pixelFormat}`, () => new rr.Image({ bytes: BYTES, width: 4, height: 4, pixelFormat })],
  ),
  ["/bytes", () => new rr.Image({ bytes: BYTES.subarray(0, 12), width: 2, height: 2, colorModel: "RGB", datatype: "U8" })],
  ["/bytes16", () => new rr.Image({ bytes: range(8), width: 2, height: 2 }, { colorModel: "L", datatype: "u16" })],
  ["/opts", () => new rr.Image(RGB, { opacity: 0.5, drawOrder: -3, magnificationFilter: "Linear" })],
];

const EYE = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const MESHES: readonly Case[] = [
  [
    "/m/simple",
    () =>
      new rr.Mesh3D({
        vertexPositions: [
          [0, 0, 0],
          [1, 0, 0],
          [0, 1, 0],
        ],
      }),
  ],
  [
    "/m/full",
    () =>
      new rr.Mesh3D({
        vertexPositions: EYE,
        triangleIndices: [2, 1, 0],
        vertexNormals: [0, 0, 1],
        vertexColors: Uint32Array.of(0xff, 0xffff, 0xffffffff),
        vertexTexcoords: [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
        albedoTexture: { data: BYTES, shape: [4, 4, 3] },
        albedoFactor: rr.rgba(1, 0.5, 0.25, 1),
        faceRendering: "Front",
        classIds: [1],
      }),
  ],
  [
    "/m/rgba_tex",
    () => new rr.Mesh3D({ vertexPositions: new Float32Array(9), albedoTexture: { data: new Uint8Array(8), shape: [1, 2, 4] } }),
  ],
  ["/a3", () => new rr.Asset3D({ contents: TEXT.encode("glTF123"), mediaType: rr.MediaType.GLB, albedoFactor: [1, 2, 3] })],
  ["/a3n", () => new rr.Asset3D({ contents: [0, 1, 2, 3] })],
  ["/av", () => new rr.AssetVideo({ contents: TEXT.encode("mp4") })],
  ["/au", () => new rr.AssetAudio({ contents: TEXT.encode("RIFF").buffer as ArrayBuffer, mediaType: "audio/wav" })],
  ..."jpg jpeg png glb gltf obj ply stl mp4 aac flac m4a mp3 ogg opus wav bin PNG"
    .split(" ")
    .map((extension): Case => [`/path/${extension}`, () => new rr.Asset3D({ path: `/some.folder/f.${extension}` })]),
  ["/vfr/s", () => new rr.VideoFrameReference(undefined, { seconds: 1.5 })],
  ["/vfr/ns", () => new rr.VideoFrameReference(undefined, { nanoseconds: 123456789, videoReference: "av" })],
  ["/vfr/ts", () => new rr.VideoFrameReference(2_000_000_000n)],
  ["/vfr/cols", () => rr.VideoFrameReference.columnsNanos([0, 1_000_000_000])],
  ["/vfr/ms", () => rr.VideoFrameReference.columnsMillis([0, 40])],
  ["/vs2", () => new rr.VideoStream("AV1", { sample: TEXT.encode("xy") })],
  [
    "/grid",
    () =>
      new rr.GridMap({
        data: range(6),
        format: { width: 3, height: 2, colorModel: "L", channelDatatype: "U8" },
        cellSize: 0.05,
        translation: [1, 2, 3],
        colormap: "grayscale",
      }),
  ],
  [
    "/vox",
    () =>
      new rr.VoxelGridMap(
        [
          [0, 0, 0],
          [1, -2, 3],
        ],
        { voxelSize: [0.5, 0.5, 0.5], values: [1, 2] },
      ),
  ],
  ["/vol", () => new rr.Volume3D({ data: rr.float16(range(8)), shape: [2, 2, 2] }, { voxelSize: [1, 1, 2], gamma: 2 })],
  [
    "/gs",
    () =>
      new rr.GaussianSplats3D([[0, 0, 0]], {
        scales: [[1, 1, 1]],
        quaternions: [rr.Quaternion.identity()],
        colors: [[1, 2, 3]],
        shCoefficients: { data: rr.float16(range(45)), shape: [1, 45] },
        sphericalHarmonicsDegree: 3,
      }),
  ],
  [
    "/gs",
    () =>
      new rr.GaussianSplats3D([0, 0, 0], {
        scales: [1, 1, 1],
        quaternions: [0, 0, 0, 1],
        colors: 0x010203ff,
        shCoefficients: [range(15).map((i) => [i * 3, i * 3 + 1, i * 3 + 2])],
        sphericalHarmonicsDegree: 3,
      }),
  ],
  ["/kv", () => new rr.McapChannel({ id: 1, topic: "/t", messageEncoding: "cdr", metadata: { a: "b", c: "d" } })],
  [
    "/mst",
    () =>
      new rr.McapStatistics({
        messageCount: 1,
        schemaCount: 2,
        channelCount: 3n,
        attachmentCount: 0,
        metadataCount: 0,
        chunkCount: 4,
        messageStartTime: 5,
        messageEndTime: 6n,
      }),
  ],
];

const TENSORS: readonly Case[] = [
  ...DTYPES.map(
    ([name, from]): Case => [
      `/t/${name}`,
      () => new rr.Tensor({ data: from(range(24)), shape: [2, 3, 4] }, { dimNames: ["a", "b", "c"] }),
    ],
  ),
  ["/noname", () => new rr.Tensor(Float64Array.from(range(6)))],
  ["/noname", () => new rr.Tensor(range(6))],
  [
    "/range",
    () =>
      new rr.Tensor(
        [
          [0n, 1n],
          [2n, 3n],
          [4n, 5n],
        ],
        { valueRange: [0, 10] },
      ),
  ],
  [
    "/list",
    () =>
      new rr.Tensor([
        [1n, 2n],
        [3n, 4n],
      ]),
  ],
  ["/tdata", () => new rr.Tensor({ shape: [2, 2], names: ["x", "y"], buffer: Float32Array.of(1, 1, 1, 1) })],
  ["/bar/f", () => new rr.BarChart([1.5, 2, 3], { color: [1, 2, 3] })],
  ["/bar/i", () => new rr.BarChart([8n, 4n, 0n], { abscissa: [1n, 2n, 5n], widths: 0.5 })],
  ["/bar/u8", () => new rr.BarChart(Uint8Array.from(range(5)), { widths: [1, 2, 3, 4, 5] })],
];

const TEXTS: readonly Case[] = [
  ["/doc", () => new rr.TextDocument("plain")],
  ["/md", () => new rr.TextDocument("# hi", { mediaType: rr.MediaType.MARKDOWN })],
  ["/log", () => new rr.TextLog("m CRITICAL", { level: rr.TextLogLevel.CRITICAL })],
  [
    "/g/n",
    () =>
      new rr.GraphNodes(["a", "b", "c"], {
        positions: [
          [0, 0],
          [1, 1],
          [2, 2],
        ],
        labels: ["A", "B", "C"],
        colors: [1, 2, 3],
        radii: 5,
      }),
  ],
  [
    "/g/e",
    () =>
      new rr.GraphEdges(
        [
          ["a", "b"],
          ["b", "c"],
        ],
        { graphType: "directed" },
      ),
  ],
  ["/g/u", () => new rr.GraphEdges([{ first: "a", second: "b" }], { graphType: rr.GraphType.Undirected })],
  ["/g/one", () => new rr.GraphEdges([["x", "y"]])],
  ["/g/one", () => new rr.GraphEdges(["x", "y"])],
  ["/st", () => new rr.StateChange({ state: "open" })],
  ["/st2", () => new rr.StateChange({ state: ["a", "b"] })],
  [
    "/stc",
    () =>
      new rr.StateConfiguration({
        values: ["open", "closed"],
        labels: ["Open", "Closed"],
        colors: [0x00ff00ff, 0xff0000ff],
        visible: [true, false],
      }),
  ],
  ["/cl", () => new rr.Clear({ recursive: true })],
  ["/cl2", () => rr.Clear.flat()],
  ["/cl3", () => rr.Clear.recursive()],
  ["/sl", () => new rr.SeriesLines({ colors: [255, 0, 0], names: "n", widths: 2 })],
  [
    "/sl2",
    () =>
      new rr.SeriesLines({
        colors: [
          [255, 0, 0],
          [0, 255, 0],
        ],
        names: ["a", "b"],
        widths: [1, 2],
        aggregationPolicy: "Average",
        visibleSeries: [true, false],
        interpolationMode: "StepAfter",
      }),
  ],
  ["/sp", () => new rr.SeriesPoints()],
  ["/sp2", () => new rr.SeriesPoints({ markers: "cross", markerSizes: 4, names: ["x"] })],
  ["/sp3", () => new rr.SeriesPoints({ markers: ["circle", "Asterisk"], colors: [0xff, 0xffff] })],
  ["/sc", () => new rr.Scalars(1)],
  ["/sc2", () => new rr.Scalars([1, 2.5, -3])],
  ["/ms", () => new rr.Measurements([1, 2], { variances: [0.5, 0], units: "Pa" })],
];

const ANY: readonly Case[] = [
  ["/i", () => new rr.AnyValues({ v: 3n })],
  ["/f", () => new rr.AnyValues({ w: 3.5 })],
  ["/s", () => new rr.AnyValues({ x: "text" })],
  ["/b", () => new rr.AnyValues({ y: true })],
  ["/li", () => new rr.AnyValues({ li: [1n, 2n, 3n] })],
  ["/lf", () => new rr.AnyValues({ lf: [1.5, 2] })],
  ["/ls", () => new rr.AnyValues({ ls: ["a", "b"] })],
  ["/np32", () => new rr.AnyValues({ np32: Float32Array.of(1, 2) })],
  ["/nested", () => new rr.AnyValues({ nested: [[1n, 2n], [3n]] })],
  ["/bytes", () => new rr.AnyValues({ by: TEXT.encode("ab") })],
  ["/none", () => new rr.AnyValues({ a: 1n, n: null })],
  ["/multi", () => new rr.AnyValues({ r: [0.5], q: "z", p: 1n })],
  ["/comp", () => new rr.AnyValues({ col: rr.describedBatch(rr.components.Color, [1, 2]) })],
  ["/dict", () => new rr.AnyValues({ d: [{ a: 1n, b: "x" }] })],
  ["/boollist", () => new rr.AnyValues({ bl: [true, false] })],
  [
    "/np2d",
    () =>
      new rr.AnyValues({
        n2: [
          [0n, 1n],
          [2n, 3n],
        ],
      }),
  ],
  [
    "/dyn",
    () =>
      new rr.DynamicArchetype("MyArch", { components: { home: "https://x", num: [1n, 2n] } })
        .withComponentOverride("conf", "rerun.components.Scalar", [1.2, 3.4])
        .withComponentFromData("foo", [true]),
  ],
  ["/ov", () => new rr.AnyValues({ z: 1n }).withComponentOverride("desc", "rerun.components.Text", "bla")],
  ["/cols", () => rr.AnyValues.columns({ a: [1n, 2n, 3n], b: ["x", "y", "z"], c: [[1, 2], [3], []] })],
  ["/dcols", () => rr.DynamicArchetype.columns("Arch", { components: { q: [0n, 1n] } })],
];

describe.each([
  ["conv_colors.jsonl", COLORS],
  ["conv_boxes.jsonl", BOXES],
  ["conv_transforms.jsonl", TRANSFORMS],
  ["conv_images.jsonl.gz", IMAGES],
  ["conv_mesh_asset.jsonl.gz", MESHES],
  ["conv_tensors.jsonl", TENSORS],
  ["conv_text_graph_state.jsonl", TEXTS],
  ["conv_anyvalues.jsonl", ANY],
] as const)("%s", (file, cases) => {
  const byEntity = new Map<string, DumpedChunk>();
  for (const chunk of readDump(new URL(file, FOLDER))) if (!byEntity.has(chunk.entity)) byEntity.set(chunk.entity, chunk);

  test.each(cases)("%s is what Python logs", (entity, make) => {
    const expected = byEntity.get(entity)?.components.map(({ component, archetype, component_type, values }) => {
      return { component, archetype, component_type, values: simplified(values) };
    });
    expect(dumped(make()).sort((a, b) => (a.component < b.component ? -1 : 1))).toEqual(expected);
  });
});

function dumped(made: Made): { readonly component: string }[] {
  const columns: ComponentColumn[] = [];
  if ("layouts" in made) {
    for (const [i, layout] of made.layouts.entries()) {
      const data = made.data[i];
      if (data !== undefined) columns.push({ layout, data, lengths: [rr.countInstances(layout.type, data)] });
    }
  } else columns.push(...made);
  return columns.map(({ layout, data, lengths }) => {
    const values = instanceValues(layout.type, data);
    const rows = rowsOf(values, lengths);
    const { component, archetype, componentType } = layout.descriptor;
    return { component, archetype: archetype ?? null, component_type: componentType ?? null, values: simplified(rows) };
  });
}
