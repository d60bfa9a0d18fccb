import { RerunError, type WarningReporter } from "../../core/index.js";
import { type AsComponents, Asset3D, GaussianSplats3D, Points2D, Points3D } from "../../types/index.js";
import { parsePlyHeader } from "./ply-header.js";
import { type PlyColumn, type PlyTable, readPlyTable } from "./ply-table.js";

const MEDIA_TYPE = "application/x-ply";
const SPLAT_PROPERTIES = [
  ...["f_dc_0", "f_dc_1", "f_dc_2", "opacity", "scale_0", "scale_1", "scale_2"],
  ...["rot_0", "rot_1", "rot_2", "rot_3"],
] as const;
const POINT_PROPERTIES = ["x", "y", "z", "red", "green", "blue", "alpha", "radius", "label"] as const;
/** Spherical harmonics of degrees 1 to 3: so many coefficients for each colour. */
const NUM_COEFFICIENTS = 15;
const SH_C0 = Math.fround(0.28209479177387814);

/**
 * A PLY file as Rerun shows it: Gaussian splats when it has what these need, a mesh as it is when it has faces, else points.
 *
 * @throws RerunError `CorruptFile`
 */
export function archetypeOfPly(bytes: Uint8Array, warn: WarningReporter): AsComponents {
  const header = parsePlyHeader(bytes);
  if (header.elements.some(({ name, count }) => name === "face" && count > 0)) {
    return new Asset3D({ contents: bytes, mediaType: MEDIA_TYPE });
  }
  const vertex = header.elements.find(({ name }) => name === "vertex");
  const properties = vertex?.properties ?? [];
  const names = new Set(properties.filter(({ countType }) => countType === undefined).map(({ name }) => name));
  const isSplats = ["x", "y", "z", ...SPLAT_PROPERTIES].every((name) => names.has(name));
  const rest = isSplats ? restNames(names) : [];
  const wanted = new Set<string>(isSplats ? ["x", "y", "z", ...SPLAT_PROPERTIES, ...rest] : POINT_PROPERTIES);
  const table = readPlyTable(bytes, header, "vertex", wanted);
  const ignored = properties.map(({ name }) => name).filter((name) => !wanted.has(name) && !(isSplats && /^n[xyz]$/.test(name)));
  if (ignored.length > 0) warn({ code: "InvalidData", message: `Ignored properties of the PLY file: ${ignored.join(", ")}` });
  const others = header.elements.filter(({ name }) => name !== "vertex").map(({ name }) => name);
  if (others.length > 0) warn({ code: "InvalidData", message: `Ignored elements of the PLY file: ${others.join(", ")}` });
  return isSplats ? splatsOf(table, rest, warn) : pointsOf(table, [...names]);
}

function pointsOf({ numbers, lists }: PlyTable, names: readonly string[]): AsComponents {
  const [x, y, z] = ["x", "y", "z"].map((name) => numbers.get(name)?.values);
  if (x === undefined || y === undefined) {
    throw new RerunError("CorruptFile", `expected the properties x and y in a PLY file, got ${names.join(", ") || "none"}`);
  }
  const radius = numbers.get("radius");
  const labels = lists.get("label")?.map((letters) => new TextDecoder().decode(Uint8Array.from(letters)));
  const colors = colorsOf(numbers);
  const options = {
    ...(colors === undefined ? {} : { colors }),
    ...(radius === undefined ? {} : { radii: Float32Array.from(radius.values) }),
    ...(labels === undefined ? {} : { labels }),
  };
  const given = x.length === 0 ? {} : options;
  return z === undefined ? new Points2D(interleaved([x, y]), given) : new Points3D(interleaved([x, y, z]), given);
}

/** Packed colours; only when all three are there. */
function colorsOf(numbers: PlyTable["numbers"]): Uint32Array | undefined {
  const [red, green, blue] = ["red", "green", "blue"].map((name) => numbers.get(name));
  const alpha = numbers.get("alpha");
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  const colors = new Uint32Array(red.values.length);
  for (let row = 0; row < colors.length; row++) {
    const opaque = alpha === undefined ? 255 : channelOf(alpha, row);
    colors[row] = (channelOf(red, row) << 24) | (channelOf(green, row) << 16) | (channelOf(blue, row) << 8) | opaque;
  }
  return colors;
}

/** 0..255 from 0..1, or the lowest byte of a whole number, as the real importer takes it. */
function channelOf({ type, values }: PlyColumn, row: number): number {
  const value = values[row] ?? 0;
  if (type !== "f32" && type !== "f64") return value & 255;
  return Math.trunc(Math.min(Math.max(value * 255, 0), 255)) || 0;
}

function interleaved(columns: readonly Float64Array[]): Float32Array {
  const width = columns.length;
  const values = new Float32Array((columns[0]?.length ?? 0) * width);
  for (const [i, column] of columns.entries()) {
    for (let row = 0; row < column.length; row++) values[row * width + i] = column[row] as number;
  }
  return values;
}

/** `f_rest_0`, `f_rest_1`, … as far as they go. */
function restNames(names: ReadonlySet<string>): readonly string[] {
  const rest: string[] = [];
  while (names.has(`f_rest_${rest.length}`)) rest.push(`f_rest_${rest.length}`);
  return rest;
}

/** Splats are stored as they are trained: logarithms of scales, logits of opacities, colours as spherical harmonics. */
function splatsOf({ numbers }: PlyTable, rest: readonly string[], warn: WarningReporter): AsComponents {
  const column = (name: string): Float64Array => numbers.get(name)?.values ?? new Float64Array(0);
  const scales = interleaved(["scale_0", "scale_1", "scale_2"].map(column));
  for (let i = 0; i < scales.length; i++) scales[i] = Math.exp(scales[i] as number);
  const quaternions = interleaved(["rot_1", "rot_2", "rot_3", "rot_0"].map(column));
  normalize(quaternions);
  const centers = interleaved(["x", "y", "z"].map(column));
  const colors = splatColors(["f_dc_0", "f_dc_1", "f_dc_2", "opacity"].map(column));
  if (rest.length % 3 !== 0) {
    const got = `expected a multiple of 3 properties f_rest_*, got ${rest.length}`;
    warn({ code: "InvalidData", message: `The PLY file's spherical harmonics are ignored: ${got}` });
  }
  if (rest.length === 0 || rest.length % 3 !== 0) return new GaussianSplats3D(centers, { colors, quaternions, scales });
  const shCoefficients = coefficientsOf(rest.map(column));
  return new GaussianSplats3D(centers, { colors, quaternions, scales, shCoefficients });
}

function splatColors([red, green, blue, opacity]: readonly Float64Array[]): Uint32Array {
  const colors = new Uint32Array(opacity?.length ?? 0);
  const channel = (values: Float64Array | undefined, row: number): number => byteOf(0.5 + SH_C0 * (values?.[row] ?? 0));
  for (let row = 0; row < colors.length; row++) {
    const alpha = byteOf(1 / (1 + Math.exp(-(opacity?.[row] ?? 0))));
    colors[row] = (channel(red, row) << 24) | (channel(green, row) << 16) | (channel(blue, row) << 8) | alpha;
  }
  return colors;
}

function byteOf(value: number): number {
  return Math.round(Math.min(Math.max(value, 0), 1) * 255) || 0;
}

/** In place, in single precision as the real importer reckons; zeros become no rotation. */
function normalize(quaternions: Float32Array): void {
  const { fround, sqrt } = Math;
  for (let at = 0; at < quaternions.length; at += 4) {
    const [x, y, z, w] = [quaternions[at], quaternions[at + 1], quaternions[at + 2], quaternions[at + 3]] as [
      number,
      number,
      number,
      number,
    ];
    const length = fround(sqrt(fround(fround(fround(fround(w * w) + fround(x * x)) + fround(y * y)) + fround(z * z))));
    if (length > 0 && Number.isFinite(length)) quaternions.set([x / length, y / length, z / length, w / length], at);
    else quaternions.set([0, 0, 0, 1], at);
  }
}

/** From colour after colour in the file to coefficient after coefficient; what is not there is zero. */
function coefficientsOf(rest: readonly Float64Array[]): Float32Array {
  const stored = rest.length / 3;
  const count = rest[0]?.length ?? 0;
  const values = new Float32Array(count * NUM_COEFFICIENTS * 3);
  for (let color = 0; color < 3; color++) {
    for (let i = 0; i < Math.min(stored, NUM_COEFFICIENTS); i++) {
      const column = rest[color * stored + i] as Float64Array;
      for (let row = 0; row < count; row++) values[(row * NUM_COEFFICIENTS + i) * 3 + color] = column[row] as number;
    }
  }
  return values;
}
