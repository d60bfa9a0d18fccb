/** Component cells and queries from plain values: what a spatial view is given, without a recording. */
import {
  type ArrayData,
  BOOL,
  type DataType,
  FLOAT32,
  FLOAT64,
  fixedSizeListOf,
  listOf,
  UINT8,
  UINT16,
  UINT32,
  UTF8,
} from "../../src/core/index.js";
import type { ComponentCell, ViewQuery, ViewSpec } from "../../src/viewer/state/view-query.js";
import { arrayFromValues } from "./array-from-values.js";

/** The values of one component at one time. */
export interface Logged {
  readonly values: ArrayData;
  /** Changes with the values; absent = made from entity and component. */
  readonly key?: string;
  readonly time?: bigint;
}

export type LoggedEntities = Readonly<Record<string, Readonly<Record<string, Logged>>>>;

const VEC2 = fixedSizeListOf(FLOAT32, 2);
const VEC3 = fixedSizeListOf(FLOAT32, 3);
const INFO: DataType = {
  kind: "struct",
  fields: [
    { name: "id", type: UINT16, nullable: false },
    { name: "label", type: UTF8, nullable: true },
    { name: "color", type: UINT32, nullable: true },
  ],
};
const PAIR: DataType = {
  kind: "struct",
  fields: [
    { name: "keypoint0", type: UINT16, nullable: false },
    { name: "keypoint1", type: UINT16, nullable: false },
  ],
};
const CONTEXT: DataType = listOf({
  kind: "struct",
  fields: [
    { name: "class_id", type: UINT16, nullable: false },
    {
      name: "class_description",
      nullable: false,
      type: {
        kind: "struct",
        fields: [
          { name: "info", type: INFO, nullable: false },
          { name: "keypoint_annotations", type: listOf(INFO), nullable: false },
          { name: "keypoint_connections", type: listOf(PAIR), nullable: false },
        ],
      },
    },
  ],
});
const IMAGE_FORMAT: DataType = {
  kind: "struct",
  fields: [
    { name: "width", type: UINT32, nullable: false },
    { name: "height", type: UINT32, nullable: false },
    { name: "pixel_format", type: UINT8, nullable: true },
    { name: "color_model", type: UINT8, nullable: true },
    { name: "channel_datatype", type: UINT8, nullable: true },
  ],
};
const AXIS_ANGLE: DataType = {
  kind: "struct",
  fields: [
    { name: "axis", type: VEC3, nullable: false },
    { name: "angle", type: FLOAT32, nullable: false },
  ],
};

export function logged(type: DataType, values: readonly unknown[], more: Omit<Logged, "values"> = {}): Logged {
  return { values: arrayFromValues(type, values), ...more };
}
export const vec2s = (...values: number[][]): Logged => logged(VEC2, values);
export const vec3s = (...values: number[][]): Logged => logged(VEC3, values);
export const quaternions = (...values: number[][]): Logged => logged(fixedSizeListOf(FLOAT32, 4), values);
export const mats = (...values: number[][]): Logged => logged(fixedSizeListOf(FLOAT32, 9), values);
export const uvec3s = (...values: number[][]): Logged => logged(fixedSizeListOf(UINT32, 3), values);
export const bytes3 = (...values: number[][]): Logged => logged(fixedSizeListOf(UINT8, 3), values);
export const colors = (...values: number[]): Logged => logged(UINT32, values);
export const floats = (...values: number[]): Logged => logged(FLOAT32, values);
export const ids = (...values: number[]): Logged => logged(UINT16, values);
export const enums = (...values: number[]): Logged => logged(UINT8, values);
export const texts = (...values: string[]): Logged => logged(UTF8, values);
export const booleans = (...values: boolean[]): Logged => logged(BOOL, values);
export const strips3 = (...values: number[][][]): Logged => logged(listOf(VEC3), values);
export const strips2 = (...values: number[][][]): Logged => logged(listOf(VEC2), values);
export const ranges = (...values: number[][]): Logged => logged(fixedSizeListOf(FLOAT64, 2), values);
export const axisAngles = (...values: { axis: number[]; angle: number }[]): Logged => logged(AXIS_ANGLE, values);

/** A class of an annotation context. */
export interface TestClass {
  readonly id: number;
  readonly label?: string;
  readonly color?: number;
  readonly keypoints?: readonly { readonly id: number; readonly label?: string; readonly color?: number }[];
  readonly connections?: readonly (readonly [number, number])[];
}

export function annotationContext(...classes: TestClass[]): Logged {
  const info = ({ id, label, color }: TestClass): object => ({ id, label: label ?? null, color: color ?? null });
  return logged(CONTEXT, [
    classes.map((c) => ({
      class_id: c.id,
      class_description: {
        info: info(c),
        keypoint_annotations: (c.keypoints ?? []).map(info),
        keypoint_connections: (c.connections ?? []).map(([keypoint0, keypoint1]) => ({ keypoint0, keypoint1 })),
      },
    })),
  ]);
}

/** Bytes as an image buffer or blob. */
export function bytes(values: Uint8Array): Logged {
  const item: ArrayData = { type: UINT8, length: values.length, nullCount: 0, values };
  return {
    values: { type: listOf(UINT8, false), length: 1, nullCount: 0, offsets: Int32Array.of(0, values.length), children: [item] },
  };
}

/** An image's format; numbers as in the components' enums. */
export function imageFormat(
  width: number,
  height: number,
  channels: { readonly pixelFormat?: number; readonly colorModel?: number; readonly datatype?: number },
): Logged {
  return logged(IMAGE_FORMAT, [
    {
      width,
      height,
      pixel_format: channels.pixelFormat ?? null,
      color_model: channels.colorModel ?? null,
      channel_datatype: channels.datatype ?? null,
    },
  ]);
}

/** A query over these values, the same at every time. */
export function spatialQuery(
  entities: LoggedEntities,
  options: { readonly hidden?: readonly string[]; readonly isPending?: boolean } = {},
): ViewQuery {
  const paths = Object.keys(entities).sort();
  return {
    timeline: undefined,
    time: undefined,
    entities: paths.map((path) => ({
      path,
      components: Object.entries(entities[path] ?? {}).map(([component, { values }]) => ({
        descriptor: { component },
        type: values.type,
        isStatic: true,
      })),
    })),
    isVisible: (path) => !(options.hidden ?? []).includes(path),
    isPending: options.isPending ?? false,
    latestAt(path, component): ComponentCell | undefined {
      const cell = entities[path]?.[component];
      if (cell === undefined) return undefined;
      const { values, time } = cell;
      const key = cell.key ?? `${path}:${component}`;
      return { descriptor: { component }, values, start: 0, end: values.length, key, ...(time === undefined ? {} : { time }) };
    },
  };
}

/** A view of all entities of the query. */
export function spatialSpec(query: ViewQuery, viewClass: "3d" | "2d", origin = "/"): ViewSpec {
  return { id: `${viewClass} ${origin}`, viewClass, name: origin, origin, entities: query.entities.map(({ path }) => path) };
}
