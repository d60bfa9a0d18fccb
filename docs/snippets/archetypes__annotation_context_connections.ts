// Names, colours and joins the keypoints of a class: points with keypoint ids are drawn as a skeleton.
import * as rr from "rerun-ts";

rr.init("rerun_example_annotation_context_connections");

rr.log(
  "/",
  new rr.AnnotationContext(
    new rr.ClassDescription({
      info: { id: 0 },
      keypointAnnotations: [
        { id: 0, label: "zero", color: [255, 0, 0] },
        { id: 1, label: "one", color: [0, 255, 0] },
        { id: 2, label: "two", color: [0, 0, 255] },
        { id: 3, label: "three", color: [255, 255, 0] },
      ],
      keypointConnections: [
        [0, 2],
        [1, 2],
        [2, 3],
      ],
    }),
  ),
  { static: true },
);

const keypoints = [
  [0, 0, 0],
  [50, 0, 20],
  [100, 100, 30],
  [0, 50, 40],
];
rr.log("points", new rr.Points3D(keypoints, { classIds: 0, keypointIds: [0, 1, 2, 3] }));
