// An ellipse, by its centre and half of its width and height.
import * as rr from "rerun-ts";

rr.init("rerun_example_ellipses2d");

rr.log("simple", new rr.Ellipses2D({ centers: [0, 0], halfSizes: [2, 1] }));
