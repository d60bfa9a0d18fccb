// A place on the map, in degrees. Its size is given in points of the screen: it does not change with the zoom.
import * as rr from "rerun-ts";

rr.init("rerun_example_geo_points");

rr.log("rerun_hq", new rr.GeoPoints({ latLon: [59.319221, 18.075631], radii: rr.Radius.uiPoints(10), colors: [255, 0, 0] }));
