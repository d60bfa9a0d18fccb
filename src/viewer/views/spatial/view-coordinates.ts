/** What the three axes of a space mean: which way is up, and how a camera's axes lie. */
import type { ComponentCell } from "../../state/view-query.js";
import { readUint32 } from "./cells.js";
import { fromRows, type Mat4, type Vec3 } from "./mat4.js";

/** Directions in the order of their numbers 1 … 6 in the `ViewCoordinates` component. */
const UP = 1;
const DOWN = 2;
const RIGHT = 3;
const LEFT = 4;
const FORWARD = 5;
const BACK = 6;

/** Direction of the x, y and z axis. */
export type AxisDirections = readonly [number, number, number];

/** X right, Y down, Z forward: how cameras are by default. */
export const RDF: AxisDirections = [RIGHT, DOWN, FORWARD];

/** The cell's directions, or `undefined` when it has none that span a space. */
export function readViewCoordinates(cell: ComponentCell | undefined): AxisDirections | undefined {
  const [x, y, z] = readUint32(cell, 3);
  if (x === undefined || y === undefined || z === undefined) return undefined;
  const lines = new Set([x, y, z].map((direction) => Math.ceil(direction / 2)));
  const isWhole = lines.size === 3 && [1, 2, 3].every((line) => lines.has(line));
  return isWhole ? [x, y, z] : undefined;
}

/** Unit vector that points up in a space with these axes. */
export function upOf(axes: AxisDirections): Vec3 {
  return unit(axes, UP, DOWN);
}

/** Unit vector that points forward in a space with these axes. */
export function forwardOf(axes: AxisDirections): Vec3 {
  return unit(axes, FORWARD, BACK);
}

/** Brings right-down-forward coordinates into those of a camera with these axes. */
export function axesFromRdf(axes: AxisDirections): Mat4 {
  const row = (direction: number): readonly number[] => {
    const sign = direction === RIGHT || direction === DOWN || direction === FORWARD ? 1 : -1;
    const source = direction === RIGHT || direction === LEFT ? 0 : direction === UP || direction === DOWN ? 1 : 2;
    return [0, 1, 2, 3].map((column) => (column === source ? sign : 0));
  };
  return fromRows(row(axes[0]), row(axes[1]), row(axes[2]));
}

function unit(axes: AxisDirections, positive: number, negative: number): Vec3 {
  const component = (direction: number): number => (direction === positive ? 1 : direction === negative ? -1 : 0);
  return [component(axes[0]), component(axes[1]), component(axes[2])];
}
