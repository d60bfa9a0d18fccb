import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isRerunError, resetWarnings, setStrict } from "../core/index.js";
import type { AsComponents } from "./component-batch.js";
import * as rr from "./index.js";

// Input that the type checker refuses as well, where a test needs it.
const wrong = (value: unknown): never => value as never;
const P = [1, 2, 3];
const COLOR = "expected a colour";

let warnings: string[] = [];
beforeEach(() => {
  resetWarnings();
  rr.resetAnyValueTypes();
  warnings = [];
  vi.spyOn(console, "warn").mockImplementation((text: string) => void warnings.push(text));
});
afterEach(() => {
  setStrict(false);
  vi.restoreAllMocks();
});

type Case = readonly [rule: string, make: () => AsComponents, component: string, message: string];

const FIELDS: readonly Case[] = [
  [
    "a flat list that is no multiple of the width",
    () => new rr.Points3D([1, 2, 3, 4, 5]),
    "Points3D:positions",
    "Points3D.positions: expected numbers in groups of 3 (flat, or a list of lists of 3), got a flat list of 5",
  ],
  [
    "a typed array that is no multiple of the width",
    () => new rr.Points3D(new Float32Array(4)),
    "Points3D:positions",
    "got a flat Float32Array of 4",
  ],
  [
    "points of another width",
    () =>
      new rr.Points3D([
        [1, 2, 3],
        [4, 5, 6, 7],
      ]),
    "Points3D:positions",
    "got a list of 4 at index 1",
  ],
  ["a text for numbers", () => new rr.Points3D(wrong("abc")), "Points3D:positions", 'got the string "abc"'],
  ["a text among numbers", () => new rr.Points3D(wrong([1, "2", 3])), "Points3D:positions", 'got the string "2" at index 1'],
  [
    "null among numbers",
    () =>
      new rr.Points3D(
        wrong([
          [1, 2, 3],
          [1, null, 3],
        ]),
      ),
    "Points3D:positions",
    "got null at index 1, element 1",
  ],
  ["null among points", () => new rr.Points3D(wrong([[1, 2, 3], null])), "Points3D:positions", "got null at index 1"],
  [
    "a shape that does not fit the data",
    () => new rr.Points3D({ data: new Float32Array(6), shape: [3, 3] }),
    "Points3D:positions",
    "expected 9 elements for shape [3, 3], got 6",
  ],
  [
    "a shape of another width",
    () => new rr.Points3D({ data: new Float32Array(6), shape: [3, 2] }),
    "Points3D:positions",
    "got an array of shape [3, 2]",
  ],
  [
    "a negative class id",
    () => new rr.Points3D(P, { classIds: -1 }),
    "Points3D:class_ids",
    "Points3D.classIds: expected a whole number 0..65535, got number -1",
  ],
  [
    "a class id that is too large",
    () => new rr.Points3D(P, { classIds: [1, 70000] }),
    "Points3D:class_ids",
    "expected whole numbers 0..65535, got number 70000 at index 1",
  ],
  [
    "a class id that is no whole number",
    () => new rr.Points3D(P, { classIds: Float32Array.of(1.5) }),
    "Points3D:class_ids",
    "got number 1.5 at index 0",
  ],
  [
    "class ids in a typed array that are out of range",
    () => new rr.Points3D(P, { classIds: Int32Array.of(3, -2) }),
    "Points3D:class_ids",
    "got number -2 at index 1",
  ],
  ["radii as text", () => new rr.Points3D(P, { radii: wrong("big") }), "Points3D:radii", "Points3D.radii: expected numbers"],
  ["radii as lists", () => new rr.Points3D(P, { radii: wrong([[1], [2]]) }), "Points3D:radii", "got a list of lists"],
  [
    "labels that are no texts",
    () => new rr.Points3D(P, { labels: wrong([{}]) }),
    "Points3D:labels",
    "Points3D.labels: expected a text or a list of texts, got an object with no members at index 0",
  ],
  [
    "a flag that is no boolean",
    () => new rr.Points3D(P, { showLabels: wrong("no") }),
    "Points3D:show_labels",
    'expected true or false, or a list of them, got the string "no"',
  ],
  [
    "an unknown enum name",
    () => new rr.Points3D(P, { pointShading: wrong("nope") }),
    "Points3D:point_shading",
    'expected one of Gradient, Flat, got the string "nope"',
  ],
  [
    "an unknown enum number",
    () => new rr.Points3D(P, { pointShading: 99 }),
    "Points3D:point_shading",
    "expected one of Gradient, Flat, got number 99",
  ],
  ["a colour by name", () => new rr.Points3D(P, { colors: wrong("red") }), "Points3D:colors", COLOR],
  [
    "a negative colour",
    () => new rr.Points3D(P, { colors: -1 }),
    "Points3D:colors",
    "expected a colour as a whole number 0..0xFFFFFFFF, got number -1",
  ],
  ["a colour beyond 32 bits", () => new rr.Points3D(P, { colors: 2 ** 32 }), "Points3D:colors", "0..0xFFFFFFFF"],
  [
    "a colour of two parts",
    () => new rr.Points3D(P, { colors: [[1, 2]] }),
    "Points3D:colors",
    "expected three or four parts of a colour, got 2",
  ],
  [
    "a part beyond 255",
    () => new rr.Points3D(P, { colors: [[300, 2, 3]] }),
    "Points3D:colors",
    "expected parts of a colour as whole numbers 0..255, got number 300",
  ],
  [
    "parts 0..1 as plain numbers",
    () => new rr.Points3D(P, { colors: [0.5, 0, 1] }),
    "Points3D:colors",
    "parts 0..1 are told by rgba(…) or a Float32Array",
  ],
  [
    "floats in other rows than four",
    () => new rr.Points3D(P, { colors: new Float32Array(5) }),
    "Points3D:colors",
    "expected rows of four parts in a flat Float32Array, got 5 elements",
  ],
  [
    "a translation of two numbers",
    () => new rr.Transform3D({ translation: [1, 2] }),
    "Transform3D:translation",
    "Transform3D.translation: expected numbers in groups of 3",
  ],
  [
    "a quaternion of three numbers",
    () => new rr.Transform3D({ quaternion: [1, 2, 3] }),
    "Transform3D:quaternion",
    "Transform3D.quaternion: expected numbers in groups of 4",
  ],
  [
    "a matrix of eight numbers",
    () => new rr.Transform3D({ mat3x3: [1, 2, 3, 4, 5, 6, 7, 8] }),
    "Transform3D:mat3x3",
    "Transform3D.mat3x3",
  ],
  [
    "a matrix with a short row",
    () =>
      new rr.Transform3D({
        mat3x3: [
          [1, 2, 3],
          [4, 5],
          [7, 8, 9],
        ],
      }),
    "Transform3D:mat3x3",
    "expected 3 rows of 3 numbers, or 9 numbers row by row, got an array of 2 at index 1",
  ],
  [
    "two angles",
    () => new rr.Transform3D({ rotationAxisAngle: wrong({ axis: P, radians: 1, degrees: 2 }) }),
    "Transform3D:rotation_axis_angle",
    "expected exactly one of angle, radians, degrees, got 2",
  ],
  [
    "an axis of two numbers",
    () => new rr.Transform3D({ rotationAxisAngle: { axis: [1, 0], radians: 1 } }),
    "Transform3D:rotation_axis_angle",
    "expected an axis [x, y, z]",
  ],
  ["a direction beyond 6", () => new rr.ViewCoordinates([9, 1, 6]), "ViewCoordinates:xyz", "expected directions 1..6"],
  [
    "triangles of two indices",
    () => new rr.Mesh3D({ vertexPositions: P, triangleIndices: [0, 1] }),
    "Mesh3D:triangle_indices",
    "in groups of 3",
  ],
  [
    "a negative index",
    () => new rr.Mesh3D({ vertexPositions: P, triangleIndices: [0, 1, -1] }),
    "Mesh3D:triangle_indices",
    "got number -1 at index 2",
  ],
  [
    "a strip of flat numbers",
    () => new rr.LineStrips3D(wrong([1, 2, 3, 4, 5, 6])),
    "LineStrips3D:strips",
    "got a flat list of 6",
  ],
  [
    "a strip of points of another width",
    () =>
      new rr.LineStrips3D([
        [1, 2],
        [3, 4],
      ]),
    "LineStrips3D:strips",
    "LineStrips3D.strips: expected numbers in groups of 3",
  ],
  [
    "a 64-bit integer that a number does not hold",
    () => rr.RecordingInfo.fromFields({ startTime: 2 ** 53 }),
    "RecordingInfo:start_time",
    "(a bigint where it is beyond 2^53), got number 9007199254740992",
  ],
  [
    "a bigint beyond 64 bits",
    () => rr.RecordingInfo.fromFields({ startTime: 2n ** 63n }),
    "RecordingInfo:start_time",
    "expected a 64-bit whole number, got bigint 9223372036854775808n",
  ],
  [
    "a negative count",
    () => rr.McapStatistics.fromFields({ messageCount: -1 }),
    "McapStatistics:message_count",
    "expected an unsigned 64-bit whole number, got number -1",
  ],
  [
    "a class without id",
    () => new rr.AnnotationContext(wrong([{ label: "a" }])),
    "AnnotationContext:context",
    "AnnotationContext.context",
  ],
  [
    "an edge of three nodes",
    () => new rr.GraphEdges(wrong([["a", "b", "c"]])),
    "GraphEdges:edges",
    "GraphEdges.edges: expected an object with first",
  ],
  ["bytes beyond 255", () => new rr.McapMessage([1, 256]), "McapMessage:data", "expected bytes 0..255, got number 256 at [1]"],
  [
    "ragged numbers for a tensor",
    () => new rr.Tensor([[1, 2], [3]]),
    "Tensor:data",
    "Tensor.data: expected lists of 2 in dimension 1, got an array of 1",
  ],
  ["numbers and bigints in a tensor", () => new rr.Tensor([1, 2n]), "Tensor:data", "expected numbers only, got bigint 2n"],
];

describe("bad data of a field", () => {
  test.each(FIELDS)("%s: warns once and leaves the field empty", (_, make, component, message) => {
    const made = make();
    make();

    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(message);
    expect(dataOf(made, component)).toEqual([]);
  });

  test.each(FIELDS)("%s: throws in strict mode", (_, make, _component, message) => {
    setStrict(true);

    expect(errorOf(make)).toContain(message);
    expect(warnings).toEqual([]);
  });

  test("a loop over different bad values warns once", () => {
    for (let i = 1; i <= 50; i++) new rr.Points3D(P, { classIds: -i });

    expect(warnings).toHaveLength(1);
  });

  test("leaves the other fields as they are", () => {
    const made = new rr.Points3D(P, { classIds: -1, radii: 2 });

    expect(dataOf(made, "Points3D:positions")).toEqual(P);
    expect(dataOf(made, "Points3D:radii")).toBe(2);
  });
});

const NOTHING: readonly (readonly [rule: string, make: () => AsComponents, message: string])[] = [
  [
    "two rotations",
    () => new rr.Transform3D({ translation: P, rotation: rr.Quaternion.identity(), quaternion: [0, 0, 0, 1] }),
    "Transform3D.rotation",
  ],
  ["a rotation of unknown kind", () => new rr.Transform3D({ rotation: wrong([0, 0, 0, 1]) }), "Transform3D.rotation"],
  ["boxes from an array without format", () => new rr.Boxes2D({ array: [1, 2, 3, 4] }), "Boxes2D.arrayFormat"],
  [
    "boxes from an array and sizes",
    () => new rr.Boxes2D({ array: [1, 2, 3, 4], arrayFormat: "XYWH", sizes: [1, 1] }),
    "got sizes as well",
  ],
  [
    "a camera without any size",
    () => new rr.Pinhole(),
    "Pinhole: expected imageFromCamera, focalLength, or fovY and aspectRatio, got none",
  ],
  [
    "a focal length without a size",
    () => new rr.Pinhole({ focalLength: 100 }),
    "expected principalPoint, resolution, or width and height",
  ],
  ["an image without path and contents", () => new rr.EncodedImage({}), "expected exactly one of path and contents, got none"],
  ["contents without media type", () => new rr.EncodedImage({ contents: [1] }), "EncodedImage.mediaType"],
  ["a path where files cannot be read", () => new rr.Asset3D({ path: "/a.glb" }), "files cannot be read here"],
  ["a video frame without time", () => new rr.VideoFrameReference(), "got 0"],
  ["a video frame with two times", () => new rr.VideoFrameReference(1n, { seconds: 1 }), "got 2"],
];

describe("arguments that exclude each other", () => {
  test.each(NOTHING)("%s: warns once and logs nothing", (_, make, message) => {
    const made = make();
    make();

    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(message);
    expect(made.data.every((data) => data === undefined)).toBe(true);
  });

  test.each(NOTHING)("%s: throws in strict mode", (_, make, message) => {
    setStrict(true);

    expect(errorOf(make)).toContain(message);
  });

  test.each([
    ["sizes and half sizes", () => new rr.Boxes3D({ sizes: P, halfSizes: P }), "Boxes3D:half_sizes", [0.5, 1, 1.5]],
    ["mins without sizes", () => new rr.Boxes3D({ mins: P }), "Boxes3D:centers", [2, 3, 4]],
    ["mins and centres", () => new rr.Boxes3D({ mins: P, sizes: [1, 1, 1], centers: P }), "Boxes3D:centers", [1.5, 2.5, 3.5]],
    [
      "matrix and focal length",
      () => new rr.Pinhole({ imageFromCamera: [1, 0, 0, 0, 1, 0, 0, 0, 1], focalLength: 3 }),
      "Pinhole:image_from_camera",
      [1, 0, 0, 0, 1, 0, 0, 0, 1],
    ],
    ["no focal length", () => new rr.Pinhole({ resolution: [4, 9] }), "Pinhole:image_from_camera", [6, 0, 0, 0, 6, 0, 2, 4.5, 1]],
    ["three packed colours in a plain list", () => new rr.Points3D(P, { colors: [300, 0, 0] }), "Points3D:colors", [300, 0, 0]],
  ] as readonly (readonly [string, () => AsComponents, string, readonly number[]])[])(
    "%s: warns and goes on",
    (_, make, component, expected) => {
      const made = make();

      expect(warnings).toHaveLength(1);
      expect(Array.from(dataOf(made, component) as ArrayLike<number>)).toEqual(expected);
    },
  );
});

describe("always thrown", () => {
  test.each([
    [
      "an image of one dimension",
      () => new rr.Image({ data: new Uint8Array(5), shape: [5] }),
      "Image: expected shape [height, width] or [height, width, channels], got [5]",
    ],
    ["an image of four dimensions", () => new rr.Image({ data: new Uint8Array(16), shape: [2, 2, 2, 2] }), "got [2, 2, 2, 2]"],
    [
      "an image of wrong length",
      () => new rr.Image({ data: new Uint8Array(5), shape: [2, 3] }),
      "Image: expected 6 elements for shape [2, 3], got 5",
    ],
    ["no image", () => new rr.Image(undefined), "expected pixels or bytes, got none"],
    ["bytes without size", () => new rr.Image(wrong({ bytes: [1] })), "Image.width"],
    [
      "bytes without format",
      () => new rr.Image({ bytes: [1], width: 1, height: 1 }),
      "expected pixelFormat, or colorModel and datatype",
    ],
    [
      "bytes with two formats",
      () => new rr.Image({ bytes: [1], width: 1, height: 1, pixelFormat: "NV12", colorModel: "L" }),
      "got both",
    ],
    [
      "an unknown colour model",
      () => new rr.Image({ data: new Uint8Array(4), shape: [2, 2] }, { colorModel: wrong("XX") }),
      "Image.colorModel: expected one of L, RGB",
    ],
    [
      "a depth image of three channels",
      () => new rr.DepthImage({ data: new Float32Array(12), shape: [2, 2, 3] }),
      "DepthImage: expected shape [height, width], got [2, 2, 3]",
    ],
    [
      "a segmentation image of one dimension",
      () => new rr.SegmentationImage(new Uint8Array(3)),
      "SegmentationImage: expected shape [height, width], got [3]",
    ],
    ["a clear without kind", () => new rr.Clear(wrong(undefined)), "Clear.recursive"],
    ["a quaternion of three numbers", () => new rr.Quaternion({ xyzw: [0, 0, 1] }), "Quaternion.xyzw: expected four numbers"],
    ["an axis without angle", () => new rr.RotationAxisAngle(P, wrong({})), "RotationAxisAngle: expected exactly one of angle"],
  ] as readonly (readonly [string, () => unknown, string])[])("%s", (_, make, message) => {
    expect(errorOf(make)).toContain(message);
    expect(warnings).toEqual([]);
  });
});

describe("columns", () => {
  test("a partition that does not add up leaves the column out", () => {
    const columns = rr.Points3D.columns({ positions: new Float32Array(9), radii: [1, 2] }).partition([2, 1]);

    expect([...columns].map((column) => column.layout.descriptor.component)).toEqual(["Points3D:positions"]);
    expect(warnings[0]).toContain("Points3D:radii: expected 3 instances for partition lengths that add up to 3, got 2");
  });

  test("lengths must be whole numbers", () => {
    expect([...rr.Scalars.columns({ scalars: [1, 2] }).partition([3, -1])]).toEqual([]);
    expect(warnings[0]).toContain("partition: expected lengths of whole numbers, 0 or more, got -1");
  });
});

describe("any values", () => {
  test("the first value of a name decides its type", () => {
    new rr.AnyValues({ v: 3n });
    const made = new rr.AnyValues({ v: 1.5, w: 1 });

    expect(made.layouts.map((layout) => layout.descriptor.component)).toEqual(["w"]);
    expect(warnings[0]).toContain("AnyValues.v: expected a 64-bit whole number");
  });

  test("an empty list has no type of its own, but takes one it had", () => {
    expect(new rr.AnyValues({ v: [] }).layouts).toEqual([]);
    new rr.AnyValues({ v: [1] });
    expect(new rr.AnyValues({ v: [] }).data).toEqual([[]]);
  });

  test("functions and symbols are no values", () => {
    setStrict(true);
    expect(errorOf(() => new rr.AnyValues({ f: wrong(() => 1) }))).toContain("AnyValues.f: expected numbers, texts");
  });
});

test("NaN and infinities are numbers like others", () => {
  setStrict(true);
  const made = new rr.Scalars([Number.NaN, Number.POSITIVE_INFINITY]);

  expect(dataOf(made, "Scalars:scalars")).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
});

function dataOf({ layouts, data }: AsComponents, component: string): unknown {
  return data[layouts.findIndex((layout) => layout.descriptor.component === component)];
}

function errorOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    expect(isRerunError(error, "InvalidArgument")).toBe(true);
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}
