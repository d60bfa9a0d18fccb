import * as rr from "../../../src/index.js";

function counted<T>(length: number, make: (value: number) => T): T[] {
  return Array.from({ length }, (_, i) => make(i));
}

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i);
}

export function images(rec: rr.RecordingStream): void {
  const numbers = counted(12, (i) => i);
  const bigints = counted(12, BigInt);
  const grays = [
    Uint8Array.from(numbers),
    Uint16Array.from(numbers),
    Uint32Array.from(numbers),
    BigUint64Array.from(bigints),
    Int8Array.from(numbers),
    Int16Array.from(numbers),
    Int32Array.from(numbers),
    BigInt64Array.from(bigints),
    rr.float16(numbers),
    Float32Array.from(numbers),
    Float64Array.from(numbers),
  ];
  grays.forEach((data, i) => {
    rec.setTime("frame", { sequence: i });
    rec.log("gray", new rr.Image({ data, shape: [3, 4] }));
  });
  rec.log("rgb", new rr.Image({ data: bytes(36), shape: [3, 4, 3] }));
  rec.log("rgba", new rr.Image({ data: bytes(48), shape: [3, 4, 4] }, { opacity: 0.5, drawOrder: 2 }));
  rec.log("bgr", new rr.Image({ data: bytes(36), shape: [3, 4, 3] }, { colorModel: "BGR" }));
  rec.log("nv12", new rr.Image({ bytes: bytes(12), width: 4, height: 2, pixelFormat: rr.PixelFormat.NV12 }));
  rec.log("yuy2", new rr.Image({ bytes: bytes(16), width: 4, height: 2, pixelFormat: "YUY2" }));
  rec.log("raw", new rr.Image({ bytes: bytes(12), width: 2, height: 2, colorModel: "RGB", datatype: "U8" }));
  const depth = Uint16Array.from(numbers);
  const depthOptions = { meter: 1000, colormap: "viridis" as const, depthRange: [0, 10] };
  rec.log("depth", new rr.DepthImage({ data: depth, shape: [3, 4] }, depthOptions));
  rec.log("depthf", new rr.DepthImage({ data: Float32Array.from(numbers, (i) => i * 0.25), shape: [3, 4] }));
  rec.log("seg", new rr.SegmentationImage({ data: bytes(12), shape: [3, 4] }, { opacity: 0.25 }));
  rec.log("encoded", new rr.EncodedImage({ contents: bytes(20), mediaType: "image/png" }));
}

export function scalars(rec: rr.RecordingStream): void {
  for (let i = 0; i < 5; i++) {
    rec.setTime("frame", { sequence: i });
    rec.setTime("elapsed", { duration: i * 0.25 });
    rec.setTime("stamp", { timestamp: 1700000000.25 + i });
    rec.log("plot/a", new rr.Scalars(i * 0.5));
    rec.log("plot/many", new rr.Scalars([i, i + 1.5, 0 - i]));
  }
  rec.setTime("frame", { sequence: Number.MAX_SAFE_INTEGER });
  rec.disableTimeline("elapsed");
  rec.log("plot/a", new rr.Scalars(7));
  rec.resetTime();
  rec.log("plot/b", new rr.Scalars(8));
  const line = new rr.SeriesLines({ colors: [[255, 0, 0]], widths: 2, names: "a", aggregationPolicy: "average" });
  rec.log("plot/a", line, { static: true });
  const colors = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ];
  const markers = ["circle", "square", "cross"] as const;
  const series = new rr.SeriesPoints({ colors, markers, markerSizes: [1, 2, 3], names: ["x", "y", "z"] });
  rec.log("plot/many", series, { static: true });
}

export function text(rec: rr.RecordingStream): void {
  rec.setTime("frame", { sequence: 0 });
  rec.log("log", new rr.TextLog("hello", { level: "INFO" }));
  rec.log("log", new rr.TextLog("colour", { level: rr.TextLogLevel.ERROR, color: [255, 128, 0] }));
  rec.log("log", new rr.TextLog("größe 日本 😀"));
  rec.log("doc", new rr.TextDocument("# Title\n\n* one", { mediaType: rr.MediaType.MARKDOWN }), { static: true });
  rec.log("doc/plain", new rr.TextDocument("plain"));
}

export function mesh(rec: rr.RecordingStream): void {
  const vertexPositions = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
  ];
  const vertexColors = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
  ];
  const vertexNormals = [
    [0, 0, 1],
    [0, 0, 1],
    [0, 0, 1],
  ];
  rec.log("tri", new rr.Mesh3D({ vertexPositions, vertexNormals, vertexColors, triangleIndices: [[0, 1, 2]] }));
  const vertexTexcoords = [
    [0, 0],
    [1, 0],
    [0, 1],
  ];
  const albedoTexture = { data: bytes(12), shape: [2, 2, 3] };
  rec.log("textured", new rr.Mesh3D({ vertexPositions, vertexTexcoords, albedoFactor: [1, 2, 3, 4], albedoTexture }));
}
