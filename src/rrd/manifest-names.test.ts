import { expect, test } from "vitest";
import { shownName } from "./manifest-table.js";

// Names of the columns in manifests that Rerun's Python SDK 0.41 wrote.
test.each([
  [undefined, "x", "x"],
  [undefined, "x:y:z", "x:y:z"],
  ["A", "c", "A:c"],
  ["A", "A:c2", "A:c2"],
  ["custom", "custom", "custom:custom"],
  ["custom", "foo:bar", "custom:foo:bar"],
  ["my.Arch", "my.Arch:x", "my.Arch:x"],
  ["my.Arch", "Arch:x", "my.Arch:Arch:x"],
  ["rerun.archetypes.Points3D", "Points3D:positions", "Points3D:positions"],
  ["rerun.archetypes.Points3D", "positions", "Points3D:positions"],
  ["rerun.archetypes.Points3D", "rerun.archetypes.Points3D:q", "Points3D:rerun.archetypes.Points3D:q"],
  ["rerun.blueprint.archetypes.Foo", "pos", "Foo:pos"],
])("in a manifest, component %2$s of archetype %1$s is called %3$s", (archetype, component, expected) => {
  expect(shownName(archetype === undefined ? { component } : { archetype, component })).toBe(expected);
});
