import type { Timeline } from "../../../src/core/index.js";
import * as rr from "../../../src/types/index.js";
import { TestRecording } from "../../support/test-recording.js";

export const FRAME: Timeline = { name: "frame", type: "sequence" };
export const STAMP: Timeline = { name: "stamp", type: "timestamp" };
export const ELAPSED: Timeline = { name: "elapsed", type: "duration" };
const START = 1_763_905_979_550_081_000n;

/** Names of the scenes that a test can ask for. */
export const SCENES: Readonly<Record<string, () => TestRecording>> = {
  full,
  plots,
  empty,
  static: staticOnly,
  document: document_,
  big,
  tall,
  apart,
};

/** 3D points and boxes, an image with boxes, two plots, a log and a document, over 100 frames. */
function full(): TestRecording {
  const recording = new TestRecording();
  const frames = BigInt64Array.from({ length: 100 }, (_, i) => BigInt(i));
  for (const [name, phase, color] of [
    ["sin", 0, 0x4a7fd6ff],
    ["cos", 1.57, 0xd0783cff],
  ] as const) {
    recording.log(`plots/${name}`, rr.SeriesLines.fromFields({ colors: [color], names: [name] }));
    const values = Float64Array.from({ length: 100 }, (_, i) => Math.sin(i / 12 + phase));
    recording.sendColumns(`plots/${name}`, FRAME, frames, rr.Scalars.columns({ scalars: values }));
  }
  recording.log("plots/limit", rr.Scalars.fromFields({ scalars: [0.5] }));
  recording.log("world", rr.ViewCoordinates.fromFields({ xyz: [3, 5, 1] }));
  for (let frame = 0; frame < 100; frame += 10) {
    const count = 400;
    const positions = new Float32Array(count * 3);
    const colors = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const angle = (i / count) * 31.4 + frame / 20;
      const radius = 0.5 + (i / count) * 2.1;
      positions.set([Math.cos(angle) * radius, Math.sin(angle) * radius, (i / count) * 2.3], i * 3);
      colors[i] = (((40 + (i / count) * 200) << 24) | (0xa0 << 16) | (((1 - i / count) * 220) << 8) | 0xff) >>> 0;
    }
    recording.log("world/points", rr.Points3D.fromFields({ positions, colors, radii: [0.03] }), [
      [FRAME, BigInt(frame)],
      [ELAPSED, BigInt(frame) * 33_000_000n],
      [STAMP, START + BigInt(frame) * 33_000_000n],
    ]);
  }
  recording.log(
    "world/box",
    rr.Boxes3D.fromFields({
      halfSizes: [[0.4, 0.4, 0.45]],
      centers: [[1.8, -1.5, 0.45]],
      colors: [0x1a66d6ff],
      labels: ["lift"],
    }),
  );
  const [width, height] = [96, 64];
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++)
    pixels.set([40 + ((i % width) * 160) / width, 90, 60 + Math.floor(i / width) * 2], i * 3);
  recording.log("camera", new rr.Image({ data: pixels, shape: [height, width, 3] }));
  recording.log("camera/boxes", new rr.Boxes2D({ mins: [[30, 16]], sizes: [[28, 32]], labels: ["chair"] }));
  const lines: readonly (readonly [number, string, string])[] = [
    [30, "INFO", "calibrated"],
    [35, "WARN", "drift 3.1 mm"],
    [50, "INFO", "loop closed"],
    [55, "ERROR", "lost track of cam_2"],
  ];
  for (const [frame, level, text] of lines) recording.log("log", new rr.TextLog(text, { level }), [[FRAME, BigInt(frame)]]);
  return recording;
}

function plots(): TestRecording {
  const recording = new TestRecording();
  const frames = BigInt64Array.from({ length: 50 }, (_, i) => BigInt(i * 2));
  const pairs = Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? i : 100 - i));
  recording.sendColumns("pair", FRAME, frames, rr.Scalars.columns({ scalars: pairs }).partition(new Array(50).fill(2)));
  return recording;
}

/** A million points of a series. */
function big(): TestRecording {
  const recording = new TestRecording();
  const count = 1_000_000;
  const times = BigInt64Array.from({ length: count }, (_, i) => BigInt(i));
  const values = Float64Array.from({ length: count }, (_, i) => Math.sin(i / 50_000) + (i === 400_000 ? 5 : 0));
  recording.sendColumns("signal/noise", FRAME, times, rr.Scalars.columns({ scalars: values }));
  return recording;
}

/** A log of 20 000 lines. */
function tall(): TestRecording {
  const recording = new TestRecording();
  const count = 20_000;
  const times = BigInt64Array.from({ length: count }, (_, i) => START + BigInt(i) * 1_000_000n);
  const texts = Array.from({ length: count }, (_, i) => `line ${i}`);
  recording.sendColumns(
    "app/log",
    STAMP,
    times,
    rr.TextLog.columns({ text: texts, level: texts.map((_, i) => (i % 10 === 0 ? "WARN" : "INFO")) }),
  );
  return recording;
}

/** A log and a plot on another timeline than points and a document; the document begins later than the points. */
function apart(): TestRecording {
  const recording = new TestRecording();
  recording.log("points", rr.Points3D.fromFields({ positions: [[0, 0, 0]], radii: [1] }), [[FRAME, 0n]]);
  recording.log("doc", new rr.TextDocument("late"), [[FRAME, 10n]]);
  recording.log("log", new rr.TextLog("elsewhere"), [[STAMP, START]]);
  recording.log("plots/sin", rr.SeriesLines.fromFields({ names: ["sin"] }));
  recording.log("plots/sin", rr.Scalars.fromFields({ scalars: [1] }), [[STAMP, START]]);
  return recording;
}

function staticOnly(): TestRecording {
  const recording = new TestRecording();
  recording.log("notes", new rr.TextDocument("plain <b>text</b>\nsecond line"));
  return recording;
}

function document_(): TestRecording {
  const recording = new TestRecording();
  const markdown = [
    "# Title",
    "A [link](https://example.org) and `code`.",
    '<img src="https://example.org/x.png" alt="remote"> <script>window.hacked = true</script>',
    '<a href="javascript:window.hacked = true" onclick="window.hacked = true">bad</a>',
    '<img src=x onerror="window.hacked = true">',
    "| a | b |\n|---|---|\n| 1 | 2 |",
  ].join("\n\n");
  recording.log("doc", new rr.TextDocument(markdown, { mediaType: rr.MediaType.MARKDOWN }));
  return recording;
}

function empty(): TestRecording {
  return new TestRecording();
}
