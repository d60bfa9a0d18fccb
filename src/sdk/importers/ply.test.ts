import fc from "fast-check";
import { expect, it } from "vitest";
import { makePly, type PlyFormat, type PlyRows } from "../../../tests/support/make-ply.js";
import { isRerunError, plainValues } from "../../core/index.js";
import { type AsComponents, instancesToArray } from "../../types/index.js";
import { archetypeOfPly } from "./ply.js";

const FORMATS: readonly PlyFormat[] = ["ascii", "binary_little_endian", "binary_big_endian"];
const XYZ = ["float x", "float y", "float z"];

/** All fields, and the warnings. */
function read(bytes: Uint8Array): { fields: Record<string, unknown>; warnings: string[] } {
  const warnings: string[] = [];
  const archetype: AsComponents = archetypeOfPly(bytes, ({ message }) => {
    warnings.push(message);
  });
  const entries = archetype.layouts.flatMap(({ descriptor, type }, i) => {
    const data = archetype.data[i];
    return data === undefined ? [] : [[descriptor.component, plainValues(instancesToArray(type, data))] as const];
  });
  return { fields: Object.fromEntries(entries), warnings };
}

const fieldsOf = (table: PlyRows, format: PlyFormat = "ascii"): Record<string, unknown> => read(makePly(format, [table])).fields;

function vertices(properties: readonly string[], ...rows: (number | readonly number[])[][]): PlyRows {
  return { element: "vertex", properties: [...XYZ, ...properties], rows: rows.map((row) => [1, 2, 3, ...row]) };
}

const text = (lines: string): Uint8Array => new TextEncoder().encode(lines);

it("points have positions, colours, radii and labels", () => {
  const table = vertices(
    ["uchar red", "uchar green", "uchar blue", "uchar alpha", "double radius", "list uchar uchar label"],
    [255, 1, 2, 3, 0.5, [72, 105]],
    [0, 0, 0, 255, 2, []],
  );
  for (const format of FORMATS) {
    expect(fieldsOf(table, format)).toEqual({
      "Points3D:colors": [0xff010203, 0x000000ff],
      "Points3D:labels": ["Hi", ""],
      "Points3D:positions": [
        [1, 2, 3],
        [1, 2, 3],
      ],
      "Points3D:radii": [0.5, 2],
    });
  }
});

it("without z the points are flat; without one of three colours there are none", () => {
  const table: PlyRows = {
    element: "vertex",
    properties: ["int x", "short y", "uchar red", "uchar green"],
    rows: [[-7, 8, 1, 2]],
  };
  expect(fieldsOf(table)).toEqual({ "Points2D:positions": [[-7, 8]] });
  expect(fieldsOf(vertices(["uchar red", "uchar green", "uchar blue"]))).toEqual({ "Points3D:positions": [] });
});

it.each<[string, readonly number[], number]>([
  ["char", [-1, 127, -128], 0xff7f80ff],
  ["short", [-1, 256, 70], 0xff0046ff],
  ["uint", [4294967295, 256, 70000], 0xff0070ff],
  ["double", [1.5, -1, 0.999], 0xff00feff],
  ["float", [0.5, 1, 0.25], 0x7fff3fff],
])("colours of type %s are taken as the real importer takes them", (type, color, expected) => {
  const table = vertices([`${type} red`, `${type} green`, `${type} blue`], [...color]);
  for (const format of FORMATS) expect(fieldsOf(table, format)["Points3D:colors"]).toEqual([expected]);
});

it("a file with faces is a mesh as it is; other elements and properties are named in a warning", () => {
  const face: PlyRows = { element: "face", properties: ["list uchar int vertex_indices"], rows: [[[0, 0, 0]]] };
  const mesh = makePly("ascii", [vertices([], []), face]);
  expect(read(mesh).fields).toEqual({ "Asset3D:blob": [Array.from(mesh)], "Asset3D:media_type": ["application/x-ply"] });
  const camera: PlyRows = { element: "camera", properties: ["float a", "list uchar int l"], rows: [[9, [1, 1]]] };
  for (const format of FORMATS) {
    const { fields, warnings } = read(makePly(format, [camera, vertices(["float nx"], [1]), { ...face, rows: [] }]));
    expect(fields).toEqual({ "Points3D:positions": [[1, 2, 3]] });
    expect(warnings).toEqual(["Ignored properties of the PLY file: nx", "Ignored elements of the PLY file: camera, face"]);
  }
});

const SPLAT = ["f_dc_0", "f_dc_1", "f_dc_2", "opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"];

it("trained splats are shown as splats: exponentials of scales, normalised rotations, opacities by the logistic function", () => {
  const table = vertices(
    ["float nx", "float ny", "float nz", ...SPLAT.map((name) => `float ${name}`)],
    [0, 0, 0, 0, 10, -10, 0, 0, -1, 200, 0, 0, 0, 2],
    [0, 0, 0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0],
  );
  for (const format of FORMATS) {
    const { fields, warnings } = read(makePly(format, [table]));
    expect(warnings).toEqual([]);
    expect(fields).toEqual({
      "GaussianSplats3D:centers": [
        [1, 2, 3],
        [1, 2, 3],
      ],
      "GaussianSplats3D:colors": [0x80ff0080, 0x808080ff],
      "GaussianSplats3D:quaternions": [
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ],
      "GaussianSplats3D:scales": [
        [1, Math.fround(Math.exp(-1)), Number.POSITIVE_INFINITY],
        [1, 1, 1],
      ],
    });
  }
});

it("spherical harmonics go from colour by colour to coefficient by coefficient, filled up with zeros", () => {
  const rest = (count: number): PlyRows => {
    const names = Array.from({ length: count }, (_, i) => `float f_rest_${i}`);
    return vertices([...SPLAT.map((name) => `float ${name}`), ...names], [...SPLAT.map(() => 0), ...names.map((_, i) => i)]);
  };
  const coefficients = (count: number): unknown => (fieldsOf(rest(count))["GaussianSplats3D:sh_coefficients"] as unknown[])[0];
  const zeros = (count: number): number[][] => Array.from({ length: count }, () => [0, 0, 0]);
  expect(coefficients(9)).toEqual([[0, 3, 6], [1, 4, 7], [2, 5, 8], ...zeros(12)]);
  expect(coefficients(45)).toEqual(Array.from({ length: 15 }, (_, i) => [i, 15 + i, 30 + i]));
  const { fields, warnings } = read(makePly("ascii", [rest(44)]));
  expect(fields).not.toHaveProperty("GaussianSplats3D:sh_coefficients");
  expect(warnings).toEqual([expect.stringContaining("expected a multiple of 3 properties f_rest_*, got 44")]);
});

it("a text file may have Windows line ends, blank lines, tabs, NaN and more rows than it says", () => {
  const file =
    "ply\r\nformat ascii 1.0\r\nelement vertex 2\r\nproperty float x\r\nproperty float y\r\nend_header\r\n\r\n1\t 2\r\nnan -inf \r\n5 6";
  const { fields } = read(text(file));
  expect(fields).toEqual({
    "Points2D:positions": [
      [1, 2],
      [Number.NaN, Number.NEGATIVE_INFINITY],
    ],
  });
});

const HEAD = "ply\nformat ascii 1.0\n";
const VERTEX = "property float x\nproperty float y\nend_header\n";

it.each([
  ["the PLY header", "plyx\n"],
  ["has no line with the format", `ply\nelement vertex 1\n${VERTEX}1 2\n`],
  ['line 2 of the PLY header: expected format ascii, binary_little_endian, binary_big_endian, got "format x"', "ply\nformat x\n"],
  ["line 3 of the PLY header: expected element <name> <count>", `${HEAD}element vertex -1\n`],
  ["line 3 of the PLY header: expected property", `${HEAD}property float x\n`],
  ["line 4 of the PLY header: expected property", `${HEAD}element vertex 1\nproperty half x\n`],
  ["has no end", `${HEAD}element vertex 1\n`],
  ['expected the element "vertex" in the PLY file, got "point"', `${HEAD}element point 1\n${VERTEX}1 2\n`],
  ["expected the properties x and y", `${HEAD}element vertex 1\nproperty float x\nend_header\n1\n`],
  ["line 7 of the PLY file: expected a number, got the end of the line", `${HEAD}element vertex 1\n${VERTEX}1\n`],
  ['line 7 of the PLY file: expected a number, got "foo"', `${HEAD}element vertex 1\n${VERTEX}foo 2\n`],
  ["ends before its last row", `${HEAD}element vertex 3\n${VERTEX}1 2\n1 2\n\n\n`],
  ["expected 4000000000 rows", `${HEAD}element vertex 4000000000\n${VERTEX}1 2\n`],
  ["ends before its last row", `${HEAD}element a 4000000000\nproperty float q\nelement vertex 1\n${VERTEX}1 2\n`],
])("a bad file is an error that says: %s", (message, file) => {
  expect(() => read(text(file))).toThrow(
    expect.objectContaining({ code: "CorruptFile", message: expect.stringContaining(message) }),
  );
});

it("a count that the bytes have no room for allocates nothing, and elements without properties cost nothing", () => {
  for (const format of FORMATS) {
    const list = `ply\nformat ${format} 1.0\nelement none 9007199254740991\nelement vertex 9007199254740991\nproperty list uchar int a\n${VERTEX}1 2 3`;
    expect(() => read(text(list))).toThrow(expect.objectContaining({ code: "CorruptFile" }));
  }
});

const cell = fc.double({ min: -1000, max: 1000, noNaN: true }).map((value) => Math.fround(value) + 0);

it("the three formats hold the same", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell, fc.nat(255), fc.array(fc.nat(65_535), { maxLength: 3 })), { maxLength: 8 }),
      (rows) => {
        const properties = ["float x", "float y", "float z", "uchar alpha", "list ushort ushort extra"];
        const [first, ...others] = FORMATS.map((format) => fieldsOf({ element: "vertex", properties, rows }, format));
        for (const other of others) expect(other).toEqual(first);
      },
    ),
  );
});

it("a file with any byte changed, or cut anywhere, gives a result or a clear error", () => {
  const face: PlyRows = { element: "face", properties: ["list uchar int vertex_indices"], rows: [] };
  const table = vertices(["uchar red", "uchar green", "uchar blue", "list uchar uchar label"], [1, 2, 3, [65]], [4, 5, 6, [66]]);
  const files = FORMATS.map((format) => makePly(format, [table, face]));
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(255), fc.boolean(), (file, at, byte, isCut) => {
      const place = at % file.length;
      const damaged = isCut ? file.slice(0, place) : file.slice();
      if (!isCut) damaged[place] = byte;
      try {
        read(damaged);
      } catch (error) {
        expect(isRerunError(error, "CorruptFile")).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
