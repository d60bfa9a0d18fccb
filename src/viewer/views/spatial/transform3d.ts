/** One `Transform3D`, and the poses of `InstancePoses3D`, as matrices. */
import type { ArrayData } from "../../../core/index.js";
import type { ComponentCell } from "../../state/view-query.js";
import { cellLength, numberAt, readFloats, readNumber, structField } from "./cells.js";
import type { EntityReader } from "./entity-index.js";
import {
  fromAxisAngle,
  fromMat3x3,
  fromQuaternion,
  fromScale,
  fromTranslation,
  identity,
  invertAffine,
  type Mat4,
  multiply,
} from "./mat4.js";

const CHILD_FROM_PARENT = 2;
const PARTS = ["translation", "rotation_axis_angle", "quaternion", "scale", "mat3x3", "relation"] as const;
const POSE_PARTS = ["translations", "rotation_axis_angles", "quaternions", "scales", "mat3x3"] as const;

/** `undefined` = nothing logged; `unusable` = logged, but it is no placement (zero quaternion, not invertible). */
export type ReadTransform = Mat4 | "unusable" | undefined;

/**
 * Parent from child. The parts apply from the last to the first: translation · axis-angle · quaternion · scale · mat3x3.
 * One log call replaces the whole transform: only parts of the latest time count (and static ones).
 */
export function readTransform3D(reader: EntityReader, entityPath: string): ReadTransform {
  const cells = PARTS.map((part) => reader.cell(entityPath, `Transform3D:${part}`));
  let latest: bigint | undefined;
  for (const cell of cells) if (cell?.time !== undefined && (latest === undefined || cell.time > latest)) latest = cell.time;
  const [translation, axisAngle, quaternion, scale, mat3x3, relation] = cells.map((cell) =>
    cell?.time === undefined || cell.time === latest ? cell : undefined,
  );
  if (!(translation ?? axisAngle ?? quaternion ?? scale ?? mat3x3 ?? relation)) return undefined;
  const matrix = composePose({ translation, axisAngle, quaternion, scale, mat3x3 }, 0);
  if (matrix === undefined) return "unusable";
  if (readNumber(relation) !== CHILD_FROM_PARENT) return matrix;
  return invertAffine(matrix) ?? "unusable";
}

/** Entity from instance, one per pose; empty when none is logged. Shorter lists repeat their last item. */
export function readInstancePoses(
  reader: EntityReader,
  entityPath: string,
): { readonly poses: readonly Mat4[]; readonly key: string } {
  const cells = POSE_PARTS.map((part) => reader.cell(entityPath, `InstancePoses3D:${part}`));
  const count = Math.max(0, ...cells.map(cellLength));
  const [translation, axisAngle, quaternion, scale, mat3x3] = cells;
  const poses = Array.from({ length: count }, (_, i) => composePose({ translation, axisAngle, quaternion, scale, mat3x3 }, i));
  return {
    // An unusable pose hides its instance and keeps the numbers of the others.
    poses: poses.map((pose) => pose ?? fromScale([0, 0, 0])),
    key: cells.map((cell) => cell?.key ?? "").join("|"),
  };
}

/** Rotations as many boxes, ellipsoids and the like have them: axis-angle first, then quaternion. */
export function readRotation(
  axisAngles: ComponentCell | undefined,
  quaternions: ComponentCell | undefined,
  index: number,
): Mat4 | undefined {
  return composePose({ axisAngle: axisAngles, quaternion: quaternions }, index);
}

interface PoseCells {
  readonly translation?: ComponentCell | undefined;
  readonly axisAngle?: ComponentCell | undefined;
  readonly quaternion?: ComponentCell | undefined;
  readonly scale?: ComponentCell | undefined;
  readonly mat3x3?: ComponentCell | undefined;
}

function composePose(cells: PoseCells, index: number): Mat4 | undefined {
  let m = identity();
  const t = itemOf(readFloats(cells.translation, 3), 3, index);
  if (t !== undefined) m = fromTranslation([t[0] as number, t[1] as number, t[2] as number]);
  if (cellLength(cells.axisAngle) > 0) {
    const rotation = readAxisAngle(cells.axisAngle, index);
    if (rotation === undefined) return undefined;
    m = multiply(m, rotation);
  }
  const q = itemOf(readFloats(cells.quaternion, 4), 4, index);
  if (q !== undefined) {
    const rotation = fromQuaternion(q[0] as number, q[1] as number, q[2] as number, q[3] as number);
    if (rotation === undefined) return undefined;
    m = multiply(m, rotation);
  }
  const s = itemOf(readFloats(cells.scale, 3), 3, index);
  if (s !== undefined) m = multiply(m, fromScale([s[0] as number, s[1] as number, s[2] as number]));
  const linear = itemOf(readFloats(cells.mat3x3, 9), 9, index);
  if (linear !== undefined) m = multiply(m, fromMat3x3(linear));
  return m.every(Number.isFinite) ? m : undefined;
}

function itemOf(values: Float32Array, width: number, index: number): Float32Array | undefined {
  const count = Math.floor(values.length / width);
  if (count === 0) return undefined;
  const at = Math.min(index, count - 1) * width;
  return values.subarray(at, at + width);
}

function readAxisAngle(cell: ComponentCell | undefined, index: number): Mat4 | undefined {
  if (cell === undefined) return undefined;
  const at = Math.min(cell.start + index, cell.end - 1);
  const axis: ArrayData | undefined = structField(cell.values, "axis")?.children?.[0];
  const angle = numberAt(structField(cell.values, "angle"), at);
  const component = (i: number): number => numberAt(axis, at * 3 + i);
  return Number.isFinite(angle) ? fromAxisAngle([component(0), component(1), component(2)], angle) : undefined;
}
