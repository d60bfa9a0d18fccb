// A component of Rerun's under a descriptor of one's own: viewers know the type and show it as an archetype of that name.
import * as rr from "rerun-ts";

rr.init("rerun_example_descriptors_builtin_component");

const archetype = "user.CustomPoints3D";
const points = rr.describedBatch(rr.components.Position3D, [[1, 2, 3]], { archetype, component: `${archetype}:points` });
rr.log("data", points, { static: true });
