import type { DataType } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { COMPONENT_TYPES, type ComponentInfo } from "../gen/component-types.js";
import { ENUM_TABLES } from "../gen/enum-tables.js";
import { blobEncoder } from "./blobs.js";
import { encodeColors } from "./colors.js";
import { type EnumTable, enumEncoder } from "./enums.js";
import { arrayFromValues } from "./nested.js";
import { type Encoder, fixedWidth, numbersEncoder } from "./numbers.js";
import { axisAngleEncoder, encodeQuaternions, matrixEncoder } from "./rotations.js";
import { stripEncoder } from "./strips.js";
import {
  annotationContextEncoder,
  dimensionSelectionOf,
  imageFormatOf,
  keyValueEncoder,
  listOfStructsEncoder,
  pairOf,
  structEncoder,
} from "./structs.js";
import { tensorEncoder } from "./tensors.js";
import { encodeBooleans, encodeTexts } from "./text.js";
import { viewCoordinatesEncoder } from "./view-coordinates.js";

/** Encoders that know more than the Arrow type, by encoding; of components by name where they differ from their encoding. */
const SPECIAL: Readonly<Record<string, (type: DataType) => Encoder>> = {
  AnnotationContext: annotationContextEncoder,
  ChannelMessageCounts: listOfStructsEncoder,
  GeoLineString: stripEncoder,
  ImageFormat: (type) => structEncoder(type, imageFormatOf),
  KeyValuePairs: keyValueEncoder,
  LineStrip2D: stripEncoder,
  LineStrip3D: stripEncoder,
  Mat3x3: () => matrixEncoder(3),
  Mat4x4: () => matrixEncoder(4),
  Quaternion: () => encodeQuaternions,
  Rgba32: () => encodeColors,
  RotationAxisAngle: axisAngleEncoder,
  Scale3D: uniformScaleEncoder,
  TensorData: tensorEncoder,
  TensorDimensionSelection: (type) => structEncoder(type, dimensionSelectionOf),
  Utf8Pair: (type) => structEncoder(type, pairOf("first", "second")),
  ViewCoordinates: viewCoordinatesEncoder,
};

const encoders = new Map<string, Encoder>();

/** The encoder of a component, by name without `rerun.components.`. */
export function encoderOf(component: string): Encoder {
  const known = encoders.get(component);
  if (known !== undefined) return known;
  const info = COMPONENT_TYPES[component];
  if (info === undefined) throw new Error(`unknown component ${component}`);
  const special = SPECIAL[component] ?? SPECIAL[info.encoding];
  const encoder = special?.(info.type) ?? plainEncoder(info, ENUM_TABLES);
  encoders.set(component, encoder);
  return encoder;
}

/** The encoder of an enum or of what the Arrow type says. */
export function plainEncoder(info: ComponentInfo, enums: Readonly<Record<string, EnumTable>>): Encoder {
  const table = enums[info.encoding];
  return table === undefined ? encoderOfType(info.type) : enumEncoder(table);
}

/** An encoder that knows nothing but the Arrow type. */
export function encoderOfType(type: DataType): Encoder {
  const fixed = fixedWidth(type);
  if (fixed !== undefined) return numbersEncoder(fixed.width, fixed.elements);
  switch (type.kind) {
    case "bool":
      return encodeBooleans;
    case "utf8":
      return encodeTexts;
    case "struct":
      return structEncoder(type);
    case "list":
      if (type.item.type.kind === "int" && type.item.type.bits === 8) return blobEncoder(type);
      break;
    default:
  }
  return (value): ComponentData => arrayFromValues(type, Array.isArray(value) ? value : [value]);
}

/** Scales, where a number alone scales all axes alike. */
function uniformScaleEncoder(type: DataType): Encoder {
  const encode = encoderOfType(type);
  return (value) => (typeof value === "number" ? [value, value, value] : encode(value));
}
