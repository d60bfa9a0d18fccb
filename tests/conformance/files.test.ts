/** Files that are logged here and by Rerun's own importers. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import { decodeRrd } from "../../src/rrd/index.js";
import { makePly, type PlyRows } from "../support/make-ply.js";
import { makeVideo } from "../support/make-video.js";
import { rerunVerify } from "../support/rerun-compare.js";

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-files-"));
const [sources, ours, theirs] = ["sources", "ours", "theirs"].map((name) => join(folder, name)) as [string, string, string];

const XYZ = ["float x", "float y", "float z"];
const SPLAT = ["f_dc_0", "f_dc_1", "f_dc_2", "opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"];

/** Numbers that look random and are the same each time. */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.fround(state / 2147483648 - 0.5);
  });
}

function points(): PlyRows {
  const properties = [...XYZ, "uchar red", "uchar green", "uchar blue", "double radius", "list uchar uchar label", "float extra"];
  const rows = Array.from({ length: 20 }, (_, i) => {
    return [...numbers(3, i), i * 12, 255 - i, i, i / 8, [65 + i, 66], 1];
  });
  return { element: "vertex", properties, rows };
}

function splats(): PlyRows {
  const rest = Array.from({ length: 24 }, (_, i) => `f_rest_${i}`);
  const names = [...SPLAT.slice(0, 3), ...rest, ...SPLAT.slice(3)];
  const rows = Array.from({ length: 200 }, (_, i) => numbers(3 + names.length, 1000 + i).map((value) => value * 4));
  return { element: "vertex", properties: [...XYZ, ...names.map((name) => `float ${name}`)], rows };
}

async function recordingFile(): Promise<Uint8Array> {
  const rec = new rr.RecordingStream("another", { recordingId: "recording" });
  const memory = rec.memoryRecording();
  rec.setTime("t", { sequence: 1 });
  rec.log("k", new rr.Points3D([[1, 2, 3]]));
  rec.sendBlueprint(new rr.blueprint.Spatial3DView());
  await rec.flush();
  return memory.drainAsBytes();
}

async function sampleFiles(): Promise<Readonly<Record<string, string | Uint8Array>>> {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const face: PlyRows = { element: "face", properties: ["list uchar int vertex_indices"], rows: [[[0, 1, 2]]] };
  const extensions =
    "avif bmp dds exr farbfeld ff gif hdr ico JPEG jpg pam pbm pgm png ppm tga tif webp aac flac m4a mp3 oga ogg opus wav dae glb gltf obj stl";
  return {
    ...Object.fromEntries(extensions.split(" ").map((extension) => [`some.${extension}`, bytes])),
    "a b@c.ü.txt": "plain, größe 日本 😀\n",
    "doc.md": "# Title\n\n* one",
    "empty.txt": "",
    "ascii.ply": makePly("ascii", [points()]),
    "little.ply": makePly("binary_little_endian", [points()]),
    "big.ply": makePly("binary_big_endian", [points()]),
    "flat.ply": makePly("ascii", [{ element: "vertex", properties: ["float x", "int y"], rows: [[0.5, -3]] }]),
    "none.ply": makePly("ascii", [{ element: "vertex", properties: XYZ, rows: [] }]),
    "mesh.ply": makePly("binary_little_endian", [points(), face]),
    "splats.ply": makePly("binary_little_endian", [splats()]),
    "ntsc.mp4": await makeVideo([0, 1001, 2002, 3003, 4004], 30_000),
    "reordered.mp4": await makeVideo([2, 6, 4, 3, 5], 24),
    "no-video.mp4": bytes,
    "other.rrd": await recordingFile(),
  };
}

let names: readonly string[] = [];
let differences: Readonly<Record<string, string[]>> = {};

beforeAll(async () => {
  for (const path of [sources, ours, theirs]) mkdirSync(path);
  const files = await sampleFiles();
  names = Object.keys(files);
  for (const [name, contents] of Object.entries(files)) {
    writeFileSync(join(sources, name), contents);
    const rec = new rr.RecordingStream("files", { recordingId: "files", sendProperties: false, batcher: { flushNumRows: 0 } });
    rec.save(join(ours, `${name}.rrd`));
    rec.setTime("frame", { sequence: 3 });
    rec.log("before", new rr.TextLog("the file comes after this"));
    await rec.logFileFromContents(name, readFileSync(join(sources, name)), { entityPathPrefix: "some/prefix" });
    await rec.close();
  }
  const here = join(ROOT, "tests", "conformance");
  const counts = names.map((name) => `${name}=${countChunks(join(ours, `${name}.rrd`))}`);
  const env = { ...process.env, RERUN_STRICT: "1", RERUN_FLUSH_NUM_ROWS: "0" };
  execFileSync(testPython(), [join(here, "python", "log_files.py"), sources, theirs, ...counts], { env, stdio: "pipe" });
  const compare = [join(here, "tools", "compare_many.py"), theirs, ours, ...names];
  const printed = execFileSync(testPython(), compare, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  differences = JSON.parse(printed) as typeof differences;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function countChunks(path: string): number {
  return [...decodeRrd(readFileSync(path))].filter((message) => message.kind === "chunk").length;
}

it("every kind of file is logged as Rerun's importers log it, bit for bit", () => {
  expect(Object.keys(differences).sort()).toEqual([...names].sort());
  const found = Object.entries(differences).filter(([, list]) => list.length > 0);
  expect(found.map(([name, list]) => [name, list.map((text) => text.slice(0, 400))])).toEqual([]);
});

it("a file with another recording in it passes `rerun rrd verify`", () => {
  rerunVerify(join(ours, "other.rrd.rrd"));
});
