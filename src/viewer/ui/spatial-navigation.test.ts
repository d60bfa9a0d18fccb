import { describe, expect, test } from "vitest";
import { bytes, type LoggedEntities, spatialQuery, spatialSpec, vec2s, vec3s } from "../../../tests/support/spatial-query.js";
import { type DecodeResult, SceneBuilder, type SpatialScene } from "../views/spatial/index.js";
import { SpatialNavigation } from "./spatial-navigation.js";

const WIDE = { width: 400, height: 100 };
const TALL = { width: 100, height: 400 };

function scene(entities: LoggedEntities, viewClass: "2d" | "3d", picture: DecodeResult = { state: "pending" }): SpatialScene {
  const query = spatialQuery(entities);
  return new SceneBuilder({ decode: () => picture }).build(spatialSpec(query, viewClass), query, 1000);
}

const cloud = (scale: number): SpatialScene =>
  scene({ "/p": { "Points3D:positions": vec3s([-scale, -scale, 0], [scale, scale, scale]) } }, "3d");

describe("where a spatial view looks from", () => {
  test("a new size shows the same data as before, until the user moves", () => {
    const navigation = new SpatialNavigation();
    navigation.setSize(WIDE);
    navigation.setScene(cloud(1), true);
    const wide = navigation.camera;
    navigation.setScene(cloud(10), true);
    expect(navigation.camera).toBe(wide);
    navigation.setSize(TALL);
    const tall = navigation.camera;
    navigation.setSize(WIDE);
    expect(navigation.camera).toEqual(wide);
    if (wide?.kind !== "orbit" || tall?.kind !== "orbit") throw new Error("expected orbits");
    expect(tall.orbit.target).toEqual(wide.orbit.target);
    expect(tall.orbit.distance).toBeGreaterThan(wide.orbit.distance);

    navigation.drag("turn", 30, 0);
    const turned = navigation.camera;
    navigation.setSize(TALL);
    expect(navigation.camera).toBe(turned);
    navigation.reset();
    navigation.setSize(WIDE);
    expect(navigation.camera).not.toEqual(wide); // a reset looks at what there is now
  });

  test("a picture that is still decoded is waited for", () => {
    const entities = {
      "/photo": { "EncodedImage:blob": bytes(Uint8Array.of(0xff, 0xd8, 0xff)) },
      "/photo/mark": { "Points2D:positions": vec2s([30, 40], [50, 60]) },
    };
    const pixels = { kind: "rgba" as const, width: 100, height: 200, data: new Uint8Array(100 * 200 * 4) };
    const navigation = new SpatialNavigation();
    navigation.setSize(WIDE);
    const before = scene(entities, "2d");
    expect([before.isPending, before.bounds.max]).toEqual([true, [50, 60, 0]]);
    navigation.setScene(before, !before.isPending);
    const after = scene(entities, "2d", { state: "done", pixels });
    expect([after.isPending, after.bounds.max]).toEqual([false, [100, 200, 0]]);
    navigation.setScene(after, !after.isPending);
    expect(navigation.camera).toMatchObject({ kind: "pan-zoom", panZoom: { centerX: 50, centerY: 100 } });
  });
});
