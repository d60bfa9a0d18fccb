import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import { launchBrowser } from "../support/chromium.js";
import { type ServerProcess, startOurServer, startRealServer } from "../support/redap-servers.js";
import { JupyterLab, makeWorkspace, setTheme, type Workspace, writeNotebook } from "./jupyter-lab.js";
import { LabPage } from "./lab-page.js";

const PICTURES = join(ROOT, ".cache", "pictures");
const [LOG, CONNECT, SHOW, CONNECT_REAL, SHOW_REAL, SHOW_FILES] = [0, 1, 2, 3, 4, 5];

const LOG_CELL = `import * as rr from "rerun-ts";
import * as catalog from "rerun-ts/catalog";
import { resolve } from "node:path";
const files: string[] = [];
for (const [day, numPoints] of [["monday", 200], ["tuesday", 400], ["wednesday", 800]] as const) {
  const rec = new rr.RecordingStream("drives", { recordingId: day });
  files.push(resolve(day + ".rrd"));
  rec.save(day + ".rrd");
  rec.sendRecordingName("Drive of " + day);
  rec.log("world", rr.ViewCoordinates.RIGHT_HAND_Z_UP, { static: true });
  for (let frame = 0; frame < 60; frame++) {
    rec.setTime("frame", { sequence: frame });
    const positions = Array.from({ length: numPoints }, (_, i) => {
      const angle = i / 20 + frame / 30;
      return [Math.cos(angle) * (1 + i / numPoints), Math.sin(angle) * (1 + i / numPoints), (2 * i) / numPoints];
    });
    const colors = positions.map((_, i) => [80 + Math.floor((175 * i) / numPoints), 120, 255 - Math.floor((175 * i) / numPoints)]);
    rec.log("world/spiral", new rr.Points3D(positions, { radii: 0.03, colors }));
    const pixels = new Uint8Array(48 * 64 * 3).map((_, i) => (i % 3 === 0 ? frame * 4 : i % 3 === 1 ? (i / 3) % 64 * 4 : 90));
    rec.log("camera", new rr.Image({ data: pixels, shape: [48, 64, 3] }));
    rec.log("speed", new rr.Scalars(Math.sin(frame / 9) * numPoints));
    if (frame % 10 === 0) rec.log("log", new rr.TextLog("frame " + frame + " of " + day));
    await rec.flush(); // a chunk for each frame
  }
  await rec.close();
}`;

const connectCell = (name: string, url: string): string =>
  `const ${name}Client = await catalog.CatalogClient.connect(${JSON.stringify(url)});
const ${name} = await ${name}Client.createDataset("drives");
await (await ${name}.register(files)).wait();
0;`;

let ours: ServerProcess;
let real: ServerProcess;
let workspace: Workspace;
let lab: JupyterLab;
let browser: Browser;
let page: LabPage;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  workspace = makeWorkspace();
  setTheme(workspace, "light");
  ours = await startOurServer(["--data-dir", join(workspace.folder, "data")]);
  real = await startRealServer();
  writeNotebook(workspace, "dataset.ipynb", [
    LOG_CELL,
    connectCell("ours", ours.url),
    'const viewer = rr.show(ours, { segment: "tuesday" });',
    connectCell("real", real.url),
    'rr.show(await real.segment("monday"), { height: 300 });',
    'rr.show(await catalog.openDataset(files), { height: 300, theme: "dark" });',
  ]);
  lab = await JupyterLab.start(workspace);
  browser = await launchBrowser();
  page = await LabPage.open(browser, lab, "dataset.ipynb");
  await page.runCell(LOG);
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
  await ours?.stop();
  await real?.stop();
  workspace?.remove();
});

const ALL_VIEWS = ["2d", "3d", "text-log", "time-series"];

/** The viewer of a cell, once all of its views have data; a picture of it is kept. */
async function expectAllViews(cell: number, picture: string): Promise<void> {
  const look = await page.viewerIn(cell);
  expect(look.views.map(({ kind }) => kind).sort()).toEqual(ALL_VIEWS);
  for (const { kind, numColors } of look.views) if (kind !== "text-log") expect([kind, numColors > 20]).toEqual([kind, true]);
  await page.page.screenshot({ path: join(PICTURES, `${picture}.png`) });
}

describe("a dataset in JupyterLab", () => {
  it("is shown from our server", async () => {
    await page.runCell(CONNECT);
    await page.runCell(SHOW);
    await expectAllViews(SHOW, "dataset");
  });

  it("has segments that are shown alone, here from Rerun's own server", async () => {
    await page.runCell(CONNECT_REAL);
    await page.runCell(SHOW_REAL);
    await expectAllViews(SHOW_REAL, "dataset-real");
  });

  it("of files is shown without a server", async () => {
    await page.runCell(SHOW_FILES);
    await expectAllViews(SHOW_FILES, "dataset-files");
  });

  it("prints and logs nothing of its own", async () => {
    expect(page.problems).toEqual([]);
    expect((await page.streams()).stderr).toBe("");
  });
});
