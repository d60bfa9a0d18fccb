import type { DataType } from "../../core/index.js";
import { encoderOf, plainEncoder } from "../encode/encoders.js";
import { arrayFromValues } from "../encode/nested.js";
import type { Encoder } from "../encode/numbers.js";
import { pairOf } from "../encode/structs.js";
import { BLUEPRINT_COMPONENT_TYPES } from "../gen/blueprint-component-types.js";
import { BLUEPRINT_ENUM_TABLES } from "../gen/blueprint-enum-tables.js";
import {
  columnOrderOf,
  filterByRangeOf,
  filterIsNotNullOf,
  mappingOf,
  selectedColumnsOf,
  selectorOf,
  sliderOf,
  sortByOf,
  textLogColumnOf,
  timelineColumnOf,
} from "./structs.js";

type Normalise = (value: unknown) => unknown;

/** How one instance of an encoding is brought to the schema's form. */
const NORMALISE: Readonly<Record<string, Normalise>> = {
  AbsoluteTimeRange: pairOf("min", "max"),
  ColumnOrder: columnOrderOf,
  ComponentColumnSelector: selectorOf,
  FilterByRange: filterByRangeOf,
  FilterIsNotNull: filterIsNotNullOf,
  SelectedColumns: selectedColumnsOf,
  SortBy: sortByOf,
  TensorDimensionIndexSlider: sliderOf,
  TextLogColumn: textLogColumnOf,
  TimelineColumn: timelineColumnOf,
  VisualizerComponentMapping: mappingOf,
};

/**
 * Encodings whose single instance may be a list: whether a list holds such instances.
 * An empty list is an order or a choice of no columns, as in Python.
 */
const HOLDS_INSTANCES: Readonly<Record<string, (list: readonly unknown[]) => boolean>> = {
  AbsoluteTimeRange: (list) => list.every(isObject),
  ColumnOrder: (list) => list.length > 0 && list.every(Array.isArray),
  FilterByRange: (list) => list.every(isObject),
  SelectedColumns: (list) => list.length > 0 && list.every((item) => isObject(item) && !("component" in item)),
};

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const encoders = new Map<string, Encoder>();

/** The encoder of a component of blueprints or of recordings, by name without `rerun.blueprint.components.`. */
export function blueprintEncoderOf(component: string): Encoder {
  const known = encoders.get(component);
  if (known !== undefined) return known;
  const info = BLUEPRINT_COMPONENT_TYPES[component];
  if (info === undefined) return encoderOf(component);
  const encoder = specialEncoder(info.encoding, info.type) ?? plainEncoder(info, BLUEPRINT_ENUM_TABLES);
  encoders.set(component, encoder);
  return encoder;
}

function specialEncoder(encoding: string, type: DataType): Encoder | undefined {
  const normalise = NORMALISE[encoding];
  if (normalise === undefined) return undefined;
  const holdsInstances = HOLDS_INSTANCES[encoding] ?? ((): boolean => true);
  return (value) => {
    const instances: readonly unknown[] = Array.isArray(value) && holdsInstances(value) ? value : [value];
    return instances.length === 0 ? [] : arrayFromValues(type, instances.map(normalise));
  };
}
