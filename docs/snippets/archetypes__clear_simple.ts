// Removes entities from view: from now on they are empty, until something is logged to them again.
import * as rr from "rerun-ts";

rr.init("rerun_example_clear");

const arrows = [
  { vector: [1, 0, 0], origin: [-0.5, 0.5, 0], color: [200, 0, 0] },
  { vector: [0, -1, 0], origin: [0.5, 0.5, 0], color: [0, 200, 0] },
  { vector: [-1, 0, 0], origin: [0.5, -0.5, 0], color: [0, 0, 200] },
  { vector: [0, 1, 0], origin: [-0.5, -0.5, 0], color: [200, 0, 200] },
];
for (const [i, { vector, origin, color }] of arrows.entries()) {
  rr.log(`arrows/${i}`, new rr.Arrows3D({ vectors: [vector], origins: [origin], colors: color }));
}

// `rr.Clear.recursive()` logged to "arrows" would do the same in one call.
for (const i of arrows.keys()) rr.log(`arrows/${i}`, rr.Clear.flat());
