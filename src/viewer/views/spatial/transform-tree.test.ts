import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  axisAngles,
  bytes3,
  enums,
  type LoggedEntities,
  mats,
  quaternions,
  spatialQuery,
  texts,
  vec2s,
  vec3s,
} from "../../../../tests/support/spatial-query.js";
import { EntityReader } from "./entity-index.js";
import {
  fromAxisAngle,
  fromQuaternion,
  fromScale,
  identity,
  invertAffine,
  type Mat4,
  multiply,
  transformPoint,
  type Vec3,
} from "./mat4.js";
import { cameraFromImage } from "./pinhole.js";
import { TransformTree } from "./transform-tree.js";
import { readInstancePoses, readTransform3D } from "./transform3d.js";

const QUARTER = Math.PI / 2;

function read(components: LoggedEntities[string]): Mat4 {
  const transform = readTransform3D(new EntityReader(spatialQuery({ "/a": components })), "/a");
  if (transform === undefined || transform === "unusable") throw new Error(`no transform: ${String(transform)}`);
  return transform;
}

function tree(entities: LoggedEntities, origin = "/", dimensions: 2 | 3 = 3): TransformTree {
  return new TransformTree(new EntityReader(spatialQuery(entities)), origin, dimensions);
}

function expectPoint(actual: Vec3 | undefined, expected: Vec3): void {
  expect(actual?.map((v) => Math.round(v * 1e4) / 1e4 + 0)).toEqual(expected.map((v) => v));
}

describe("one Transform3D", () => {
  test("applies mat3x3 first, then scale, quaternion, axis-angle and translation", () => {
    const all = read({
      "Transform3D:translation": vec3s([10, 20, 30]),
      "Transform3D:rotation_axis_angle": axisAngles({ axis: [0, 0, 2], angle: QUARTER }),
      "Transform3D:quaternion": quaternions([Math.SQRT1_2, 0, 0, Math.SQRT1_2]),
      "Transform3D:scale": vec3s([2, 3, 4]),
      // Column-major: x goes to y, y to z, z to x.
      "Transform3D:mat3x3": mats([0, 1, 0, 0, 0, 1, 1, 0, 0]),
    });
    // x → (mat) y → (scale) 3y → (quarter turn about x) 3z → (quarter turn about z) 3z → + translation
    expectPoint(transformPoint(all, [1, 0, 0]), [10, 20, 33]);
    // y → (mat) z → 4z → -4y → 4x
    expectPoint(transformPoint(all, [0, 1, 0]), [14, 20, 30]);
  });

  test("child from parent is the inverse", () => {
    const forth = read({ "Transform3D:translation": vec3s([1, 2, 3]), "Transform3D:scale": vec3s([2, 2, 2]) });
    const back = read({
      "Transform3D:translation": vec3s([1, 2, 3]),
      "Transform3D:scale": vec3s([2, 2, 2]),
      "Transform3D:relation": enums(2),
    });
    expectPoint(transformPoint(back, transformPoint(forth, [5, 6, 7])), [5, 6, 7]);
  });

  test("only parts of the latest time count, and static ones", () => {
    const matrix = read({
      "Transform3D:translation": { ...vec3s([9, 9, 9]), time: 1n },
      "Transform3D:scale": { ...vec3s([2, 2, 2]), time: 5n },
      "Transform3D:quaternion": quaternions([0, 0, Math.SQRT1_2, Math.SQRT1_2]),
    });
    expectPoint(transformPoint(matrix, [1, 0, 0]), [0, 2, 0]);
  });

  test("a zero quaternion and a flat inverse are no placement", () => {
    const reader = (components: LoggedEntities[string]): EntityReader => new EntityReader(spatialQuery({ "/a": components }));
    expect(readTransform3D(reader({ "Transform3D:quaternion": quaternions([0, 0, 0, 0]) }), "/a")).toBe("unusable");
    const flat = { "Transform3D:scale": vec3s([1, 0, 1]), "Transform3D:relation": enums(2) };
    expect(readTransform3D(reader(flat), "/a")).toBe("unusable");
    expect(readTransform3D(reader({ "Points3D:positions": vec3s([0, 0, 0]) }), "/a")).toBeUndefined();
  });

  test("instance poses repeat the last item of shorter lists", () => {
    const reader = new EntityReader(
      spatialQuery({
        "/a": {
          "InstancePoses3D:translations": vec3s([1, 0, 0], [2, 0, 0], [3, 0, 0]),
          "InstancePoses3D:scales": vec3s([5, 5, 5]),
        },
      }),
    );
    const { poses } = readInstancePoses(reader, "/a");
    expect(poses.map((pose) => transformPoint(pose, [1, 0, 0])[0])).toEqual([6, 7, 8]);
  });
});

describe("the tree", () => {
  const ENTITIES: LoggedEntities = {
    "/world": { "Transform3D:translation": vec3s([100, 0, 0]) },
    "/world/arm": { "Transform3D:rotation_axis_angle": axisAngles({ axis: [0, 0, 1], angle: QUARTER }) },
    "/world/arm/hand": { "Transform3D:translation": vec3s([1, 0, 0]) },
    "/other": {},
  };

  test("composes parents from the root down", () => {
    expectPoint(transformPoint(tree(ENTITIES).place("/world/arm/hand")?.viewFromEntity ?? identity(), [1, 0, 0]), [100, 2, 0]);
  });

  test("is seen from the view's origin, also from beside", () => {
    const seen = tree(ENTITIES, "/world/arm");
    expectPoint(transformPoint(seen.place("/world/arm/hand")?.viewFromEntity ?? identity(), [1, 0, 0]), [2, 0, 0]);
    expectPoint(transformPoint(seen.place("/other")?.viewFromEntity ?? identity(), [100, 5, 0]), [5, 0, 0]);
  });

  test("follows named frames; frames in a ring and frames of another root are nowhere", () => {
    const named = tree({
      "/tf": {
        "Transform3D:child_frame": texts("lidar"),
        "Transform3D:parent_frame": texts("tf#/"),
        "Transform3D:translation": vec3s([0, 0, 7]),
      },
      "/points": { "CoordinateFrame:frame": texts("lidar") },
      "/lost": { "CoordinateFrame:frame": texts("nobody") },
      "/ring/a": { "Transform3D:child_frame": texts("a"), "Transform3D:parent_frame": texts("b") },
      "/ring/b": { "Transform3D:child_frame": texts("b"), "Transform3D:parent_frame": texts("a") },
      "/ring/points": { "CoordinateFrame:frame": texts("a") },
    });
    expectPoint(transformPoint(named.place("/points")?.viewFromEntity ?? identity(), [0, 0, 0]), [0, 0, 7]);
    expect(named.place("/lost")).toBeUndefined();
    expect(named.place("/ring/points")).toBeUndefined();
  });

  test("a camera is placed by the Transform3D of its own entity, its image lies on a plane in front of it", () => {
    const camera = tree({
      "/cam": {
        "Transform3D:translation": vec3s([0, 0, 10]),
        "Pinhole:image_from_camera": mats([50, 0, 0, 0, 100, 0, 20, 10, 1]),
        "Pinhole:resolution": vec2s([40, 20]),
      },
      "/cam/image": {},
    }).place("/cam/image")?.camera;
    expect(camera?.entityPath).toBe("/cam");
    if (camera === undefined) return;
    const viewFromImage = multiply(camera.viewFromCamera, cameraFromImage(camera.pinhole, 2));
    expectPoint(transformPoint(viewFromImage, [20, 10, 0]), [0, 0, 12]);
    expectPoint(transformPoint(viewFromImage, [40, 20, 0]), [0.8, 0.2, 12]);
  });

  test("camera_xyz turns the image plane", () => {
    const camera = tree({
      "/cam": { "Pinhole:image_from_camera": mats([50, 0, 0, 0, 50, 0, 20, 10, 1]), "Pinhole:camera_xyz": bytes3([3, 1, 6]) },
    }).place("/cam")?.camera;
    expect(camera?.pinhole.resolution, "twice the principal point when there is none").toEqual([40, 20]);
    if (camera === undefined) return;
    // Right, up, back: forward is -z, down is -y.
    expectPoint(transformPoint(cameraFromImage(camera.pinhole, 5), [20, 20, 0]), [0, -1, -5]);
  });

  test("in 2D, what places the camera does not move its pixels", () => {
    const flat = tree(
      {
        "/world": { "Transform3D:translation": vec3s([5, 5, 5]) },
        "/world/cam": {
          "Transform3D:translation": vec3s([1, 1, 1]),
          "Pinhole:image_from_camera": mats([1, 0, 0, 0, 1, 0, 1, 1, 1]),
        },
        "/world/cam/box": { "Transform3D:translation": vec3s([3, 0, 0]) },
      },
      "/",
      2,
    );
    expectPoint(transformPoint(flat.place("/world/cam/box")?.viewFromEntity ?? identity(), [0, 0, 0]), [3, 0, 0]);
  });
});

test("a matrix times its inverse is the identity", () => {
  const component = fc.double({ min: -10, max: 10, noNaN: true });
  const size = fc.double({ min: 0.1, max: 10, noNaN: true });
  void fc.assert(
    fc.property(fc.tuple(component, component, component), component, fc.tuple(size, size, size), (axis, angle, scale) => {
      const rotation = fromAxisAngle(axis, angle) ?? identity();
      const m = multiply(multiply(rotation, fromScale(scale)), fromQuaternion(0.1, 0.2, 0.3, 0.4) ?? identity());
      const product = multiply(m, invertAffine(m) ?? fromScale([0, 0, 0]));
      for (const [i, value] of identity().entries()) expect(product[i]).toBeCloseTo(value, 6);
    }),
  );
});
