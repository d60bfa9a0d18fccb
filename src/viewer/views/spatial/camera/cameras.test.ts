import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EMPTY_BOUNDS } from "../bounds.js";
import { dot, invertAffine, transformPoint, type Vec3 } from "../mat4.js";
import {
  eyeOf,
  FIELD_OF_VIEW_RAD,
  focusOn,
  orbitAround,
  panned,
  rightOf,
  rolled,
  rotated,
  viewFromCamera,
  zoomed,
} from "./orbit-camera.js";
import { fitBounds, panBy, spaceAt, zoomAt } from "./pan-zoom.js";

const BOX = { min: [-1, -2, 0], max: [3, 2, 5] } as const;
const ASPECT = 1.5;

/** Place on the screen in -1 … 1. */
function project(camera: ReturnType<typeof orbitAround>, point: Vec3): readonly [number, number] {
  const inverse = invertAffine(viewFromCamera(camera));
  if (inverse === undefined) throw new Error("no inverse");
  const [x, y, z] = transformPoint(inverse, point);
  const tangent = Math.tan(FIELD_OF_VIEW_RAD / 2);
  return [x / -z / tangent / ASPECT, y / -z / tangent];
}

describe("the orbit camera", () => {
  const start = orbitAround(BOX, [0, 0, 1], [0, 1, 0], ASPECT);

  test("starts behind and above, upright, with all data on the screen", () => {
    expect(start.target).toEqual([1, 0, 2.5]);
    expect(eyeOf(start)[2]).toBeGreaterThan(start.target[2]);
    expect(eyeOf(start)[1], "behind what is forward").toBeLessThan(start.target[1]);
    expect(Math.abs(dot(rightOf(start), [0, 0, 1]))).toBeLessThan(1e-9);
    for (let corner = 0; corner < 8; corner++) {
      const at = (axis: 0 | 1 | 2): number => (corner & (1 << axis) ? BOX.max[axis] : BOX.min[axis]);
      const [x, y] = project(start, [at(0), at(1), at(2)]);
      expect(Math.max(Math.abs(x), Math.abs(y)), `corner ${corner}`).toBeLessThan(1.1);
    }
  });

  test("any up is upright, nothing to see is no trouble", () => {
    const down = orbitAround(BOX, [0, -1, 0], [0, 0, 1], ASPECT);
    expect(dot(down.up, [0, -1, 0])).toBeCloseTo(1);
    expect(eyeOf(orbitAround(EMPTY_BOUNDS, [0, 0, 1], [0, 0, 1], ASPECT)).every(Number.isFinite)).toBe(true);
  });

  test("turning keeps target, distance and horizon", () => {
    const angle = fc.double({ min: -7, max: 7, noNaN: true });
    void fc.assert(
      fc.property(angle, angle, (yaw, pitch) => {
        const turned = rotated(start, yaw, pitch);
        expect(turned.target).toEqual(start.target);
        expect(Math.hypot(...turned.direction)).toBeCloseTo(1, 6);
        expect(Math.abs(dot(rightOf(turned), [0, 0, 1]))).toBeLessThan(1e-3);
      }),
    );
  });

  test("a drag to the right moves the scene to the right", () => {
    const front: Vec3 = [1, -2, 2.5];
    expect(project(rotated(start, 0.1, 0), front)[0]).toBeGreaterThan(project(start, front)[0]);
    expect(project(panned(start, 30, 0, 300), start.target)[0]).toBeCloseTo(((30 / 300) * 2) / ASPECT, 6);
    expect(project(panned(start, 0, 30, 300), start.target)[1]).toBeCloseTo(-0.2, 6);
    expect(dot(rolled(start, 0.3).up, start.up)).toBeLessThan(1);
  });

  test("zooming keeps what is under the cursor, in the target's plane", () => {
    const under = panned(start, -100, 40, 300).target;
    const [x, y] = project(start, under);
    const nearer = project(zoomed(start, 0.5, x, y, ASPECT), under);
    expect(nearer[0]).toBeCloseTo(x, 6);
    expect(nearer[1]).toBeCloseTo(y, 6);
  });

  test("focus moves without turning", () => {
    const focused = focusOn(start, { min: [10, 10, 10], max: [11, 11, 11] }, ASPECT);
    expect([focused.target, focused.direction]).toEqual([[10.5, 10.5, 10.5], start.direction]);
    expect(focusOn(start, EMPTY_BOUNDS, ASPECT)).toBe(start);
  });
});

describe("pan and zoom", () => {
  const size = { width: 640, height: 480 };
  const start = fitBounds({ min: [0, 0, 0], max: [64, 48, 0] }, size);

  test("everything fits at first", () => {
    expect(start).toEqual({ centerX: 32, centerY: 24, scale: 9.6 });
    expect(fitBounds(EMPTY_BOUNDS, size).scale).toBe(1);
    expect(fitBounds({ min: [3, 3, 0], max: [3, 3, 0] }, size)).toEqual({ centerX: 3, centerY: 3, scale: 1 });
  });

  test("zooming keeps the point under the cursor", () => {
    const coordinate = fc.double({ min: 0, max: 480, noNaN: true });
    void fc.assert(
      fc.property(coordinate, coordinate, fc.double({ min: 0.5, max: 4, noNaN: true }), (x, y, factor) => {
        const before = spaceAt(start, x, y, size);
        const after = spaceAt(zoomAt(start, factor, x - 320, y - 240), x, y, size);
        expect(after[0]).toBeCloseTo(before[0], 6);
        expect(after[1]).toBeCloseTo(before[1], 6);
      }),
    );
  });

  test("a drag moves by as many pixels", () => {
    expect(spaceAt(panBy(start, 96, -48), 96, 0, size)[0]).toBeCloseTo(spaceAt(start, 0, 0, size)[0], 9);
  });
});
