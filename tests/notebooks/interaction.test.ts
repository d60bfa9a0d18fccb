import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/chromium.js";
import { JupyterLab, layOutCellsInSight, makeWorkspace, type Workspace, writeNotebook } from "./jupyter-lab.js";
import { LabPage } from "./lab-page.js";

const [LOG, SHOW, SET_TIME, SCREENSHOT, SELECT, HEARD, FAR_AWAY] = [0, 1, 2, 3, 4, 5, 45];

const CELLS = [
  `import * as rr from "rerun-ts";
import { writeFileSync } from "node:fs";
const heard: string[] = [];
rr.init("interaction");
rr.log("world", rr.ViewCoordinates.RIGHT_HAND_Z_UP, { static: true });
rr.log("world/axis", new rr.LineStrips3D([[[0, 0, 0], [3, 0, 0]]], { radii: 0.05 }), { static: true });
for (let frame = 0; frame < 20; frame++) {
  rr.setTime("frame", { sequence: frame });
  rr.log("world/balls", new rr.Points3D([[0, 0, 0], [5, 0, 0]], { radii: 2, colors: [[frame * 12, 200, 40]] }));
}`,
  `const viewer = rr.show({ height: 300 });
viewer.on("selectionChange", ({ items }) => heard.push("selected " + items.map((item) => item.entityPath).join()));
viewer.on("timeUpdate", ({ timeline, time }) => heard.push(timeline + " " + time));
0;`,
  'viewer.setTime("frame", { sequence: 7 });',
  'writeFileSync("shot.png", await viewer.screenshot());',
  'console.log("waiting");\nconst picked = await viewer.nextSelection();\nconsole.log(JSON.stringify(picked));',
  'console.log(heard.join("\\n"));',
  ...Array.from({ length: 40 }, (_, i) => `# Part ${i}\n\n${"A line of text.\n\n".repeat(10)}`),
];

let workspace: Workspace;
let lab: JupyterLab;
let browser: Browser;
let page: LabPage;

beforeAll(async () => {
  workspace = makeWorkspace();
  layOutCellsInSight(workspace);
  writeNotebook(workspace, "interaction.ipynb", CELLS);
  lab = await JupyterLab.start(workspace);
  browser = await launchBrowser();
  page = await LabPage.open(browser, lab, "interaction.ipynb");
  await page.runCell(LOG);
  await page.runCell(SHOW);
  await page.viewerIn(SHOW);
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
  workspace?.remove();
});

const canvas = (): Locator => page.page.locator('[data-rerun-viewer] [data-view="3d"] canvas').first();
const timeBox = (): Locator => page.page.locator('[data-rerun-viewer] input[aria-label="Time on frame"]').first();
const pixels = (): Promise<string> => canvas().evaluate((element) => (element as HTMLCanvasElement).toDataURL());

/** Asks again until what is expected of the answer holds. */
const until = <T>(ask: () => T, interval = 50) => expect.poll(ask, { timeout: 30_000, interval });

/** Whether the viewer is what one sees at its place: JupyterLab moves, hides or takes out the cells that are scrolled away. */
const isInSight = (): Promise<boolean> =>
  page.page.evaluate(() => {
    const viewer = document.querySelector("[data-rerun-viewer]");
    const { x, y, width, height } = viewer?.getBoundingClientRect() ?? new DOMRect();
    const seen = document.elementFromPoint(x + width / 2, y + height / 2);
    return width > 0 && height > 0 && seen !== null && viewer !== null && (viewer.contains(seen) || seen.contains(viewer));
  });

async function untilTime(frame: number): Promise<void> {
  await until(() => timeBox().inputValue()).toMatch(new RegExp(`^#?${frame}$`));
}

/** The pixels once nothing draws any more. */
async function restingPixels(): Promise<string> {
  let last = "";
  await until(async () => {
    const before = last;
    last = await pixels();
    return last === before;
  }, 300).toBe(true);
  return last;
}

describe("a viewer and the cells that steer it", () => {
  it("setTime moves the viewer on the page, and its listeners hear of it", async () => {
    const before = await restingPixels();
    await page.runCell(SET_TIME);
    await untilTime(7);
    await until(restingPixels).not.toBe(before);
    await until(async () => {
      await page.runCell(HEARD);
      return page.printed(HEARD);
    }).toContain("frame 7\n");
  });

  it("screenshot gives the kernel what the page shows", async () => {
    await page.runCell(SCREENSHOT);
    const shot = readFileSync(join(workspace.folder, "shot.png")).toString("base64");
    const { width, height, ball } = await page.page.evaluate(findBall, `data:image/png;base64,${shot}`);
    const box = await page.page.locator("[data-rerun-viewer]").first().boundingBox();
    expect([width, height]).toEqual([Math.round(box?.width ?? 0), Math.round(box?.height ?? 0)]);
    expect(ball.length).toBeGreaterThan((width * height) / 100);
  });

  it("a click in the view is the answer that a cell awaits", async () => {
    await page.scrollToCell(SHOW);
    const cell = page.runCell(SELECT);
    await until(() => page.printed(SELECT)).toBe("waiting\n");
    const { width, ball } = await page.page.evaluate(findBall, await pixels());
    const scale = ((await canvas().boundingBox())?.width ?? 0) / width;
    const [x, y] = ball[Math.floor(ball.length / 2)] ?? [0, 0];
    await canvas().click({ position: { x: x * scale, y: y * scale } });
    await cell;
    const picked = JSON.parse((await page.printed(SELECT)).split("\n")[1] ?? "") as { readonly position: readonly number[] };
    expect(picked).toMatchObject({ entityPath: "/world/balls" });
    for (const value of picked.position) expect(Math.abs(value)).toBeLessThan(7.1);
    await page.runCell(HEARD);
    expect(await page.printed(HEARD)).toContain("selected /world/balls");
  });

  it("time and camera stay while JupyterLab takes out the cell that is scrolled away", async () => {
    await page.scrollToCell(SHOW);
    const before = await restingPixels();
    const box = await canvas().boundingBox();
    const [x, y] = [(box?.x ?? 0) + 40, (box?.y ?? 0) + 40];
    await page.page.mouse.move(x, y);
    await page.page.mouse.down();
    await page.page.mouse.move(x + 120, y + 30, { steps: 5 });
    await page.page.mouse.up();
    await page.page.mouse.move(5, 5);
    const turned = await restingPixels();
    expect(turned).not.toBe(before);
    await page.scrollToCell(FAR_AWAY);
    await until(isInSight).toBe(false);
    await page.scrollToCell(SHOW);
    await until(isInSight).toBe(true);
    await untilTime(7);
    await until(restingPixels).toBe(turned);
  });

  it("a cell that is run again has a new viewer, and the kernel frees the old one", async () => {
    const [old, ...others] = await page.widgets();
    expect(others).toEqual([]);
    await page.runCell(SHOW);
    await page.viewerIn(SHOW);
    const now = await page.widgets();
    expect(now.length).toBe(1);
    expect(now).not.toContain(old);
  });

  it("a page that is loaded again has the viewer, at the time that the cells set", async () => {
    await page.runCell(SET_TIME);
    await untilTime(7);
    const before = await restingPixels();
    await page.save();
    await page.reload();
    await page.viewerIn(SHOW);
    await untilTime(7);
    await until(restingPixels).toBe(before);
    expect(await page.widgets()).toHaveLength(1);
  });

  it("writes nothing to the browser's console meanwhile", () => {
    expect(page.problems).toEqual([]);
  });
});

/** Runs in the page: where a picture has the ball's colour. At frame 7 that is (84, 200, 40), shaded. */
async function findBall(
  url: string,
): Promise<{ readonly width: number; readonly height: number; readonly ball: readonly (readonly [number, number])[] }> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context?.drawImage(image, 0, 0);
  const data = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
  const ball: [number, number][] = [];
  for (let i = 0; i < width * height; i++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(i * 4, i * 4 + 3);
    if (green > 100 && red < green * 0.6 && blue < green * 0.4) ball.push([i % width, Math.floor(i / width)]);
  }
  return { width, height, ball };
}
