// Sun, planet and moon: each entity's transform is relative to the entity above it, so the moon follows the planet.
import * as rr from "rerun-ts";

rr.init("rerun_example_transform3d_hierarchy");

rr.log("/", rr.ViewCoordinates.RIGHT_HAND_Z_UP, { static: true });

rr.setTime("sim_time", { duration: 0 });
const ball = (radius: number, color: number[]) =>
  new rr.Ellipsoids3D({ centers: [0, 0, 0], radii: radius, colors: color, fillMode: "Solid" });
rr.log("sun", ball(1, [255, 200, 10]));
rr.log("sun/planet", ball(0.4, [40, 80, 200]));
rr.log("sun/planet/moon", ball(0.15, [180, 180, 180]));

const planetDistance = 6;
const moonDistance = 3;
const angles = Array.from({ length: 101 }, (_, i) => i * 0.01 * 2 * Math.PI);
const unitCircle = angles.map((angle) => Float32Array.of(Math.sin(angle), Math.cos(angle), 0));
const circle = (radius: number) => unitCircle.map((point) => point.map((value) => value * radius));
rr.log("sun/planet_path", new rr.LineStrips3D([circle(planetDistance)]));
rr.log("sun/planet/moon_path", new rr.LineStrips3D([circle(moonDistance)]));

for (let i = 0; i < 6 * 120; i++) {
  const seconds = i / 120;
  rr.setTime("sim_time", { duration: seconds });

  const planetAngle = 2 * seconds;
  rr.log(
    "sun/planet",
    new rr.Transform3D({
      translation: [planetDistance * Math.sin(planetAngle), planetDistance * Math.cos(planetAngle), 0],
      rotation: new rr.RotationAxisAngle([1, 0, 0], { degrees: 20 }),
    }),
  );

  const moonAngle = 5 * seconds;
  rr.log(
    "sun/planet/moon",
    new rr.Transform3D({
      translation: [moonDistance * Math.cos(moonAngle), moonDistance * Math.sin(moonAngle), 0],
      relation: "ChildFromParent", // the other way round than usual: where the planet is, seen from the moon
    }),
  );
}
