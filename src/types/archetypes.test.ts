import { describe, expect, test } from "vitest";
import { instanceValues } from "../../tests/support/instance-values.js";
import { compareDescriptors, dataTypeKey } from "../core/index.js";
import type { AsComponents, ComponentColumn, ComponentLayout } from "./component-batch.js";
import * as archetypes from "./gen/archetypes.js";
import * as rr from "./index.js";

interface ArchetypeClass {
  readonly archetype: string;
  readonly layouts: readonly ComponentLayout[];
  cleared(): AsComponents;
  columns(fields: object): Iterable<ComponentColumn>;
  fromFields(fields: object): AsComponents;
}
const classes = Object.entries(archetypes) as unknown as readonly (readonly [string, ArchetypeClass])[];

test("there is a class for every archetype of Rerun 0.41", () => {
  expect(classes.map(([name]) => name).sort()).toEqual([...rr.archetypeNames()].sort());
  expect(classes).toHaveLength(54);
});

describe.each(classes)("%s", (name, archetype) => {
  test("names its components in the order of a file", () => {
    const descriptors = archetype.layouts.map((layout) => layout.descriptor);
    expect([...descriptors].sort(compareDescriptors)).toEqual(descriptors);
    for (const { archetype: owner, component } of descriptors) {
      expect(owner).toBe(`rerun.archetypes.${name}`);
      expect(component.startsWith(`${name}:`)).toBe(true);
    }
  });

  test("shares its layouts among all instances", () => {
    expect(archetype.cleared().layouts).toBe(archetype.layouts);
    expect(archetype.fromFields({}).layouts).toBe(archetype.layouts);
    expect(archetype.fromFields({}).data.every((data) => data === undefined)).toBe(true);
    expect(archetype.cleared()).toBeInstanceOf(archetype);
  });

  test("is found by identifier", () => {
    for (const layout of archetype.layouts) expect(rr.componentLayout(layout.descriptor.component)).toBe(layout);
  });
});

test("layouts of unknown components are not found", () => {
  expect(rr.componentLayout("Points3D:nothing")).toBeUndefined();
  expect(rr.componentLayout("Nothing:positions")).toBeUndefined();
  expect(rr.componentLayout("toString")).toBeUndefined();
  expect(rr.componentType("rerun.components.Color")).toEqual(rr.components.Color.type);
});

test("one scalar is the number itself", () => {
  expect(new rr.Scalars(1.5).data).toEqual([1.5]);
});

test("constants are archetypes to log", () => {
  expect(rr.ViewCoordinates.RIGHT_HAND_Y_UP).toBeInstanceOf(rr.ViewCoordinates);
  expect(rr.ViewCoordinates.RUB.data).toEqual([[3, 1, 6]]);
});

test("keypoints without classes are of class 0", () => {
  const { layouts, data } = new rr.Points3D([1, 2, 3], { keypointIds: 7 });
  expect(data[layouts.findIndex((layout) => layout.descriptor.component === "Points3D:class_ids")]).toBe(0);
});

test.each(["YXHW", "YXYX"] as const)("boxes given as %s keep their order", (arrayFormat) => {
  const array =
    arrayFormat === "YXHW"
      ? [
          [20, 10, 40, 30],
          [2, 1, 4, 3],
        ]
      : [
          [20, 10, 60, 40],
          [2, 1, 6, 4],
        ];
  const boxes = new rr.Boxes2D({ array, arrayFormat });
  const valuesOf = (component: string): unknown => {
    const index = boxes.layouts.findIndex((layout) => layout.descriptor.component === component);
    const layout = boxes.layouts[index] as ComponentLayout;
    return instanceValues(layout.type, boxes.data[index] ?? []);
  };
  expect(valuesOf("Boxes2D:centers")).toEqual([
    [25, 40],
    [2.5, 4],
  ]);
  expect(valuesOf("Boxes2D:half_sizes")).toEqual([
    [15, 20],
    [1.5, 2],
  ]);
});

test("radii in points of the user interface are negative", () => {
  expect(rr.Radius.uiPoints(3)).toBe(-3);
  expect(rr.Radius.uiPoints([1, -2])).toEqual(Float32Array.of(-1, -2));
});

test("a class description is a context of one class", () => {
  const description = new rr.ClassDescription({
    info: new rr.AnnotationInfo(3, { label: "car", color: [255, 0, 0] }),
    keypointConnections: [[0, 1]],
  });
  const [layout] = description.layouts as [ComponentLayout];
  expect(layout.descriptor.component).toBe("AnnotationContext:context");
  expect(instanceValues(layout.type, description.data[0] ?? [])).toEqual([
    [
      {
        class_id: 3,
        class_description: {
          info: { id: 3, label: "car", color: 0xff0000ff },
          keypoint_annotations: [],
          keypoint_connections: [{ keypoint0: 0, keypoint1: 1 }],
        },
      },
    ],
  ]);
});

describe("columns", () => {
  const lengths = (columns: Iterable<ComponentColumn>): unknown => [...columns].map((column) => column.lengths ?? "one each");

  test("hold one value per row", () => {
    expect(lengths(rr.Scalars.columns({ scalars: [1, 2, 3] }))).toEqual(["one each"]);
    expect(lengths(rr.TextLog.columns({ text: ["a", "b"] }))).toEqual(["one each"]);
    expect(
      lengths(
        rr.Points3D.columns({
          positions: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        }),
      ),
    ).toEqual(["one each"]);
  });

  test("hold rows of several values where lists lie one deeper", () => {
    const [scalars] = rr.Scalars.columns({ scalars: [[1, 2], [], [3]] });
    expect(scalars).toMatchObject({ data: Float64Array.of(1, 2, 3), lengths: [2, 0, 1] });
    const [points] = rr.Points2D.columns({
      positions: [
        [
          [1, 2],
          [3, 4],
        ],
        [[5, 6]],
      ] as never,
    });
    expect(points).toMatchObject({ data: Float32Array.of(1, 2, 3, 4, 5, 6), lengths: [2, 1] });
    const [shaped] = rr.Points2D.columns({ positions: { data: new Float32Array(12), shape: [2, 3, 2] } });
    expect(shaped?.lengths).toEqual([3, 3]);
  });

  test("are cut into rows by partition", () => {
    expect(lengths(rr.Points3D.columns({ positions: new Float32Array(15) }).partition([2, 3]))).toEqual([[2, 3]]);
  });
});

test("a described batch has a descriptor of its own", () => {
  const batch = rr.describedBatch(rr.components.Position3D, [[1, 2, 3]], { component: "custom:pos" });
  expect(batch.layouts[0]?.descriptor).toEqual({ component: "custom:pos", componentType: "rerun.components.Position3D" });
  expect(dataTypeKey(batch.layouts[0]?.type ?? { kind: "null" })).toBe("FixedSizeList(3 x non-null Float32)");
  expect([...batch.columns([1])][0]?.lengths).toEqual([1]);
});

test("any values of the same names and types share their layouts", () => {
  expect(new rr.AnyValues({ b: 1, a: "x" }).layouts).toBe(new rr.AnyValues({ a: "y", b: 2 }).layouts);
});
