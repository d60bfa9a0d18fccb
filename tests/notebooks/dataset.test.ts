import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import { launchBrowser } from "../support/chromium.js";
import { type ServerProcess, startOurServer, startRealServer } from "../support/redap-servers.js";
import { JupyterLab, makeWorkspace, setTheme, type Workspace, writeNotebook } from "./jupyter-lab.js";
import { LabPage } from "./lab-page.js";

const PICTURES = join(ROOT, ".cache", "pictures");
const [LOG, CONNECT, SHOW, SET_TIME, SET_RECORDING, CONNECT_REAL, SHOW_REAL, SHOW_FILES] = [0, 1, 2, 3, 4, 5, 6, 7];

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
    `const heard: string[] = [];
const viewer = rr.show(ours, { segment: "tuesday" });
viewer.on("recordingOpen", ({ applicationId, recordingId }) => heard.push(applicationId + " " + recordingId));
viewer;`,
    'viewer.setTime("frame", { sequence: 30 });',
    'viewer.setActiveRecording({ recordingId: "monday" });\nconsole.log(heard.join());',
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

const ALL_VIEWS = ["3d", "2d", "time-series", "text-log"];

/** Waits for the viewer of a cell, with data in all of its views; a picture of it is kept. */
async function expectAllViews(cell: number, picture: string): Promise<void> {
  await page.viewerIn(cell);
  await until(async () => {
    const { views } = await page.look(cell);
    return views.filter(({ kind, numColors }) => kind === "text-log" || numColors > 20).map(({ kind }) => kind);
  }).toEqual(ALL_VIEWS);
  await page.page.screenshot({ path: join(PICTURES, `${picture}.png`) });
}

const viewer = (): Locator => page.page.locator(".jp-Cell").nth(SHOW).locator("[data-rerun-viewer]");
const pixels = (): Promise<string> =>
  viewer()
    .locator('[data-view="3d"] canvas')
    .evaluate((element) => (element as HTMLCanvasElement).toDataURL());

/** Asks again until what is expected of the answer holds. */
const until = <T>(ask: () => T) => expect.poll(ask, { timeout: 30_000, interval: 50 });

const expectName = (name: string): Promise<void> =>
  viewer()
    .getByRole("button", { name: `Recordings of drives, now ${name}` })
    .waitFor();

const expectTime = (frame: number): Promise<void> =>
  until(() => viewer().getByRole("textbox", { name: "Time on frame" }).inputValue()).toMatch(new RegExp(`^#?${frame}$`));

describe("a dataset in JupyterLab", () => {
  it("is shown from our server", async () => {
    await page.runCell(CONNECT);
    await page.runCell(SHOW);
    await expectAllViews(SHOW, "dataset");
  });

  it("opens with the segment that was named, at its beginning", async () => {
    await expectName("Drive of tuesday");
    await expectTime(0);
  });

  it("fetches what is looked at when the time is moved", async () => {
    const before = await pixels();
    await page.runCell(SET_TIME);
    await expectTime(30);
    await until(pixels).not.toBe(before);
  });

  it("lists its recordings, and shows the one that is chosen", async () => {
    await viewer().getByRole("button", { name: "Recordings of drives, now Drive of tuesday" }).click();
    const list = viewer().getByRole("listbox", { name: "Recordings" });
    await until(() => list.getByRole("option").allInnerTexts()).toEqual([
      expect.stringContaining("Drive of monday"),
      expect.stringContaining("Drive of tuesday"),
      expect.stringContaining("Drive of wednesday"),
    ]);
    await page.page.screenshot({ path: join(PICTURES, "dataset-recordings.png") });
    await list.getByRole("option", { name: "Drive of wednesday" }).click();
    await expectName("Drive of wednesday");
    await expectAllViews(SHOW, "dataset-chosen");
    await expectTime(0);
    await viewer()
      .getByRole("button", { name: /^Recordings of drives/ })
      .click();
    await page.runCell(SET_RECORDING);
    await expectName("Drive of monday");
    await page.runCell(SET_RECORDING);
    expect(await page.printed(SET_RECORDING)).toBe("drives tuesday,drives wednesday,drives monday\n");
  });

  it("is as good to look at in a narrow page and in the dark", async () => {
    await page.page.setViewportSize({ width: 760, height: 900 });
    await page.command("apputils:change-theme", { theme: "JupyterLab Dark" });
    await expectAllViews(SHOW, "dataset-narrow-dark");
    await page.page.setViewportSize({ width: 1280, height: 1000 });
    await expectAllViews(SHOW, "dataset-dark");
    await page.command("apputils:change-theme", { theme: "JupyterLab Light" });
  });

  it("says when the server is away, and goes on when it is back", async () => {
    await ours.stop();
    await page.runCell(SET_TIME);
    const line = viewer().getByRole("status").filter({ hasText: "Could not load data, trying again" });
    await line.waitFor();
    await page.page.screenshot({ path: join(PICTURES, "dataset-away.png") });
    const before = await pixels();
    ours = await startOurServer(["--data-dir", join(workspace.folder, "data")], ours.port);
    await line.waitFor({ state: "detached" });
    await until(pixels).not.toBe(before);
  });

  it("is freed when its cell is run again", async () => {
    const before = await page.widgets();
    await page.runCell(SHOW);
    await expectName("Drive of tuesday");
    const after = await page.widgets();
    expect([after.length, after.some((id) => before.includes(id))]).toEqual([before.length, false]);
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
