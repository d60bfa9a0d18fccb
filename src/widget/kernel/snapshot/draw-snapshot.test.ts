import { describe, expect, it } from "vitest";
import { COLORMAP_TURBO, classColor, colormapTable, entityColor, seriesColor, unpackColor } from "../../../core/index.js";
import { RecordingStream } from "../../../sdk/index.js";
import {
  Boxes2D,
  Boxes3D,
  DepthImage,
  EncodedImage,
  Image,
  LineStrips3D,
  Mesh3D,
  Points3D,
  Scalars,
  SegmentationImage,
  TextDocument,
  TextLog,
  Transform3D,
  ViewCoordinates,
} from "../../../types/index.js";
import { drawSnapshot } from "./index.js";
import { decodePng } from "./png.js";
import { css } from "./svg.js";

const options = { height: 420, theme: "auto" } as const;

function record(log: (recording: RecordingStream) => void): RecordingStream {
  const recording = new RecordingStream("snapshot_test", { sendProperties: false });
  log(recording);
  return recording;
}

function draw(recording: RecordingStream, more: object = {}): string {
  const info = { applicationId: "snapshot_test", recordingId: "r" };
  return drawSnapshot(recording.store.chunks(), info, { ...options, ...more });
}

/** The pictures inside, decoded. */
function images(html: string) {
  return [...html.matchAll(/href="data:image\/png;base64,([^"]+)"/g)].map((m) => decodePng(Buffer.from(m[1] ?? "", "base64")));
}

function countColor(html: string, isColor: (r: number, g: number, b: number) => boolean): number {
  const { rgba = new Uint8Array(0) } = images(html)[0] ?? {};
  let count = 0;
  for (let i = 0; i < rgba.length; i += 4) if (isColor(rgba[i] ?? 0, rgba[i + 1] ?? 0, rgba[i + 2] ?? 0)) count++;
  return count;
}

const isRed = (r: number, g: number, b: number) => r > 180 && g < 90 && b < 90;
const isGreen = (r: number, g: number, b: number) => g > 150 && r < 90 && b < 90;

describe("drawSnapshot", () => {
  it("says that nothing was logged", () => {
    expect(draw(record(() => {}))).toContain("Nothing was logged yet.");
  });

  it("draws points, boxes and lines in their colours where their transforms put them", () => {
    const html = draw(
      record((r) => {
        r.log("world/red", new Points3D([[0, 0, 0]], { colors: [[255, 0, 0]] }), { static: true });
        r.log("world/moved", new Transform3D({ translation: [10, 0, 0] }), { static: true });
        r.log("world/moved", new Boxes3D({ halfSizes: [[1, 1, 1]], colors: [[0, 200, 0]] }), { static: true });
        r.log(
          "world/line",
          new LineStrips3D(
            [
              [
                [0, 0, 0],
                [10, 0, 0],
              ],
            ],
            { colors: [[0, 0, 255]] },
          ),
          { static: true },
        );
      }),
    );
    expect(images(html).length).toBe(1);
    expect(countColor(html, isRed)).toBeGreaterThan(5);
    expect(countColor(html, isGreen)).toBeGreaterThan(50);
    expect(countColor(html, (r, g, b) => b > 180 && r < 90 && g < 90)).toBeGreaterThan(50);
  });

  it("hides what lies behind a mesh", () => {
    const mesh = new Mesh3D({
      vertexPositions: [
        [-5, -5, 0],
        [5, -5, 0],
        [0, 5, 0],
      ],
      vertexColors: [
        [0, 200, 0],
        [0, 200, 0],
        [0, 200, 0],
      ],
    });
    const html = draw(
      record((r) => {
        r.log("mesh", mesh, { static: true });
        r.log("below", new Points3D([[0, -1, -1]], { colors: [[255, 0, 0]] }), { static: true });
      }),
    );
    expect(countColor(html, isGreen)).toBeGreaterThan(500);
    expect(countColor(html, isRed)).toBe(0);
  });

  it("gives depths, classes and series the colours that the viewer gives them", () => {
    const shape = [1, 2];
    const picture = (log: (recording: RecordingStream) => void) => [...(images(draw(record(log)))[0]?.rgba ?? [])];
    const pixels = (...colors: number[]) => colors.flatMap((color) => [...unpackColor(color)]);
    const turbo = colormapTable(COLORMAP_TURBO);
    expect(picture((r) => r.log("d", new DepthImage({ data: Uint16Array.of(20, 100), shape })))).toEqual(
      pixels(turbo[51] ?? 0, turbo[255] ?? 0),
    );
    const data = Float32Array.of(1, Number.NaN);
    const grey = { colormap: "Grayscale", depthRange: [1, 2] } as const;
    expect(picture((r) => r.log("d", new DepthImage({ data, shape }, grey)))).toEqual([0, 0, 0, 255, 0, 0, 0, 0]);
    expect(picture((r) => r.log("s", new SegmentationImage({ data: Uint8Array.of(0, 7), shape })))).toEqual(
      pixels(classColor(0), classColor(7)),
    );
    const html = draw(
      record((r) => {
        for (const path of ["plot/a", "plot/b", "alone/c"]) r.log(path, new Scalars(1));
      }),
    );
    const strokes = [...html.matchAll(/fill="none" stroke="([^"]+)" stroke-width="1.3"/g)].map((match) => match[1]);
    const colors = [
      entityColor("/alone/c"),
      seriesColor(["/plot/a", "/plot/b"], "/plot/a", 0),
      seriesColor(["/plot/a", "/plot/b"], "/plot/b", 0),
    ];
    expect(strokes).toEqual(colors.map((color) => css(unpackColor(color))));
  });

  it("names a plot after its only series, and its rules are at round values", () => {
    const plot =
      (path: string, ...values: number[]) =>
      (r: RecordingStream) => {
        for (const value of values) r.log(path, new Scalars(value));
      };
    const html = draw(record(plot("robot/speed", 0.31, 19)));
    const alone = draw(record(plot("robot/speed", 7)));
    const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
    expect(texts(html)).toEqual(["snapshot_test", "5", "10", "15", "Still picture: 1 entity, 2 rows. Run the cell to interact."]);
    expect(texts(alone)[1]).toBe("7");
    const two = record((r) => {
      for (const path of ["robot/speed", "top"]) plot(path, 1)(r);
    });
    expect(texts(draw(two))).toEqual(expect.arrayContaining(["robot/speed", "top"]));
  });

  it("shows spaces apart, images with their marks, curves, lines of logs and documents", () => {
    const html = draw(
      record((r) => {
        for (const space of ["a", "b"]) {
          r.log(space, ViewCoordinates.RIGHT_HAND_Z_UP, { static: true });
          r.log(`${space}/p`, new Points3D([[0, 0, 0]]), { static: true });
        }
        r.log("image", new Image({ data: new Uint8Array(30 * 20 * 3).fill(200), shape: [20, 30, 3] }), { static: true });
        r.log("image/box", new Boxes2D({ mins: [[1, 1]], sizes: [[5, 5]], colors: [[255, 0, 0]] }), { static: true });
        r.log("depth", new DepthImage({ data: Uint16Array.of(1, 2, 3, 4), shape: [2, 2] }), { static: true });
        r.log("doc", new TextDocument("# Title\n<script>alert(1)</script>"), { static: true });
        for (let i = 0; i < 50; i++) {
          r.setTime("step", { sequence: i });
          r.log("curves/sine", new Scalars(Math.sin(i / 5)));
        }
        r.log("log", new TextLog("something happened", { level: "WARN" }));
      }),
    );
    expect(images(html).length).toBe(4);
    expect(html).toContain('stroke="#ff0000"');
    expect(html).toMatch(/<path d="M[\d. L]{100,}/);
    expect(html).toContain("something happened");
    expect(html).toContain(">WARN<");
    expect(html).toContain("Title");
    expect(html).not.toContain("<script");
    expect(html).toContain("10 entities");
  });

  it("draws points as large as they were logged", () => {
    const red = (radius: number) =>
      countColor(
        draw(
          record((r) => {
            r.log("frame", new Boxes3D({ halfSizes: [[10, 10, 10]] }), { static: true });
            r.log("ball", new Points3D([[0, 0, 0]], { colors: [[255, 0, 0]], radii: radius }), { static: true });
          }),
        ),
        (r, g, b) => r > 120 && g < 60 && b < 60,
      );
    const ratio = red(4) / red(2);
    expect(ratio).toBeGreaterThan(3.5);
    expect(ratio).toBeLessThan(4.5);
  });

  it("puts photos in as their files, as many as fit", () => {
    const photo = (sizeBytes: number) => {
      const file = new Uint8Array(sizeBytes);
      file.set([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 100, 0, 200]); // a frame of 200 × 100
      return new EncodedImage({ contents: file, mediaType: "image/jpeg" });
    };
    const html = draw(
      record((r) => {
        for (let i = 0; i < 3; i++) r.log(`photo/${i}`, photo(40_000), { static: true });
      }),
    );
    expect(html.match(/href="data:image\/jpeg/g)?.length).toBe(2);
    expect(html).toContain("200 × 100 pixels");
    expect(html.length).toBeLessThan(160_000);
  });

  it("stays below its limit with much data, bad numbers included", () => {
    const many = Float32Array.from({ length: 600_000 }, (_, i) => (i % 1000 === 0 ? Number.NaN : Math.sin(i * 12.9898) * 50));
    const noise = Uint8Array.from({ length: 640 * 480 * 3 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 255);
    const html = draw(
      record((r) => {
        r.log(
          "cloud",
          new Points3D(many, { colors: Uint32Array.from({ length: 200_000 }, (_, i) => Math.imul(i, 2654435761) >>> 0) }),
          { static: true },
        );
        for (let i = 0; i < 6; i++) r.log(`noise/${i}`, new Image({ data: noise, shape: [480, 640, 3] }), { static: true });
        for (let i = 0; i < 20_000; i++) {
          r.setTime("step", { sequence: i });
          r.log("curve", new Scalars(i % 777 === 0 ? Number.NaN : Math.random()));
        }
      }),
    );
    expect(html.length).toBeLessThan(170_000);
    expect(html).not.toContain("NaN");
  });
});
