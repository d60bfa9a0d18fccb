import * as rr from "../../../src/index.js";

/** Each function logs what the function of the same name in ../python/log_cases.py does. */

export function points(rec: rr.RecordingStream): void {
  rec.setTime("frame", { sequence: 1 });
  const two = [
    [1, 2, 3],
    [4, 5, 6.5],
  ];
  const colors = [
    [255, 0, 0],
    [0, 255, 0, 128],
  ];
  rec.log("world/points", new rr.Points3D(two, { colors, radii: [0.25, 2], labels: ["a", "größe"] }));
  const one = { colors: 0xff00ffff, radii: rr.Radius.uiPoints(3), showLabels: true, classIds: 7, keypointIds: [1] };
  rec.log("world/one", new rr.Points3D([[0, 0, 0]], one));
  const flat = Float32Array.from({ length: 30 }, (_, i) => i);
  rec.log("world/floats", new rr.Points3D(flat, { colors: [new Float32Array([1, 0.5, 0.25])] }));
  const flatPoints = [
    [1, 2],
    [3, 4],
  ];
  rec.log("image/points", new rr.Points2D(flatPoints, { drawOrder: 3, labels: "both" }));
  rec.log("world/none", new rr.Points3D([]));
}

export function lines(rec: rr.RecordingStream): void {
  rec.setTime("frame", { sequence: -5 });
  const strips = [
    [
      [0, 0, 0],
      [1, 1, 1],
      [2, 0, 0],
    ],
    [
      [5, 5, 5],
      [6, 6, 6],
    ],
  ];
  const colors = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  rec.log("strips", new rr.LineStrips3D(strips, { colors, radii: 0.5, labels: ["x", "y"] }));
  const strip = [
    [0, 0],
    [1, 1],
  ];
  rec.log("strips2d", new rr.LineStrips2D([strip]));
  const vectors = [
    [1, 0, 0],
    [0, 2, 0],
  ];
  const origins = [
    [0, 0, 0],
    [1, 1, 1],
  ];
  const labels = ["right", "up"];
  rec.log("arrows", new rr.Arrows3D({ vectors, origins, colors: [[0, 0, 255]], radii: [0.125], labels }));
  rec.log("arrows2d", new rr.Arrows2D({ vectors: [[1, 0]], origins: [[2, 3]] }));
}

export function boxes(rec: rr.RecordingStream): void {
  const half = { halfSizes: [[1, 2, 3]], centers: [[4, 5, 6]], colors: [[9, 8, 7]], labels: "box", fillMode: "solid" as const };
  rec.log("boxes/half", new rr.Boxes3D(half));
  const sizes = [
    [2, 4, 6],
    [1, 1, 1],
  ];
  const quaternions = [new rr.Quaternion({ xyzw: [0, 0, 0, 1] }), new rr.Quaternion({ xyzw: [0.5, 0.5, 0.5, 0.5] })];
  rec.log("boxes/sizes", new rr.Boxes3D({ sizes, quaternions }));
  rec.log("boxes/min", new rr.Boxes3D({ mins: [[0, 0, 0]], sizes: [[2, 2, 2]], radii: [0.5] }));
  const array = [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ];
  rec.log("boxes2d", new rr.Boxes2D({ array, arrayFormat: "XYWH", labels: ["a", "b"], classIds: [1, 2] }));
}

export function transforms(rec: rr.RecordingStream): void {
  rec.setTime("t", { duration: 1.5 });
  const translation = [1, 2, 3];
  rec.log("a", new rr.Transform3D({ translation }));
  const mat3x3 = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ];
  rec.log("b", new rr.Transform3D({ translation, mat3x3 }));
  rec.log("c", new rr.Transform3D({ rotation: new rr.RotationAxisAngle([0, 0, 1], { radians: 0.5 }), scale: 2 }));
  const quaternion = new rr.Quaternion({ xyzw: [0, 0, 0, 1] });
  const relation = rr.TransformRelation.ChildFromParent;
  rec.log("d", new rr.Transform3D({ quaternion, scale: [1, 2, 3], relation }));
  rec.log("e", [new rr.Transform3D({ childFrame: "child", parentFrame: "parent" }), new rr.TransformAxes3D(1.5)]);
  rec.log("cam", new rr.Pinhole({ focalLength: 3, width: 8, height: 6 }));
  const imageFromCamera = [
    [3, 0, 1.5],
    [0, 3, 1.5],
    [0, 0, 1],
  ];
  const cameraXyz = rr.ViewCoordinates.RUB;
  rec.log("cam2", new rr.Pinhole({ imageFromCamera, resolution: [3, 3], cameraXyz, imagePlaneDistance: 2 }));
  rec.log("/", rr.ViewCoordinates.RIGHT_HAND_Z_UP, { static: true });
}

export function annotationContext(rec: rr.RecordingStream): void {
  const classes = [
    { id: 1, label: "red", color: [255, 0, 0] },
    { id: 2, label: "green", color: [0, 255, 0] },
  ];
  rec.log("seg", new rr.AnnotationContext(classes), { static: true });
  const person = {
    info: { id: 5, label: "person" },
    keypointAnnotations: [
      { id: 0, label: "head" },
      { id: 1, color: [1, 2, 3] },
    ],
    keypointConnections: [[0, 1] as const],
  };
  rec.log("seg/keypoints", new rr.AnnotationContext(person), { static: true });
}
