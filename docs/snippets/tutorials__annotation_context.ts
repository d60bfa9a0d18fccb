// Two annotation contexts: each holds for the entities below the path it is logged to.
import * as rr from "rerun-ts";

rr.init("rerun_example_annotation_context_connections");

// Two classes; the first gets its colour from the viewer.
rr.log(
  "masks",
  new rr.AnnotationContext([
    new rr.AnnotationInfo(0, { label: "Background" }),
    new rr.AnnotationInfo(1, { label: "Person", color: [255, 0, 0] }),
  ]),
  { static: true },
);

// One class with ten keypoints, joined into a chain.
const ids = Array.from({ length: 10 }, (_, id) => id);
rr.log(
  "detections",
  new rr.ClassDescription({
    info: { id: 0, label: "Snake" },
    keypointAnnotations: ids.map((id) => ({ id, color: [0, 28 * id, 0] })),
    keypointConnections: ids.slice(1).map((id) => [id - 1, id]),
  }),
  { static: true },
);
