import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { printedWarnings } from "../../../tests/support/printed-warnings.js";
import { damageChunks } from "../../../tests/support/rrd-frames.js";
import { setStrict, storeIdKey, valueAt } from "../../core/index.js";
import { decodeRrd } from "../../rrd/index.js";
import { Scalars } from "../../types/index.js";
import * as rrb from "../blueprint/index.js";
import * as rr from "../index.js";
import { entityPathOfFile } from "./import-file.js";

const warnings = printedWarnings();
let folder: string;
let rec: rr.RecordingStream;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-log-file-"));
  rec = new rr.RecordingStream("app", { recordingId: "own", sendProperties: false });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

/** The first component's first cell of each entity. */
function logged(): Record<string, unknown> {
  return Object.fromEntries(
    [...rec.store.chunks()].map((chunk) => {
      const [first] = [...chunk.components.values()];
      return [chunk.entityPath, first === undefined ? undefined : valueAt(first.list, 0)];
    }),
  );
}

it("a file is logged at its path, below the prefix", async () => {
  const path = file("a b.TXT", "hello");
  await rec.logFileFromPath(path);
  await rec.logFileFromPath(path, { entityPathPrefix: "world" });
  const own = entityPathOfFile(path, undefined, () => undefined);
  expect(own.endsWith("/a\\ b.TXT")).toBe(true);
  expect(Object.keys(logged()).sort()).toEqual([own, `/world${own}`].sort());
});

it.each([
  ["/x/y.png", undefined, "/x/y.png"],
  ["x/./y.png", undefined, "/x/y.png"],
  ["a/../b.md", undefined, "/b.md"],
  ["../b.md", "p/q", "/p/q/b.md"],
  ["s p@ce.ü.txt", "/", "/s\\ p\\@ce.ü.txt"],
  ["C:/x.txt", undefined, "/x.txt"],
])("the entity of %s with prefix %s is %s", (path, prefix, expected) => {
  expect(entityPathOfFile(path, prefix, () => undefined)).toBe(expected);
});

it("contents are what the path's extension says, and are copied", async () => {
  const contents = new TextEncoder().encode("# Title");
  const done = rec.logFileFromContents("doc.md", contents);
  contents.fill(0);
  await done;
  await rec.logFileFromContents("sound.mp3", new Uint8Array([1, 2]).buffer);
  for (const code of ["new Uint8Array([1, 2])", "new Uint8Array([1, 2]).buffer"]) {
    await rec.logFileFromContents(`${code.length}.mp3`, runInNewContext(code) as Uint8Array);
  }
  const sounds = { "/sound.mp3": [[1, 2]], "/22.mp3": [[1, 2]], "/29.mp3": [[1, 2]] };
  expect(logged()).toEqual({ "/doc.md": ["text/markdown"], ...sounds });
  const sound = [...rec.store.chunks()].find((chunk) => chunk.entityPath === "/sound.mp3");
  expect([...(sound?.timelines.get("audio")?.times ?? [])]).toEqual([0n]);
});

it("a media type counts more than the extension", async () => {
  const types = ["image/png", "audio/wav", "model/obj", "text/Markdown; charset=utf-8", "application/x-ply", "video/mp4"];
  const point = "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nend_header\n1 2\n";
  for (const [i, mediaType] of types.entries()) {
    await rec.logFileFromContents(`x${i}.bin`, new TextEncoder().encode(point), { mediaType });
  }
  const names = [...rec.store.chunks()].map((chunk) => `${chunk.entityPath} ${[...chunk.components.keys()].join(" ")}`);
  expect(names.sort()).toEqual([
    "/x0.bin EncodedImage:blob EncodedImage:media_type",
    "/x1.bin AssetAudio:blob AssetAudio:media_type",
    "/x2.bin Asset3D:blob Asset3D:media_type",
    "/x3.bin TextDocument:media_type TextDocument:text",
    "/x4.bin Points2D:positions",
    "/x5.bin AssetVideo:blob",
  ]);
  setStrict(true);
  const unknown = rec.logFileFromContents("x.png", new Uint8Array(1), { mediaType: "application/json" });
  await expect(unknown).rejects.toMatchObject({ code: "Unsupported" });
});

it("all files of a folder are logged; those that cannot be are named in warnings", async () => {
  mkdirSync(join(folder, "sub"));
  file("a.txt", "a");
  file("b.unknown", "b");
  file("broken.ply", "ply\nnope\n");
  file(join("sub", "c.md"), "c");
  await rec.logFileFromPath(folder);
  const names = Object.keys(logged()).map((path) => path.slice(path.lastIndexOf("/")));
  expect(names.sort()).toEqual(["/a.txt", "/c.md"]);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain("logFileFromPath: files of this kind are not read");
  expect(warnings[1]).toMatch(/logFileFromPath: line 2 of the PLY header: .*broken\.ply$/);
});

it("bad input warns, and rejects in strict mode", async () => {
  await rec.logFileFromPath(join(folder, "none.txt"));
  await rec.logFileFromContents("x.csv", new Uint8Array(1));
  await rec.logFileFromContents("x.txt", new Uint8Array([0xff, 0xfe]));
  await rec.logFileFromContents("x.txt", "text" as never);
  expect(warnings).toEqual([
    expect.stringContaining("logFileFromPath: the path does not exist: "),
    expect.stringMatching(/logFileFromContents: files of this kind are not read, but images, .* are: x\.csv/),
    expect.stringContaining("logFileFromContents: the text is not UTF-8: x.txt"),
    expect.stringContaining("logFileFromContents: expected the file's bytes as Uint8Array or ArrayBuffer, got the string"),
  ]);
  setStrict(true);
  await expect(rec.logFileFromPath(join(folder, "none.txt"))).rejects.toMatchObject({ code: "NotFound" });
  await expect(rec.logFileFromContents("x.csv", new Uint8Array(1))).rejects.toMatchObject({ code: "Unsupported" });
  await expect(rec.logFileFromContents("x.rrd", new Uint8Array(100))).rejects.toMatchObject({ code: "CorruptFile" });
  await expect(rec.logFileFromPath("")).rejects.toMatchObject({ code: "InvalidArgument" });
  await rec.close();
  await expect(rec.logFileFromContents("x.txt", new Uint8Array(1))).rejects.toMatchObject({ code: "Closed" });
});

it("a video whose frames cannot be read is logged with a warning", async () => {
  await rec.logFileFromContents("v.mp4", new Uint8Array([1, 2, 3]));
  expect(logged()).toEqual({ "/v.mp4": [[1, 2, 3]] });
  expect(warnings).toEqual([expect.stringContaining("logFileFromContents: the frames of the video cannot be read")]);
});

async function recordingFile(applicationId: string, recordingId: string): Promise<string> {
  const path = join(folder, `${recordingId}.rrd`);
  const source = new rr.RecordingStream(applicationId, { recordingId, sendProperties: false });
  source.save(path);
  source.log("a", new Scalars(1));
  source.log("b", new Scalars(2), { static: true });
  source.sendBlueprint(new rrb.TextLogView());
  await source.close();
  return path;
}

/** Chunks by store, and the blueprints that were made active. */
function contents(bytes: Uint8Array): { chunks: Record<string, number>; active: number } {
  const chunks: Record<string, number> = {};
  let active = 0;
  for (const message of decodeRrd(bytes)) {
    if (message.kind === "blueprintActivation" && message.makeActive) active += 1;
    if (message.kind !== "chunk") continue;
    const key = message.storeId.kind === "blueprint" ? "blueprint" : storeIdKey(message.storeId);
    chunks[key] = (chunks[key] ?? 0) + 1;
  }
  return { chunks, active };
}

it("another recording goes to the sinks under its own name, its blueprint as well", async () => {
  const path = await recordingFile("other", "theirs");
  const out = join(folder, "out.rrd");
  rec.save(out);
  rec.log("mine", new Scalars(0));
  await rec.logFileFromPath(path);
  await rec.logFileFromContents("x.rrd", readFileSync(path));
  await rec.close();
  const theirs = storeIdKey({ kind: "recording", applicationId: "other", recordingId: "theirs" });
  const mine = storeIdKey({ kind: "recording", applicationId: "app", recordingId: "own" });
  const { chunks, active } = contents(readFileSync(out));
  expect([chunks[theirs], chunks[mine], active]).toEqual([4, 1, 2]);
});

it("without a sink another recording is refused, with advice; the recording itself is taken back", async () => {
  setStrict(true);
  const other = rec.logFileFromPath(await recordingFile("other", "theirs"));
  await expect(other).rejects.toThrow(
    "the file holds another recording (other, theirs): it goes to the sinks, of which there is none",
  );
  await rec.logFileFromPath(await recordingFile("app", "own"));
  expect(Object.keys(logged()).sort()).toEqual(["/a", "/b"]);
});

it("the global functions log to the current recording", async () => {
  rr.setGlobalDataRecording(rec);
  await rr.logFileFromPath(file("a.txt", "a"), { entityPathPrefix: "p" });
  await rr.logFileFromContents("b.txt", new Uint8Array(1));
  expect(Object.keys(logged())).toHaveLength(2);
  rr.setGlobalDataRecording(undefined);
});

it("a damaged recording gives what is whole, and is reported once", async () => {
  const path = await recordingFile("other", "theirs");
  const whole = contents(readFileSync(path)).chunks;
  const { bytes, at } = damageChunks(readFileSync(path), 0, 1);
  writeFileSync(path, bytes);
  rec.save(join(folder, "out.rrd"));
  await rec.logFileFromPath(path);
  await rec.close();
  const kept = contents(readFileSync(join(folder, "out.rrd"))).chunks;
  const sum = (chunks: Record<string, number>): number => Object.values(chunks).reduce((a, b) => a + b, 0);
  expect(sum(kept)).toBe(sum(whole) - 2);
  const damage = `The message at byte ${at[0]} was left out: .*\\. 2 places of the recording are damaged, .* lost: ${path}$`;
  expect(warnings).toEqual([expect.stringMatching(`logFileFromPath: ${damage}`)]);
  await rr.loadRecording(path);
  expect(warnings.slice(1)).toEqual([expect.stringMatching(damage)]);
});
