// A rectangle, by its smallest corner and its size.
import * as rr from "rerun-ts";

rr.init("rerun_example_box2d");

rr.log("simple", new rr.Boxes2D({ mins: [-1, -1], sizes: [2, 2] }));
