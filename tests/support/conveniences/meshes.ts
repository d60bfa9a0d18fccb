/** Meshes, assets, video, grids, volumes and splats. */
import * as rr from "../../../src/types/index.js";
import { BYTES, type ConvenienceCase, range, TEXT } from "./case.js";

const EYE = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
export const MESHES: readonly ConvenienceCase[] = [
  [
    "/m/simple",
    () =>
      new rr.Mesh3D({
        vertexPositions: [
          [0, 0, 0],
          [1, 0, 0],
          [0, 1, 0],
        ],
      }),
  ],
  [
    "/m/full",
    () =>
      new rr.Mesh3D({
        vertexPositions: EYE,
        triangleIndices: [2, 1, 0],
        vertexNormals: [0, 0, 1],
        vertexColors: Uint32Array.of(0xff, 0xffff, 0xffffffff),
        vertexTexcoords: [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
        albedoTexture: { data: BYTES, shape: [4, 4, 3] },
        albedoFactor: rr.rgba(1, 0.5, 0.25, 1),
        faceRendering: "Front",
        classIds: [1],
      }),
  ],
  [
    "/m/rgba_tex",
    () => new rr.Mesh3D({ vertexPositions: new Float32Array(9), albedoTexture: { data: new Uint8Array(8), shape: [1, 2, 4] } }),
  ],
  ["/a3", () => new rr.Asset3D({ contents: TEXT.encode("glTF123"), mediaType: rr.MediaType.GLB, albedoFactor: [1, 2, 3] })],
  ["/a3n", () => new rr.Asset3D({ contents: [0, 1, 2, 3] })],
  ["/av", () => new rr.AssetVideo({ contents: TEXT.encode("mp4") })],
  ["/au", () => new rr.AssetAudio({ contents: TEXT.encode("RIFF").buffer as ArrayBuffer, mediaType: "audio/wav" })],
  ..."jpg jpeg png glb gltf obj ply stl mp4 aac flac m4a mp3 ogg opus wav bin PNG"
    .split(" ")
    .map((extension): ConvenienceCase => [`/path/${extension}`, () => new rr.Asset3D({ path: `/some.folder/f.${extension}` })]),
  ["/vfr/s", () => new rr.VideoFrameReference(undefined, { seconds: 1.5 })],
  ["/vfr/ns", () => new rr.VideoFrameReference(undefined, { nanoseconds: 123456789, videoReference: "av" })],
  ["/vfr/ts", () => new rr.VideoFrameReference(2_000_000_000n)],
  ["/vfr/cols", () => rr.VideoFrameReference.columnsNanos([0, 1_000_000_000])],
  ["/vfr/ms", () => rr.VideoFrameReference.columnsMillis([0, 40])],
  ["/vs2", () => new rr.VideoStream("AV1", { sample: TEXT.encode("xy") })],
  [
    "/grid",
    () =>
      new rr.GridMap({
        data: range(6),
        format: { width: 3, height: 2, colorModel: "L", channelDatatype: "U8" },
        cellSize: 0.05,
        translation: [1, 2, 3],
        colormap: "grayscale",
      }),
  ],
  [
    "/vox",
    () =>
      new rr.VoxelGridMap(
        [
          [0, 0, 0],
          [1, -2, 3],
        ],
        { voxelSize: [0.5, 0.5, 0.5], values: [1, 2] },
      ),
  ],
  ["/vol", () => new rr.Volume3D({ data: rr.float16(range(8)), shape: [2, 2, 2] }, { voxelSize: [1, 1, 2], gamma: 2 })],
  [
    "/gs",
    () =>
      new rr.GaussianSplats3D([[0, 0, 0]], {
        scales: [[1, 1, 1]],
        quaternions: [rr.Quaternion.identity()],
        colors: [[1, 2, 3]],
        shCoefficients: { data: rr.float16(range(45)), shape: [1, 45] },
        sphericalHarmonicsDegree: 3,
      }),
  ],
  [
    "/gs",
    () =>
      new rr.GaussianSplats3D([0, 0, 0], {
        scales: [1, 1, 1],
        quaternions: [0, 0, 0, 1],
        colors: 0x010203ff,
        shCoefficients: [range(15).map((i) => [i * 3, i * 3 + 1, i * 3 + 2])],
        sphericalHarmonicsDegree: 3,
      }),
  ],
  ["/kv", () => new rr.McapChannel({ id: 1, topic: "/t", messageEncoding: "cdr", metadata: { a: "b", c: "d" } })],
  [
    "/mst",
    () =>
      new rr.McapStatistics({
        messageCount: 1,
        schemaCount: 2,
        channelCount: 3n,
        attachmentCount: 0,
        metadataCount: 0,
        chunkCount: 4,
        messageStartTime: 5,
        messageEndTime: 6n,
      }),
  ],
];
