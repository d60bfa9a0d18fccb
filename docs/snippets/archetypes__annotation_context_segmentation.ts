// Names and colours for the class ids in a segmentation image.
import * as rr from "rerun-ts";

rr.init("rerun_example_annotation_context_segmentation");

const classes = [
  { id: 1, label: "red", color: [255, 0, 0] },
  { id: 2, label: "green", color: [0, 255, 0] },
];
rr.log("segmentation", new rr.AnnotationContext(classes), { static: true });

// Each pixel is the id of a class; what is in no class stays 0.
const [height, width] = [200, 300];
const data = new Uint8Array(height * width);
const rectangles = [
  { id: 1, top: 50, bottom: 100, left: 50, right: 120 },
  { id: 2, top: 100, bottom: 180, left: 130, right: 280 },
];
for (const { id, top, bottom, left, right } of rectangles) {
  for (let y = top; y < bottom; y++) data.fill(id, y * width + left, y * width + right);
}
rr.log("segmentation/image", new rr.SegmentationImage({ data, shape: [height, width] }));
