import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/chromium.js";
import { ScriptedPage } from "../support/page-script.js";

let browser: Browser;
let scripted: ScriptedPage;
beforeAll(async () => {
  browser = await launchBrowser();
  scripted = await ScriptedPage.open(browser, "tests/browser/spatial/page.tsx");
});
afterAll(() => browser?.close());

/** An empty page for views. Whatever it says on the console is a fault, except lines with `isExpected`. */
async function withPage(use: (page: Page) => Promise<void>, isExpected: (line: string) => boolean = () => false): Promise<void> {
  await scripted.newDocument();
  await use(scripted.page);
  const unexpected = scripted.said.filter((line) => !isExpected(line));
  expect(unexpected, "the console stays quiet").toEqual([]);
}

async function show(page: Page, ...args: Parameters<typeof spatial.show>): Promise<void> {
  await page.evaluate(async (all) => {
    spatial.show(...all);
    await spatial.settled();
  }, args);
  await page.waitForFunction((id) => spatial.firstFrames.includes(id), args[0]);
}

describe("pixels of a 3D view", () => {
  test("shapes have their colours where they are, the background elsewhere", () =>
    withPage(async (page) => {
      await show(page, "v", "probe");
      const seen = await page.evaluate(() => ({
        red: spatial.share("v", (r, g, b) => r > 90 && g < 40 && b < 40),
        green: spatial.share("v", (r, g, b) => g > 90 && r < 60 && b < 60),
        blue: spatial.share("v", (r, g, b) => b > 180 && r < 60 && g < 60),
        background: spatial.share("v", (r, g, b) => r > 150 && g > 150 && b > 150),
        top: spatial.pixel("v", 0.5, 0.005),
        bottom: spatial.pixel("v", 0.02, 0.995),
      }));
      expect(seen.red, "cube").toBeGreaterThan(0.03);
      expect(seen.red, "cube").toBeLessThan(0.3);
      expect(seen.green, "ball: drawn larger than the GPU's points").toBeGreaterThan(0.015);
      expect(seen.green, "ball").toBeLessThan(0.2);
      expect(seen.blue, "strip").toBeGreaterThan(0.005);
      expect(seen.background).toBeGreaterThan(0.6);
      expect(seen.top).toEqual([0xf5, 0xf7, 0xf9]);
      for (const [i, channel] of [0xe4, 0xe9, 0xee].entries()) {
        expect(Math.abs((seen.bottom[i] ?? 0) - channel), `bottom channel ${i}`).toBeLessThanOrEqual(24);
      }
    }));

  test("dark and light themes differ in the background, not in the data", () =>
    withPage(async (page) => {
      await show(page, "v", "probe", { theme: "dark" });
      const seen = await page.evaluate(() => ({
        red: spatial.share("v", (r, g, b) => r > 90 && g < 40 && b < 40),
        dark: spatial.share("v", (r, g, b) => r < 70 && g < 70 && b < 70 && Math.abs(r - g) < 20),
      }));
      expect(seen.red).toBeGreaterThan(0.03);
      expect(seen.dark).toBeGreaterThan(0.6);
    }));

  test("a cloud of the point budget is drawn, more is reduced and said", () =>
    withPage(async (page) => {
      const lines = await page.evaluate(async () => {
        const count = 300_000;
        const positions = Float32Array.from({ length: count * 3 }, (_, i) => Math.sin(i * 12.9898) * 3);
        const item = { type: { kind: "float", bits: 32 }, length: count * 3, nullCount: 0, values: positions } as const;
        const type = { kind: "fixedSizeList", size: 3, item: { name: "item", type: item.type, nullable: false } } as const;
        spatial.show("v", {
          "/cloud": { "Points3D:positions": { values: { type, length: count, nullCount: 0, children: [item] } } },
        });
        await spatial.settled();
        return spatial.stateLines;
      });
      expect(lines).toEqual(["200 k of 300 k points"]);
      expect(
        await page.evaluate(() => spatial.share("v", (r, g, b) => Math.max(r, g, b) - Math.min(r, g, b) > 60)),
      ).toBeGreaterThan(0.015);
    }));
});

describe("pixels of a 2D view", () => {
  test("an image fills the view, with what lies over it in place", () =>
    withPage(async (page) => {
      // 640 × 480 for 64 × 48 pixels: 9.6 screen pixels each, the image from (12.8, 9.6) on.
      await show(page, "v", "picture", { viewClass: "2d", origin: "/cam", width: 640, height: 480 });
      const at = (x: number, y: number): Promise<readonly number[]> =>
        page.evaluate(([px, py]) => spatial.pixel("v", (12.8 + (px ?? 0) * 9.6) / 640, (9.6 + (py ?? 0) * 9.6) / 480), [x, y]);
      expect(await at(5, 5), "left half").toEqual([255, 0, 0]);
      expect(await at(60.5, 25), "right half").toEqual([0, 0, 255]);
      expect(await at(31.9, 1.5), "last pixel of the left half").toEqual([255, 0, 0]);
      expect(await at(32.1, 1.5), "first pixel of the right half, not mixed with its neighbour").toEqual([0, 0, 255]);
      const [red, green, blue] = await at(50, 10);
      expect([red, blue], "point, green only").toEqual([0, 0]);
      expect(green, "point, shaded").toBeGreaterThan(200);
      expect(await at(28, 12), "upper edge of the box, in its class's colour").toEqual([0xff, 0xd5, 0x4a]);
      expect(await page.evaluate(() => spatial.pixel("v", 0.003, 0.5)), "margin").toEqual([255, 255, 255]);
      expect(await page.evaluate(() => spatial.labels("v"))).toEqual(["chair"]);
    }));

  test("an image file is decoded by the browser", () =>
    withPage(async (page) => {
      await page.evaluate(async () => {
        const canvas = new OffscreenCanvas(8, 8);
        const context = canvas.getContext("2d");
        if (context === null) throw new Error("no canvas");
        context.fillStyle = "#10c040";
        context.fillRect(0, 0, 8, 8);
        const file = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
        const item = { type: { kind: "int", bits: 8, signed: false }, length: file.length, nullCount: 0, values: file } as const;
        const type = { kind: "list", item: { name: "item", type: item.type, nullable: false } } as const;
        const values = { type, length: 1, nullCount: 0, offsets: Int32Array.of(0, file.length), children: [item] };
        spatial.show("v", { "/photo": { "EncodedImage:blob": { values } } }, { viewClass: "2d", origin: "/photo" });
      });
      await page.waitForFunction(() => spatial.firstFrames.includes("v"));
      expect(await page.evaluate(() => spatial.pixel("v", 0.5, 0.5))).toEqual([0x10, 0xc0, 0x40]);
    }));
});

describe("picking", () => {
  test("clicks name entity, instance and position; the background names nothing", () =>
    withPage(async (page) => {
      await show(page, "v", "picture", { viewClass: "2d", origin: "/cam", width: 640, height: 480 });
      const click = async (x: number, y: number): Promise<unknown> => {
        await page.mouse.click(12.8 + x * 9.6, 9.6 + y * 9.6);
        return page.evaluate(() => spatial.selected.at(-1));
      };
      expect(await click(50, 10)).toMatchObject({ entityPath: "/cam/points", instance: 0 });
      expect(await click(55, 40)).toMatchObject({ entityPath: "/cam/points", instance: 1 });
      expect(await click(28, 12)).toMatchObject({ entityPath: "/cam/box", instance: 0 });
      const image = (await click(10.5, 20.5)) as { entityPath: string; position: number[] };
      expect(image).toMatchObject({ entityPath: "/cam", pixel: { x: 10, y: 20, text: "R 255  G 0  B 0" } });
      expect(image.position[0]).toBeCloseTo(10.5, 1);
      expect(image.position[1]).toBeCloseTo(20.5, 1);
      await page.mouse.click(2, 240);
      expect(await page.evaluate(() => [spatial.selected.length, spatial.selected.at(-1) ?? "nothing"])).toEqual([5, "nothing"]);
    }));

  test("a click in 3D finds the place on the cube's surface and the second ball", () =>
    withPage(async (page) => {
      await show(page, "v", "probe", { width: 600, height: 400 });
      const middles = await page.evaluate(() => {
        const { data } = spatial.pixels("v");
        const middle = (isWanted: (r: number, g: number, b: number) => boolean): [number, number] => {
          let [x, y, n] = [0, 0, 0];
          for (let i = 0; i < data.length; i += 4) {
            if (!isWanted(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0)) continue;
            x += (i / 4) % 600;
            y += Math.floor(i / 4 / 600);
            n++;
          }
          return [x / n, y / n];
        };
        return { cube: middle((r, g, b) => r > 90 && g < 40 && b < 40), ball: middle((r, g, b) => g > 90 && r < 60 && b < 60) };
      });
      await page.mouse.click(...middles.cube);
      const cube = await page.evaluate(() => spatial.selected.at(-1));
      expect(cube).toMatchObject({ entityPath: "/cube", instance: 0 });
      const largest = Math.max(...(cube?.position ?? []).map(Math.abs));
      expect(largest, "on the surface").toBeCloseTo(1, 1);
      await page.mouse.click(...middles.ball);
      expect(await page.evaluate(() => spatial.selected.at(-1))).toMatchObject({ entityPath: "/ball", instance: 1 });
    }));

  test("hovering waits until the pointer rests and marks what it is over", () =>
    withPage(async (page) => {
      await show(page, "v", "picture", { viewClass: "2d", origin: "/cam", width: 640, height: 480 });
      await page.mouse.move(12.8 + 50 * 9.6, 9.6 + 10 * 9.6);
      await page.waitForFunction(() => spatial.hovered.length > 0);
      expect(await page.evaluate(() => spatial.hovered.at(-1))).toMatchObject({ entityPath: "/cam/points", instance: 0 });
      await page.evaluate(() => spatial.settled());
      expect(await page.evaluate(() => spatial.pixel("v", (12.8 + 50 * 9.6) / 640, (9.6 + 96) / 480)), "lifted").not.toEqual([
        0, 255, 0,
      ]);
    }));
});

describe("the shared context", () => {
  test("three views draw with one context", () =>
    withPage(async (page) => {
      await page.evaluate(() => {
        const original = HTMLCanvasElement.prototype.getContext;
        const made = new Set<unknown>();
        Object.assign(globalThis, { made });
        HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
          if (kind.startsWith("webgl")) made.add(this);
          return Reflect.apply(original, this, [kind, ...rest]);
        } as typeof original;
      });
      for (const id of ["a", "b", "c"]) await show(page, id, "probe", { width: 250, height: 160 });
      expect(await page.evaluate(() => (globalThis as unknown as { made: Set<unknown> }).made.size)).toBe(1);
      for (const id of ["a", "b", "c"]) {
        const red = await page.evaluate((view) => spatial.share(view, (r, g, b) => r > 90 && g < 40 && b < 40), id);
        expect(red, id).toBeGreaterThan(0.03);
      }
    }));

  test("nothing is drawn while nothing changes, and the same query draws nothing again", () =>
    withPage(async (page) => {
      await show(page, "v", "probe");
      await page.waitForTimeout(200);
      const before = await page.evaluate(() => spatial.frames());
      await page.evaluate(() => spatial.change("v", {}));
      await page.waitForTimeout(1000);
      expect(await page.evaluate(() => spatial.frames())).toBe(before);
    }));

  test("a view outside of the window waits until it is scrolled in", () =>
    withPage(async (page) => {
      await page.evaluate(async () => {
        document.body.style.paddingTop = "3000px";
        spatial.show("v", "probe");
        await spatial.settled();
      });
      await page.waitForTimeout(300);
      const before = await page.evaluate(async () => {
        spatial.change("v", { theme: "dark" });
        await spatial.settled();
        const frames = spatial.frames();
        spatial.change("v", { theme: "light" });
        await spatial.settled();
        return [frames, spatial.frames()];
      });
      expect(before[1]).toBe(before[0]);
      await page.evaluate(() => document.getElementById("v")?.scrollIntoView());
      await page.waitForFunction(() => spatial.share("v", (r, g, b) => r > 90 && g < 40 && b < 40) > 0.03);
    }));

  test("a lost context keeps the picture and comes back", () =>
    withPage(
      async (page) => {
        await show(page, "v", "probe");
        await page.evaluate(async () => {
          const context = spatial.gl()?.canvas.getContext("webgl2");
          const extension = context?.getExtension("WEBGL_lose_context");
          Object.assign(globalThis, { extension });
          extension?.loseContext();
          await spatial.settled();
        });
        await page.waitForTimeout(100);
        expect(
          await page.evaluate(() => spatial.share("v", (r, g, b) => r > 90 && g < 40 && b < 40)),
          "while lost",
        ).toBeGreaterThan(0.03);
        const frames = await page.evaluate(() => spatial.frames());
        await page.evaluate(() =>
          (globalThis as unknown as { extension: { restoreContext(): void } }).extension.restoreContext(),
        );
        await page.waitForFunction((count) => spatial.frames() > count, frames);
        expect(
          await page.evaluate(() => spatial.share("v", (r, g, b) => r > 90 && g < 40 && b < 40)),
          "restored",
        ).toBeGreaterThan(0.03);
      },
      (line) => /context (lost|restored)/i.test(line),
    ));
});

describe("navigation", () => {
  test("a drag turns a 3D view, the wheel zooms only with focus", () =>
    withPage(async (page) => {
      await show(page, "v", "probe", { width: 400, height: 300 });
      // Marked or not, red stays the strongest channel.
      const red = (): Promise<number> =>
        page.evaluate(() => spatial.share("v", (r, g, b) => r > 50 && g < r * 0.5 && b < r * 0.5));
      const start = await red();
      await page.mouse.move(200, 150);
      await page.mouse.wheel(0, -400);
      await page.waitForTimeout(150);
      expect(await red(), "without focus").toBeCloseTo(start, 2);
      await page.evaluate(() => spatial.change("v", { hasFocus: true }));
      await page.mouse.wheel(0, -400);
      await expect.poll(red, { message: "with focus", timeout: 10_000 }).toBeGreaterThan(start * 1.3);
      await page.mouse.dblclick(3, 296);
      await expect.poll(red, { message: "double click on the background resets", timeout: 10_000 }).toBeCloseTo(start, 2);
      const before = await page.evaluate(() => [...spatial.pixels("v").data].join());
      await page.mouse.move(200, 150);
      await page.mouse.down();
      await page.mouse.move(300, 150, { steps: 4 });
      await page.mouse.up();
      const now = (): Promise<string> => page.evaluate(() => [...spatial.pixels("v").data].join());
      await expect.poll(now, { message: "turned", timeout: 10_000 }).not.toBe(before);
      expect(await page.evaluate(() => spatial.selected.length), "the double click's clicks alone: a drag is none").toBe(2);
    }));

  test("new data leave the camera where it is", () =>
    withPage(async (page) => {
      await show(page, "v", "picture", { viewClass: "2d", origin: "/cam", width: 640, height: 480, hasFocus: true });
      await page.mouse.move(320, 240);
      await page.mouse.wheel(0, -400);
      await page.waitForTimeout(150);
      const before = await page.evaluate(() => spatial.pixel("v", 0.3, 0.2));
      await page.evaluate(async () => {
        const view = spatial.current("v");
        spatial.change("v", { query: { ...view.query } });
        await spatial.settled();
      });
      expect(await page.evaluate(() => spatial.pixel("v", 0.3, 0.2))).toEqual(before);
      expect(await page.evaluate(() => spatial.labels("v"))).toEqual(["chair"]);
    }));
});
