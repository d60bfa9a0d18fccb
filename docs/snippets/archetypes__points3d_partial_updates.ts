// Changes colours and radii of points without logging their positions again.
import * as rr from "rerun-ts";

rr.init("rerun_example_points3d_partial_updates");

const positions = Array.from({ length: 10 }, (_, i) => [i, 0, 0]);

rr.setTime("frame", { sequence: 0 });
rr.log("points", new rr.Points3D(positions));

for (let frame = 0; frame < 10; frame++) {
  const isPassed = positions.map((_, i) => i < frame);
  const colors = isPassed.map((passed) => (passed ? [20, 200, 20] : [200, 20, 20]));
  const radii = isPassed.map((passed) => (passed ? 0.6 : 0.2));

  rr.setTime("frame", { sequence: frame });
  rr.log("points", rr.Points3D.fromFields({ radii, colors }));
}

// Everything that is not given is emptied.
rr.setTime("frame", { sequence: 20 });
rr.log("points", rr.Points3D.fromFields({ positions, radii: 0.3 }, { clearUnset: true }));
