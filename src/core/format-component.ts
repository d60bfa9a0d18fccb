/** Components that are more than their numbers. */
import { formatTimestamp } from "./format-time.js";
import type { PlainValue } from "./value-at.js";

const ENUMS: Readonly<Record<string, readonly string[]>> = {
  AggregationPolicy: ["Off", "Average", "Max", "Min", "MinMax", "MinMaxAverage"],
  Colormap: [
    "Grayscale",
    "Inferno",
    "Magma",
    "Plasma",
    "Turbo",
    "Viridis",
    "CyanToYellow",
    "Spectral",
    "Twilight",
    "RvizMap",
    "RvizCostmap",
    "Costmap",
  ],
  FillMode: ["MajorWireframe", "DenseWireframe", "Solid", "TransparentFillMajorWireframe"],
  GraphType: ["Undirected", "Directed"],
  InterpolationMode: ["Linear", "StepAfter", "StepBefore", "StepMid"],
  MagnificationFilter: ["Nearest", "Linear", "Bicubic"],
  MarkerShape: ["Circle", "Diamond", "Square", "Cross", "Plus", "Up", "Down", "Left", "Right", "Asterisk"],
  TransformRelation: ["ParentFromChild", "ChildFromParent"],
};
const COLOR_MODELS = ["", "L", "RGB", "RGBA", "BGR", "BGRA"];
const DIRECTIONS = ["", "U", "D", "R", "L", "F", "B"];
const CHANNEL_TYPES: Readonly<Record<number, string>> = {
  6: "u8",
  7: "i8",
  8: "u16",
  9: "i16",
  10: "u32",
  11: "i32",
  12: "u64",
  13: "i64",
  33: "f16",
  34: "f32",
  35: "f64",
};

/**
 * An instance of a component in words: the name of an enum's value, the size of an image, directions, a time.
 *
 * @param type short name of the component's type: `ImageFormat`
 * @returns `undefined` for components that are shown as what they hold
 */
export function describeComponent(type: string, value: PlainValue): string | undefined {
  if (value === null) return undefined;
  const names = ENUMS[type];
  if (names !== undefined && typeof value === "number") return names[value - 1] ?? String(value);
  if (type === "ImageFormat" && isStruct(value)) return imageFormatText(value);
  if (type === "TensorData" && isStruct(value)) return tensorText(value);
  if (type === "ViewCoordinates" && isNumbers(value)) return value.map((axis) => DIRECTIONS[axis] ?? "?").join("");
  if (type === "Timestamp" && typeof value === "bigint") return formatTimestamp(value);
  return undefined;
}

export function isNumbers(value: PlainValue): value is readonly number[] {
  return Array.isArray(value) && value.every((element) => typeof element === "number");
}

type Struct = Readonly<Record<string, PlainValue>>;

function isStruct(value: PlainValue): value is Struct {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function imageFormatText({ width, height, pixel_format, color_model, channel_datatype }: Struct): string {
  const size = `${width}×${height}`;
  if (typeof pixel_format === "number" && pixel_format !== 0) return `${size} ${pixelFormatName(pixel_format)}`;
  const model = COLOR_MODELS[Number(color_model ?? 0)] ?? "";
  const channel = CHANNEL_TYPES[Number(channel_datatype ?? 6)] ?? "";
  return [size, model, channel].filter((part) => part !== "").join(" ");
}

function pixelFormatName(format: number): string {
  if (format === 26) return "NV12";
  if (format === 27) return "YUY2";
  return "YUV";
}

function tensorText({ shape }: Struct): string {
  return Array.isArray(shape) ? shape.join("×") : "tensor";
}
