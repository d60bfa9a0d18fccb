// The path of an entity is its place in the tree of transforms: the moon is moved by its own and by the planet's.
import * as rr from "rerun-ts";

rr.init("rerun_example_transform3d_hierarchy_simple");

const ball = (radius: number, color: number[]) => new rr.Ellipsoids3D({ radii: radius, colors: color, fillMode: "Solid" });
rr.log("sun", ball(1, [255, 200, 10]));
rr.log("sun/planet", ball(0.4, [40, 80, 200]));
rr.log("sun/planet/moon", ball(0.15, [180, 180, 180]));

rr.log("sun/planet", new rr.Transform3D({ translation: [6, 0, 0] }));
rr.log("sun/planet/moon", new rr.Transform3D({ translation: [3, 0, 0] })); // 9 from the sun
