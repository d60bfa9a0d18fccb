/** How the constructor of an archetype differs from its fields: written by hand in `src/types/ext`. */
export interface Convenience {
  /** File in `src/types/ext`, without extension. */
  readonly file: string;
  /** Functions of that file which the class uses. */
  readonly imports: readonly string[];
  /** Types of that file which the class uses. */
  readonly types: readonly string[];
  /** Parameters of the constructor. */
  readonly parameters: string;
  /** Expression that makes the archetype's fields from them; or, where few fields differ, these fields' expressions. */
  readonly call: string | Readonly<Record<string, string>>;
  readonly doc?: string;
  /** More members. */
  readonly members?: readonly string[];
}

/** A constructor with options only. */
function options(file: string, call: string, type: string, hasDefault = true): Convenience {
  return {
    file,
    imports: [call],
    types: [type],
    parameters: `options: ${type}${hasDefault ? " = {}" : ""}`,
    call: `${call}(options)`,
  };
}

/** A constructor with one positional parameter and options. */
function positional(file: string, call: string, first: string, firstType: string, type: string, doc: string): Convenience {
  return {
    file,
    imports: [call],
    types: firstType === "ImageLike" ? [type, firstType] : [type],
    parameters: `${first}: ${firstType}, options: ${type} = {}`,
    call: `${call}(${first}, options)`,
    doc: `@param ${first} ${doc}`,
  };
}

/** Points: the hot path of logging, hence without an object in between. */
function points(type: string, doc: string): Convenience {
  return {
    file: "points",
    imports: ["classIdsOf"],
    types: [type],
    parameters: `positions: VectorArrayLike, options: ${type} = {}`,
    call: { positions: "positions", classIds: "classIdsOf(options)" },
    doc: `@param positions ${doc}`,
  };
}

/** By archetype. */
export const CONVENIENCES: Readonly<Record<string, Convenience>> = {
  Asset3D: options("assets", "asset3DFields", "Asset3DOptions", false),
  AssetAudio: options("assets", "assetFields", "AssetOptions", false),
  AssetVideo: {
    ...options("assets", "assetFields", "AssetOptions", false),
    imports: ["assetFields", "frameTimestampsOf"],
    members: [
      `/**
   * When the frames of the video are shown: nanoseconds, ascending, the first at 0.
   *
   * @throws RerunError \`CorruptFile\` when the video cannot be read
   */
  readFrameTimestampsNanos(): BigInt64Array {
    return frameTimestampsOf(this);
  }`,
    ],
  },
  BarChart: positional(
    "tensors",
    "barChartFields",
    "values",
    "TensorDataLike",
    "BarChartOptions",
    "Heights of the bars: one dimension.",
  ),
  Boxes2D: options("boxes", "boxes2DFields", "Boxes2DOptions"),
  Boxes3D: options("boxes", "boxes3DFields", "Boxes3DOptions"),
  Clear: {
    ...options("clear", "clearFields", "ClearOptions", false),
    members: [
      "/** Clears the entity alone. */\n  static flat(): Clear {\n    return new Clear({ recursive: false });\n  }",
      "/** Clears the entity and all below it. */\n  static recursive(): Clear {\n    return new Clear({ recursive: true });\n  }",
    ],
  },
  DepthImage: {
    ...positional(
      "images",
      "depthImageFields",
      "image",
      "ImageLike",
      "DepthImageOptions",
      "Distances, rows top to bottom: two dimensions.",
    ),
    members: [
      `/**
   * The same image as a PNG, which is lossless: 8 or 16 bits. What cannot be one stays as it is, with a warning.
   *
   * @throws RerunError \`InvalidArgument\`; in strict mode also for an image that cannot be a PNG
   */
  async compress(options: PngOptions = {}): Promise<EncodedDepthImage | DepthImage> {
    const fields = await pngFields(this, options);
    return fields === undefined ? this : EncodedDepthImage.fromFields(fields);
  }`,
    ],
  },
  Ellipsoids3D: options("boxes", "ellipsoids3DFields", "Ellipsoids3DOptions"),
  EncodedImage: options("assets", "encodedImageFields", "EncodedImageOptions", false),
  GeoLineStrings: options("geo", "geoLineStringsFields", "GeoLineStringsOptions", false),
  GeoPoints: options("geo", "geoPointsFields", "GeoPointsOptions", false),
  Image: {
    file: "images",
    imports: ["imageFields"],
    types: ["ImageBytes", "ImageLike", "ImageOptions"],
    parameters: "image: ImageLike | ImageBytes | undefined, options: ImageOptions = {}",
    call: "imageFields(image, options)",
    members: [
      `/**
   * The same image as a JPEG: 8 bits of L, RGB or BGR. What cannot be one stays as it is, with a warning.
   *
   * @throws RerunError \`InvalidArgument\`; in strict mode also for an image that cannot be a JPEG
   */
  async compress(options: JpegOptions = {}): Promise<EncodedImage | Image> {
    const fields = await jpegFields(this, options);
    return fields === undefined ? this : EncodedImage.fromFields(fields);
  }`,
    ],
    doc: "@param image Pixels, rows top to bottom: `[height, width]` or `[height, width, 3 or 4]`; or `{ bytes, width, height, … }`.",
  },
  Mesh3D: options("meshes", "mesh3DFields", "Mesh3DOptions", false),
  Pinhole: options("pinhole", "pinholeFields", "PinholeOptions"),
  Points2D: points("Points2DOptions", "Location of each item. Unit: scene units (pixels in image space)."),
  Points3D: points("Points3DOptions", "Location of each item. Unit: scene units."),
  SegmentationImage: positional(
    "images",
    "segmentationImageFields",
    "image",
    "ImageLike",
    "SegmentationImageOptions",
    "Class ids, rows top to bottom: two dimensions.",
  ),
  SeriesPoints: { ...options("series", "seriesPointsFields", "SeriesPointsFields"), types: [] },
  Tensor: positional(
    "tensors",
    "tensorFields",
    "data",
    "TensorDataLike",
    "TensorOptions",
    "Numbers of any number of dimensions.",
  ),
  Transform3D: options("transforms", "transform3DFields", "Transform3DOptions"),
  VideoFrameReference: {
    file: "videos",
    imports: ["videoFrameFields", "videoTimestamps"],
    types: ["VideoFrameReferenceOptions"],
    parameters: "timestamp?: number | bigint, options: VideoFrameReferenceOptions = {}",
    call: "videoFrameFields(timestamp, options)",
    doc: "@param timestamp Presentation time inside the video in nanoseconds; or give `seconds` or `nanoseconds`.",
    members: ["Seconds", "Millis", "Nanos"].map(
      (unit) =>
        `/** Columns of presentation times in ${unit.toLowerCase()}. */\n  static columns${unit === "Seconds" ? "Secs" : unit}(times: NumberArray | readonly (number | bigint)[] | BigInt64Array): ComponentColumnList {\n    return VideoFrameReference.columns({ timestamp: videoTimestamps(times, "${unit}") });\n  }`,
    ),
  },
};
