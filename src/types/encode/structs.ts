import { type DataType, describe } from "../../core/index.js";
import { ChannelDatatype, ColorModel, PixelFormat } from "../gen/enums.js";
import { packColor } from "./colors.js";
import { type EnumTable, enumValue } from "./enums.js";
import { arrayFromValues } from "./nested.js";
import { type Encoder, isListLike } from "./numbers.js";
import { BadInput } from "./problem.js";

type Normalise = (value: unknown) => unknown;

/** Encoder of structs and of lists of structs: one value or a list of them, each brought to the schema's form first. */
export function structEncoder(type: DataType, normalise: Normalise = (value) => value): Encoder {
  return (value) => {
    const list = Array.isArray(value) && !isPair(type, value) ? value : [value];
    return list.length === 0 ? [] : arrayFromValues(type, list.map(normalise));
  };
}

/** Whether a two-element list of texts or numbers is one instance of a struct of two. */
function isPair(type: DataType, value: readonly unknown[]): boolean {
  return (
    type.kind === "struct" && type.fields.length === 2 && value.length === 2 && value.every((part) => typeof part === "string")
  );
}

/** `[first, second]` as struct. */
export function pairOf(first: string, second: string): Normalise {
  return (value) => (isListLike(value) && value.length === 2 ? { [first]: value[0], [second]: value[1] } : value);
}

/** A dimension of a tensor, not inverted unless told. */
export function dimensionSelectionOf(value: unknown): unknown {
  if (typeof value === "number") return { dimension: value, invert: false };
  return typeof value === "object" && value !== null ? { invert: false, ...value } : value;
}

/** Enum members of an image format by name or number. */
export function imageFormatOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const format = value as Readonly<Record<string, unknown>>;
  return {
    width: format["width"],
    height: format["height"],
    pixelFormat: optionalEnum(PixelFormat, format["pixelFormat"] ?? format["pixel_format"]),
    colorModel: optionalEnum(ColorModel, format["colorModel"] ?? format["color_model"]),
    channelDatatype: optionalEnum(ChannelDatatype, format["channelDatatype"] ?? format["channel_datatype"]),
  };
}

function optionalEnum(table: EnumTable, value: unknown): number | null {
  return value === undefined || value === null ? null : enumValue(table, value);
}

/** An annotation: an id, `[id, label, color]` or `{ id, label, color }`. @throws BadInput */
export function annotationInfoOf(value: unknown): unknown {
  if (typeof value === "number") return { id: value };
  if (Array.isArray(value)) return { id: value[0], label: value[1], color: optionalColor(value[2]) };
  if (typeof value !== "object" || value === null) {
    throw new BadInput(`expected an id, [id, label, color] or { id, label, color }, got ${describe(value)}`);
  }
  const info = value as { readonly id?: unknown; readonly label?: unknown; readonly color?: unknown };
  return { id: info.id, label: info.label, color: optionalColor(info.color) };
}

function optionalColor(value: unknown): number | null {
  return value === undefined || value === null ? null : packColor(value);
}

/** A class: what an annotation may be, or `{ info, keypointAnnotations, keypointConnections }`. @throws BadInput */
export function classDescriptionOf(value: unknown): { readonly info: unknown } {
  const record = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  if (Array.isArray(value) || record["info"] === undefined) {
    return { info: annotationInfoOf(value), ...NO_KEYPOINTS };
  }
  const annotations = (record["keypointAnnotations"] ?? record["keypoint_annotations"] ?? []) as Iterable<unknown>;
  const connections = (record["keypointConnections"] ?? record["keypoint_connections"] ?? []) as Iterable<unknown>;
  return {
    info: annotationInfoOf(record["info"]),
    keypointAnnotations: Array.from(annotations, annotationInfoOf),
    keypointConnections: Array.from(connections, keypointPairOf),
  } as { readonly info: unknown };
}

const NO_KEYPOINTS = { keypointAnnotations: [], keypointConnections: [] };

/** Two keypoints: `[from, to]` or `{ keypoint0, keypoint1 }`. */
export const keypointPairOf: Normalise = pairOf("keypoint0", "keypoint1");

/** An entry of an annotation context: a class (its id is that of its info) or `{ classId, classDescription }`. @throws BadInput */
export function classMapElementOf(value: unknown): unknown {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const record = value as Readonly<Record<string, unknown>>;
    const description = record["classDescription"] ?? record["class_description"];
    if (description !== undefined) {
      return { classId: record["classId"] ?? record["class_id"], classDescription: classDescriptionOf(description) };
    }
  }
  const description = classDescriptionOf(value);
  return { classId: (description.info as { readonly id?: unknown }).id, classDescription: description };
}

/**
 * Annotation contexts: one, given as a list of classes, or several, given as a list of such lists.
 * A list is one of contexts when its items are lists that do not begin with an id; an empty list is one context without classes.
 */
export function annotationContextEncoder(type: DataType): Encoder {
  return (value) => {
    if (!isListLike(value)) return arrayFromValues(type, [[classMapElementOf(value)]]);
    const list = Array.from(value);
    const isContexts = list.length > 0 && list.every((item) => Array.isArray(item) && typeof item[0] !== "number");
    const contexts = isContexts ? (list as unknown[][]) : [list];
    return arrayFromValues(
      type,
      contexts.map((context) => context.map(classMapElementOf)),
    );
  };
}

/** Pairs of texts: `[[key, value], …]`, an object, or a `Map`; a list of objects or of lists of pairs is several. */
export function keyValueEncoder(type: DataType): Encoder {
  return (value) => {
    if (Array.isArray(value) && value.every((item) => !isPairOfTexts(item))) {
      return arrayFromValues(type, value.map(pairsOf));
    }
    return arrayFromValues(type, [pairsOf(value)]);
  };
}

function isPairOfTexts(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 2 && typeof value[0] === "string";
  return typeof value === "object" && value !== null && "first" in value;
}

function pairsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.map(pairOf("first", "second"));
  if (Object.prototype.toString.call(value) === "[object Map]")
    return Array.from(value as Map<string, string>, pairOf("first", "second"));
  if (typeof value === "object" && value !== null) return Object.entries(value).map(pairOf("first", "second"));
  throw new BadInput(`expected pairs of texts, got ${describe(value)}`);
}

/** A list of structs as one instance, or a list of such lists as several. */
export function listOfStructsEncoder(type: DataType): Encoder {
  return (value) => {
    if (!Array.isArray(value)) return arrayFromValues(type, [[value]]);
    return arrayFromValues(type, value.every((item) => Array.isArray(item)) ? value : [value]);
  };
}
