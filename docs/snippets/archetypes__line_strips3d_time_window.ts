// Moving points leave trails: the view shows the segments of the last five seconds, not only the latest one.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_line_strips3d_time_window");

rr.sendBlueprint(
  new rrb.Spatial3DView({
    timeRanges: new rrb.VisibleTimeRange("time", {
      start: rrb.TimeRangeBoundary.cursorRelative({ seconds: -5 }),
      end: rrb.TimeRangeBoundary.cursorRelative(),
    }),
  }),
);

/** Where the point that began at `angle` is: on a helix. */
function position(angle: number, seconds: number): number[] {
  return [Math.cos(angle + 0.5 * seconds), Math.sin(angle + 0.5 * seconds), 0.1 * seconds];
}

for (let i = 1; i <= 600; i++) {
  const [before, now] = [(i - 1) / 30, i / 30];
  rr.setTime("time", { duration: now });
  rr.log(
    "trails",
    new rr.LineStrips3D(
      [0, Math.PI].map((angle) => [position(angle, before), position(angle, now)]),
      {
        colors: [
          [255, 120, 0],
          [0, 180, 255],
        ],
        radii: 0.02,
      },
    ),
  );
}
