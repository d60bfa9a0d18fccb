import { describe, expect, test } from "vitest";
import type { EntitySchema } from "../../link/client.js";
import { growViews, planViews } from "./layout.js";

const FLOAT = { kind: "float", bits: 32 } as const;

function entity(path: string, ...components: string[]): EntitySchema {
  return { path, components: components.map((component) => ({ descriptor: { component }, type: FLOAT, isStatic: false })) };
}

const points = (path: string): EntitySchema => entity(path, "Points3D:positions");
const image = (path: string): EntitySchema => entity(path, "Image:buffer", "Image:format");
const boxes = (path: string): EntitySchema => entity(path, "Boxes2D:half_sizes");
const scalar = (path: string): EntitySchema => entity(path, "Scalars:scalars");

function shape(entities: readonly EntitySchema[]): string[] {
  return planViews(entities).map(({ viewClass, origin, entities: drawn }) => `${viewClass} ${origin}: ${drawn.join(" ")}`);
}

describe("3D", () => {
  test("is one view at the common ancestor", () => {
    expect(shape([points("/world/a"), points("/world/b/c")])).toEqual(["3d /world: /world/a /world/b/c"]);
    expect(shape([points("/a"), points("/b")])).toEqual(["3d /: /a /b"]);
  });

  test("never begins at a drawn entity, whose own transform would be lost", () => {
    expect(shape([points("/a"), points("/a/b")])).toEqual(["3d /: /a /a/b"]);
  });

  test("is split where entities have view coordinates of their own", () => {
    const up = (path: string): EntitySchema => entity(path, "ViewCoordinates:xyz");
    expect(shape([up("/left"), points("/left/a"), up("/right"), points("/right/a")])).toEqual([
      "3d /left: /left/a",
      "3d /right: /right/a",
    ]);
    expect(shape([up("/w"), up("/w/inner"), points("/w/inner/a"), points("/w/b")])).toEqual(["3d /w: /w/b /w/inner/a"]);
  });

  test("also draws what lies under a pinhole", () => {
    const camera = entity("/world/camera", "Pinhole:image_from_camera");
    expect(shape([points("/world/a"), camera, image("/world/camera/rgb"), boxes("/elsewhere")])).toEqual([
      "3d /world: /world/a /world/camera /world/camera/rgb",
      "2d /world/camera/rgb: /world/camera/rgb",
      "2d /: /elsewhere",
    ]);
  });
});

describe("2D", () => {
  test("is one view per image, with what is flat below and beside it", () => {
    expect(shape([image("/cam/rgb"), boxes("/cam/rgb/found"), boxes("/cam/beside"), image("/cam/depth")])).toEqual([
      "2d /cam/depth: /cam/beside /cam/depth",
      "2d /cam/rgb: /cam/beside /cam/rgb /cam/rgb/found",
    ]);
  });

  test("an image below another is drawn over it", () => {
    expect(shape([image("/camera"), entity("/camera/mask", "SegmentationImage:buffer")])).toEqual([
      "2d /camera: /camera /camera/mask",
    ]);
  });

  test("a segmentation beside a picture is drawn over it, alone it has a view", () => {
    const mask = (path: string): EntitySchema => entity(path, "SegmentationImage:buffer");
    expect(shape([image("/camera/rgb"), mask("/camera/mask"), mask("/other/mask")])).toEqual([
      "2d /camera/rgb: /camera/mask /camera/rgb",
      "2d /other/mask: /other/mask",
    ]);
  });

  test("without an image is one view at the common ancestor", () => {
    expect(shape([boxes("/flat/a"), boxes("/flat/b")])).toEqual(["2d /flat: /flat/a /flat/b"]);
  });
});

test("plots are one view per parent, the log is one, documents are one each, in a fixed order", () => {
  const entities = [
    entity("/log/a", "TextLog:text"),
    entity("/log/b", "TextLog:text"),
    entity("/doc/x", "TextDocument:text"),
    entity("/doc/y", "TextDocument:text"),
    scalar("/plots/sin"),
    scalar("/plots/cos"),
    scalar("/top"),
    points("/p"),
  ];
  expect(planViews(entities).map(({ viewClass, origin }) => `${viewClass} ${origin}`)).toEqual([
    "3d /",
    "time-series /plots",
    "time-series /",
    "text-document /doc/x",
    "text-document /doc/y",
    "text-log /",
  ]);
});

test("a plot is named after its parent entity, and after its series as long as there is one", () => {
  const names = (...paths: readonly string[]): string[] => planViews(paths.map(scalar)).map(({ name }) => name);
  expect(names("/robot/arm/speed", "/top")).toEqual(["arm/speed", "top"]);
  expect(names("/robot/arm/speed", "/robot/arm/angle", "/a", "/b")).toEqual(["Plot", "arm"]);
});

test("entities without anything to draw make no view", () => {
  expect(planViews([entity("/__properties", "RecordingInfo:name"), entity("/t", "Transform3D:translation")])).toEqual([]);
});

describe("growing", () => {
  test("a new entity joins its view, a new kind comes behind, nothing changes its place or id", () => {
    const before = planViews([points("/world/a"), scalar("/plots/sin")]);
    const after = growViews(
      before,
      planViews([image("/cam"), points("/other"), points("/world/a"), scalar("/plots/cos"), scalar("/plots/sin")]),
    );
    expect(after.map(({ id }) => id)).toEqual(["3d:/world", "time-series:/plots", "2d:/cam"]);
    expect(after[0]?.origin).toBe("/");
    expect(after[1]?.entities).toEqual(["/plots/cos", "/plots/sin"]);
  });

  test("nothing new is the same object, and a view is never dropped", () => {
    const before = planViews([points("/a")]);
    expect(growViews(before, planViews([points("/a")]))).toBe(before);
    expect(growViews(before, [])).toBe(before);
  });
});
