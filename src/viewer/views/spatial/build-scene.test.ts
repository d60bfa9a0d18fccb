import { describe, expect, test } from "vitest";
import {
  annotationContext,
  booleans,
  bytes,
  colors,
  enums,
  floats,
  ids,
  imageFormat,
  type LoggedEntities,
  mats,
  ranges,
  spatialQuery,
  spatialSpec,
  strips2,
  strips3,
  texts,
  uvec3s,
  vec2s,
  vec3s,
} from "../../../../tests/support/spatial-query.js";
import { classColor, entityColor } from "../../../core/index.js";
import { SceneBuilder } from "./build-scene.js";
import type { ImageDecoder } from "./images.js";
import { transformPoint } from "./mat4.js";
import {
  elementsOfInstance,
  type Geometry,
  instanceOfElement,
  type LinesGeometry,
  type PointsGeometry,
  type SpatialScene,
} from "./scene.js";

const NO_DECODER: ImageDecoder = { decode: () => ({ state: "failed", reason: "no decoder" }) };
const U8 = 6;
const U16 = 8;

function build(
  entities: LoggedEntities,
  viewClass: "3d" | "2d" = "3d",
  budget = 1000,
  hidden: readonly string[] = [],
): SpatialScene {
  const query = spatialQuery(entities, { hidden });
  return new SceneBuilder(NO_DECODER).build(spatialSpec(query, viewClass), query, budget);
}

function only<K extends Geometry["kind"]>(scene: SpatialScene, kind: K): Extract<Geometry, { kind: K }> {
  const found = scene.objects.map(({ geometry }) => geometry).filter((geometry) => geometry.kind === kind);
  expect(found, kind).toHaveLength(1);
  return found[0] as Extract<Geometry, { kind: K }>;
}

describe("points", () => {
  test("keep the recording's own buffers when nothing has to change", () => {
    const positions = vec3s([1, 2, 3], [4, 5, 6]);
    const points = only(build({ "/p": { "Points3D:positions": positions } }), "points");
    expect(points.positions.buffer).toBe(positions.values.children?.[0]?.values?.buffer);
    expect([...points.colors]).toEqual([entityColor("/p")]);
    expect([...points.radii]).toEqual([-1.5]);
  });

  test("shorter lists repeat their last item", () => {
    const scene = build({
      "/p": {
        "Points3D:positions": vec3s([0, 0, 0], [1, 0, 0], [2, 0, 0]),
        "Points3D:colors": colors(0x11111111, 0x22222222),
        "Points3D:radii": floats(1, -2),
      },
    });
    const points = only(scene, "points");
    expect([...points.colors]).toEqual([0x11111111, 0x22222222, 0x22222222]);
    expect([...points.radii]).toEqual([1, -2, -2]);
  });

  test("NaN and infinity hide a point and widen nothing", () => {
    const scene = build({
      "/p": { "Points3D:positions": vec3s([Number.NaN, 0, 0], [1, 1, 1], [0, Number.POSITIVE_INFINITY, 0], [2, 2, 2]) },
    });
    const points = only(scene, "points");
    expect([...points.radii]).toEqual([0, -1.5, 0, -1.5]);
    expect(points.positions.every(Number.isFinite)).toBe(true);
    expect(scene.bounds).toEqual({ min: [0, 0, 0], max: [2, 2, 2] });
  });

  test("a few far outliers do not decide what the camera looks at", () => {
    const positions = Array.from({ length: 500 }, (_, i) => [i % 10, Math.floor(i / 10) % 10, i / 50]);
    positions[77] = [1e9, -1e9, 1e9];
    const { bounds } = build({ "/p": { "Points3D:positions": vec3s(...positions) } });
    expect(Math.max(...bounds.max)).toBeLessThan(20);
    expect(Math.min(...bounds.min)).toBeGreaterThan(-20);
  });

  test("clouds beyond the budget give the same share each, evenly, and the scene says so", () => {
    const cloud = (count: number): LoggedEntities[string] => ({
      "Points3D:positions": vec3s(...Array.from({ length: count }, (_, i) => [i, 0, 0])),
    });
    const scene = build({ "/a": cloud(3000), "/b": cloud(1000) }, "3d", 400);
    const [a, b] = scene.objects.map(({ geometry }) => geometry as PointsGeometry);
    expect([a?.count, b?.count]).toEqual([300, 100]);
    expect(scene.reduction).toBe("400 of 4 k points");
    const gaps = Array.from(a?.instances ?? [], (instance, i) => instance - (a?.instances?.[i - 1] ?? 0));
    expect(Math.max(...gaps), "one of every ten").toBeLessThanOrEqual(20);
    expect(a?.positions[3 * 7]).toBe(a?.instances?.[7]);
    const object = scene.objects[0];
    if (object === undefined) return;
    expect(instanceOfElement(object, 7)).toBe(a?.instances?.[7]);
    expect(elementsOfInstance(object, a?.instances?.[7] ?? -1)).toEqual([7, 7]);
  });
});

describe("annotations", () => {
  const CONTEXT = annotationContext(
    { id: 1, label: "chair", color: 0xff0000ff },
    {
      id: 2,
      label: "person",
      keypoints: [
        { id: 0, label: "head", color: 0x00ff00ff },
        { id: 1, label: "foot" },
      ],
      connections: [[0, 1]],
    },
  );

  test("come from the nearest ancestor; explicit colours win; unknown classes get Rerun's automatic colours", () => {
    const positions = vec3s([0, 0, 0], [1, 0, 0]);
    const scene = build({
      "/": { "AnnotationContext:context": CONTEXT },
      "/a/b": { "Points3D:positions": positions, "Points3D:class_ids": ids(1, 9) },
      "/near": { "AnnotationContext:context": { ...annotationContext({ id: 1, color: 0x0000ffff }), key: "near" } },
      "/near/c": { "Points3D:positions": positions, "Points3D:class_ids": ids(1) },
      "/x": { "Points3D:positions": positions, "Points3D:class_ids": ids(1), "Points3D:colors": colors(0xabcdef01) },
    });
    const colorsOf = (path: string): number[] =>
      scene.objects.flatMap(({ entityPath, geometry }) => (entityPath === path ? [...(geometry as PointsGeometry).colors] : []));
    expect(colorsOf("/a/b")).toEqual([0xff0000ff, classColor(9)]);
    expect(colorsOf("/near/c")).toEqual([0x0000ffff]);
    expect(colorsOf("/x")).toEqual([0xabcdef01]);
    expect(scene.labels.map(({ text }) => text)).toContain("chair");
    expect(classColor(0), "hue 0, saturation 0.85, value 0.5 in linear light").toBe(0xbc4d4dff);
  });

  test("keypoints have their own colours and names, and lines between them", () => {
    const scene = build({
      "/": { "AnnotationContext:context": CONTEXT },
      "/p": {
        "Points3D:positions": vec3s([0, 0, 2], [0, 0, 0]),
        "Points3D:class_ids": ids(2),
        "Points3D:keypoint_ids": ids(0, 1),
      },
    });
    expect([...only(scene, "points").colors]).toEqual([0x00ff00ff, classColor(2)]);
    expect(scene.labels.map(({ text }) => text)).toEqual(["head", "foot"]);
    expect([...only(scene, "lines").segments]).toEqual([0, 0, 2, 0, 0, 0]);
  });
});

describe("labels", () => {
  const positions = vec3s(...Array.from({ length: 40 }, (_, i) => [i, 0, 0]));
  const names = texts(...Array.from({ length: 40 }, (_, i) => `n${i}`));

  test("many are hidden unless wanted; none when not wanted", () => {
    const labels = (more: LoggedEntities[string]): number =>
      build({ "/p": { "Points3D:positions": positions, "Points3D:labels": names, ...more } }).labels.length;
    expect(labels({})).toBe(0);
    expect(labels({ "Points3D:show_labels": booleans(true) })).toBe(40);
    expect(labels({ "Points3D:positions": vec3s([0, 0, 0]), "Points3D:show_labels": booleans(false) })).toBe(0);
  });

  test("one for several instances stands in their middle", () => {
    const scene = build({ "/p": { "Points3D:positions": vec3s([0, 0, 0], [4, 2, 0]), "Points3D:labels": texts("both") } });
    expect(scene.labels).toMatchObject([{ text: "both", position: [2, 1, 0] }]);
  });
});

describe("lines, arrows, boxes", () => {
  test("a strip of n points has n - 1 segments that all are its instance", () => {
    const lines = only(
      build({
        "/l": {
          "LineStrips3D:strips": strips3(
            [
              [0, 0, 0],
              [1, 0, 0],
              [1, 1, 0],
            ],
            [[9, 9, 9]],
            [
              [5, 5, 5],
              [6, 6, Number.NaN],
              [7, 7, 7],
              [8, 8, 8],
            ],
          ),
          "LineStrips3D:colors": colors(1, 2, 3),
        },
      }),
      "lines",
    );
    expect([...(lines.instances ?? [])], "a segment that ends nowhere is left out").toEqual([0, 0, 2]);
    expect([...lines.colors]).toEqual([1, 1, 3]);
    expect([...lines.segments.subarray(6, 12)]).toEqual([1, 0, 0, 1, 1, 0]);
  });

  test("two-dimensional boxes become four edges; arrows start at their origins", () => {
    const scene = build(
      {
        "/a": { "Arrows2D:vectors": vec2s([1, 2], [3, 4]), "Arrows2D:origins": vec2s([10, 10]) },
        "/b": { "Boxes2D:half_sizes": vec2s([2, 1]), "Boxes2D:centers": vec2s([5, 5]) },
      },
      "2d",
    );
    const [box, arrow] = scene.objects.map(({ geometry }) => geometry as LinesGeometry);
    expect(box?.count).toBe(4);
    expect(box?.bounds).toEqual({ min: [3, 4, 0], max: [7, 6, 0] });
    expect([...(arrow?.segments ?? [])]).toEqual([10, 10, 0, 11, 12, 0, 10, 10, 0, 13, 14, 0]);
    expect(arrow?.cap).toBe("arrow");
  });

  test("fill modes choose between edges, faces and both", () => {
    const kinds = (mode: LoggedEntities[string]): string[] =>
      build({ "/b": { "Boxes3D:half_sizes": vec3s([1, 2, 3]), ...mode } }).objects.map(({ geometry }) => geometry.kind);
    expect(kinds({})).toEqual(["shapes", "lines"]);
    expect(kinds({ "Boxes3D:fill_mode": enums(1) })).toEqual(["lines"]);
    expect(kinds({ "Boxes3D:fill_mode": enums(3) })).toEqual(["shapes"]);
    const scene = build({ "/b": { "Boxes3D:half_sizes": vec3s([1, 2, 3]), "Boxes3D:centers": vec3s([10, 0, 0]) } });
    expect(scene.bounds).toEqual({ min: [9, -2, -3], max: [11, 2, 3] });
  });

  test("instance poses multiply boxes and meshes", () => {
    const poses = { "InstancePoses3D:translations": vec3s([0, 0, 0], [10, 0, 0], [20, 0, 0]) };
    const boxes = build({ "/b": { "Boxes3D:half_sizes": vec3s([1, 1, 1]), "Boxes3D:fill_mode": enums(3), ...poses } });
    expect(only(boxes, "shapes").count).toBe(3);
    const mesh = build({ "/m": { "Mesh3D:vertex_positions": vec3s([0, 0, 0], [1, 0, 0], [0, 1, 0]), ...poses } });
    expect(mesh.objects.map(({ instance, viewFromEntity }) => [instance, transformPoint(viewFromEntity, [0, 0, 0])[0]])).toEqual([
      [0, 0],
      [1, 10],
      [2, 20],
    ]);
    expect(new Set(mesh.objects.map(({ geometry }) => geometry)).size, "one geometry").toBe(1);
  });
});

test("a mesh without normals gets them; triangles without vertices are left out", () => {
  const mesh = only(
    build({
      "/m": {
        "Mesh3D:vertex_positions": vec3s([0, 0, 0], [1, 0, 0], [0, 1, 0]),
        "Mesh3D:triangle_indices": uvec3s([0, 1, 2], [0, 1, 99]),
      },
    }),
    "mesh",
  );
  expect([...(mesh.indices ?? [])]).toEqual([0, 1, 2]);
  expect([...mesh.normals]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1]);
  expect(mesh.albedo).toBe(0xffffffff);
});

describe("cameras", () => {
  const CAMERA: LoggedEntities[string] = {
    "Pinhole:image_from_camera": mats([2, 0, 0, 0, 2, 0, 1, 1, 1]),
    "Pinhole:resolution": vec2s([2, 2]),
  };

  test("a depth image becomes points along the pixels' rays", () => {
    const depths = Uint16Array.of(1000, 2000, 0, 4000);
    const scene = build({
      "/cam": CAMERA,
      "/cam/depth": {
        "DepthImage:buffer": bytes(new Uint8Array(depths.buffer)),
        "DepthImage:format": imageFormat(2, 2, { datatype: U16 }),
        "DepthImage:depth_range": ranges([0, 4000]),
        "DepthImage:colormap": enums(1),
      },
    });
    const points = only(scene, "points");
    expect([...(points.instances ?? [])], "no point without a depth").toEqual([0, 1, 3]);
    expect([...points.positions]).toEqual([-0.25, -0.25, 1, 0.5, -0.5, 2, 1, 1, 4]);
    expect([...points.colors]).toEqual([0x404040ff, 0x808080ff, 0xffffffff]);
  });

  test("its image lies on the image plane, inside the frustum", () => {
    const scene = build({
      "/cam": {
        ...CAMERA,
        "Pinhole:image_plane_distance": floats(4),
        "Image:buffer": bytes(new Uint8Array(4)),
        "Image:format": imageFormat(2, 2, { colorModel: 1, datatype: U8 }),
      },
    });
    const image = scene.objects.find(({ geometry }) => geometry.kind === "image");
    expect(image && transformPoint(image.viewFromEntity, [0, 0, 0])).toEqual([-2, -2, 4]);
    expect(image && transformPoint(image.viewFromEntity, [2, 2, 0])).toEqual([2, 2, 4]);
    expect(only(scene, "lines").bounds.max[2]).toBe(4);
  });

  test("view coordinates give up and forward", () => {
    const scene = build({
      "/": { "ViewCoordinates:xyz": { ...spatialAxes(3, 1, 6) } },
      "/p": { "Points3D:positions": vec3s([0, 0, 0]) },
    });
    expect([scene.up, scene.forward]).toEqual([
      [0, 1, 0],
      [0, 0, -1],
    ]);
    expect(build({}).up).toEqual([0, 0, 1]);
  });
});

function spatialAxes(...axes: number[]): LoggedEntities[string][string] {
  return { ...uvec3s(axes) };
}

describe("2D", () => {
  const IMAGE: LoggedEntities[string] = {
    "Image:buffer": bytes(new Uint8Array(12)),
    "Image:format": imageFormat(2, 2, { colorModel: 2, datatype: U8 }),
  };
  const SEGMENTATION: LoggedEntities[string] = {
    "SegmentationImage:buffer": bytes(Uint8Array.of(0, 1, 1, 0)),
    "SegmentationImage:format": imageFormat(2, 2, { datatype: U8 }),
  };

  test("things are stacked by their draw order, pictures lowest", () => {
    const scene = build(
      {
        "/a": { "Points2D:positions": vec2s([1, 1]) },
        "/b": {
          "LineStrips2D:strips": strips2([
            [0, 0],
            [1, 1],
          ]),
        },
        "/c": IMAGE,
        "/d": { "Points2D:positions": vec2s([1, 1]), "Points2D:draw_order": floats(-50) },
        "/e": SEGMENTATION,
      },
      "2d",
    );
    expect(scene.objects.map(({ entityPath }) => entityPath)).toEqual(["/d", "/c", "/e", "/b", "/a"]);
  });

  test("a segmentation over a picture is see-through, alone it is not", () => {
    const opacity = (entities: LoggedEntities): number | undefined =>
      build(entities, "2d").objects.flatMap(({ entityPath, geometry }) =>
        entityPath === "/seg" && geometry.kind === "image" ? [geometry.opacity] : [],
      )[0];
    expect(opacity({ "/seg": SEGMENTATION })).toBe(1);
    expect(opacity({ "/seg": SEGMENTATION, "/image": IMAGE })).toBe(0.5);
    expect(opacity({ "/seg": { ...SEGMENTATION, "SegmentationImage:opacity": floats(0.25) }, "/image": IMAGE })).toBe(0.25);
  });

  test("an image with too few bytes is a problem that is told, not a crash", () => {
    const scene = build({ "/i": { ...IMAGE, "Image:buffer": bytes(new Uint8Array(5)) } }, "2d");
    expect(scene.objects).toEqual([]);
    expect(scene.problems).toEqual(["/i: the image has 5 bytes, 2×2 pixels need 12"]);
  });

  test("hidden entities are not drawn", () => {
    expect(build({ "/i": IMAGE, "/p": { "Points2D:positions": vec2s([1, 1]) } }, "2d", 1000, ["/i"]).objects).toHaveLength(1);
  });
});

test("a new query with the same cells builds nothing and gives the same geometries", () => {
  const entities: LoggedEntities = {
    "/p": { "Points3D:positions": vec3s([0, 0, 0]) },
    "/b": { "Boxes3D:half_sizes": vec3s([1, 1, 1]) },
    "/moving": { "Points3D:positions": vec3s([1, 1, 1]), "Transform3D:translation": { ...vec3s([0, 0, 1]), key: "t0" } },
  };
  const builder = new SceneBuilder(NO_DECODER);
  const first = spatialQuery(entities);
  const spec = spatialSpec(first, "3d");
  const before = builder.build(spec, first, 1000);
  const built = builder.numBuilt;
  const later = spatialQuery({
    ...entities,
    "/moving": { ...entities["/moving"], "Transform3D:translation": { ...vec3s([0, 0, 2]), key: "t1" } },
  });
  const after = builder.build(spec, later, 1000);
  expect(builder.numBuilt).toBe(built);
  expect(after.objects.map(({ geometry }) => geometry)).toEqual(before.objects.map(({ geometry }) => geometry));
  for (const [i, { geometry }] of after.objects.entries()) expect(geometry, `object ${i}`).toBe(before.objects[i]?.geometry);
  expect(after.objects.find(({ entityPath }) => entityPath === "/moving")?.viewFromEntity[14]).toBe(2);
});
