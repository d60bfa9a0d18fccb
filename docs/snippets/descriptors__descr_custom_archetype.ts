// An archetype of one's own: several batches, each with its descriptor, logged as one row.
import * as rr from "rerun-ts";

rr.init("rerun_example_descriptors_custom_archetype");

/** Points under our own names. The positions are stored like Rerun's, but say that they mean something else. */
function customPoints3D(positions: number[][], colors: number[][]): rr.AsComponents[] {
  const archetype = "user.CustomPoints3D";
  return [
    rr.describedBatch(rr.components.Position3D, positions, {
      archetype,
      component: `${archetype}:custom_positions`,
      componentType: "user.CustomPosition3D",
    }),
    rr.describedBatch(rr.components.Color, colors, { archetype, component: `${archetype}:colors` }),
  ];
}

rr.log("data", customPoints3D([[1, 2, 3]], [[255, 0, 255]]), { static: true });
