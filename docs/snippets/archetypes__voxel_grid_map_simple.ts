// A map of cubes: the occupied cells and a value for each, which becomes a colour.
import * as rr from "rerun-ts";

rr.init("rerun_example_voxel_grid_map_simple");

const cells = [
  [-1, 0, 0],
  [1, 0, 0],
  [1, 1, 0],
  [3, 0, 0],
  [3, 0, 1],
  [4, 0, 1],
];
rr.log(
  "world/voxels",
  new rr.VoxelGridMap(cells, {
    voxelSize: [0.25, 0.25, 0.25],
    values: [0, 0.2, 0.4, 0.6, 0.8, 1],
    translation: [-0.5, -0.5, 0],
    valueRange: [0, 1],
    colormap: "Turbo",
  }),
);
