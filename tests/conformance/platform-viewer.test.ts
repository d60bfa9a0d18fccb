import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import { EntryKind } from "../../src/protos/redap.js";
import { readPng } from "../support/read-png.js";
import { connectRedap, hexOf } from "../support/redap-client.js";
import { type ServerProcess, startOurServer } from "../support/redap-servers.js";
import { vulkanFolder } from "../support/vulkan-folder.js";
import { visitWithWebViewer } from "../support/web-viewer.js";

interface Page {
  readonly location: string;
  readonly recordings: readonly {
    readonly store_id: string;
    readonly timelines: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  }[];
  readonly views: readonly { readonly view_class: string; readonly reports: readonly unknown[] }[];
}

const PICTURES = ["dataset.png", "segment.png", "catalog.png"];
const MAGENTA = [255, 0, 255] as const;
const folder = mkdtempSync(join(tmpdir(), "rerun-ts-platform-viewer-"));
const pictures = process.env.RERUN_TS_PLATFORM_PICTURES ?? folder;
let server: ServerProcess;
let dataset = "";
let pages: readonly Page[] = [];
let logs: readonly string[] = [];

beforeAll(async () => {
  await recordDrive(join(folder, "drive.rrd"));
  server = await startOurServer(["--data-dir", join(folder, "data"), "-d", `drives=${folder}`]);
  dataset = await datasetId();
  const urls = [`${server.url}/entry/${dataset}`, segmentUrl(), `${server.url}/catalog`];
  const names = PICTURES.map((name) => join(pictures, name));
  const tool = join(ROOT, "tests", "conformance", "tools", "real_viewer_pages.py");
  const pairs = urls.flatMap((url, index) => [url, names[index] ?? ""]);
  const { stdout } = await promisify(execFile)(testPython(), [tool, vulkanFolder(), ...pairs], { maxBuffer: 2 ** 24 });
  ({ pages, logs } = JSON.parse(stdout) as { pages: Page[]; logs: string[] });
}, 120_000);

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function recordDrive(path: string): Promise<void> {
  const rec = new rr.RecordingStream("drives", { recordingId: "drive" });
  rec.save(path);
  rec.sendRecordingName("A drive");
  rec.log("speed", new rr.SeriesLines({ colors: MAGENTA, widths: 3 }), { static: true });
  for (let frame = 0; frame < 20; frame++) {
    rec.setTime("frame", { sequence: frame });
    rec.log(
      "world/points",
      new rr.Points3D(
        [
          [frame, 0, 1],
          [0, frame, 2],
          [1, 2, 3],
        ],
        { radii: 0.2 },
      ),
    );
    rec.log("speed", new rr.Scalars(Math.sin(frame / 3)));
  }
  await rec.flush();
  rec.disconnect();
}

async function datasetId(): Promise<string> {
  const client = connectRedap(server.port);
  const { entries } = await client.findEntries({ filter: { name: "drives", entryKinds: [EntryKind.DATASET] } });
  return hexOf(entries[0]?.id?.id);
}

function segmentUrl(): string {
  return `${server.url}/dataset/${dataset}?segment_id=drive`;
}

/** Whether at least 300 pixels of a PNG have the colour of the line. */
function hasLineOfSpeed(picture: Buffer): boolean {
  const { data } = readPng(picture);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (MAGENTA.every((channel, index) => data[at + index] === channel)) count++;
  }
  return count >= 300;
}

describe("the real viewer on our server", () => {
  it("opens a dataset and a segment of it", () => {
    expect(pages[0]?.location.toLowerCase()).toContain(`/dataset/${dataset}`);
    const [recording] = pages[1]?.recordings ?? [];
    expect(recording?.store_id.toLowerCase()).toBe(`recording:${dataset}:drive`);
    expect(recording?.timelines.find(({ name }) => name === "frame")).toMatchObject({ start: 0, end: 19 });
    expect(pages[1]?.views.map(({ view_class }) => view_class).sort()).toEqual(["3D", "TimeSeries"]);
    expect(pages[1]?.views.flatMap(({ reports }) => reports)).toEqual([]);
  });

  it("opens the catalog", () => {
    expect(pages[2]?.location).toBe(`${server.url}/catalog`);
  });

  it("has nothing to complain about", () => {
    const ours = logs.filter((line) => /^(WARN|ERROR)/.test(line) && !/rasterizer|Failed to load examples/.test(line));
    expect(ours).toEqual([]);
  });

  it("draws them", () => {
    for (const name of PICTURES) expect(statSync(join(pictures, name)).size, name).toBeGreaterThan(20_000);
  });
});

describe("the real web viewer on our server", () => {
  it("opens a segment over gRPC-web from an origin of its own", async () => {
    const { calls, complaints, picture } = await visitWithWebViewer(segmentUrl(), hasLineOfSpeed);
    writeFileSync(join(pictures, "web-segment.png"), picture);
    expect(calls).toEqual(expect.arrayContaining(["WhoAmI", "ReadDatasetEntry", "FindEntries", "GetRrdManifest", "FetchChunks"]));
    expect(calls.filter((call) => call.endsWith("!"))).toEqual([]);
    expect(complaints).toEqual([]);
  }, 180_000);
});
