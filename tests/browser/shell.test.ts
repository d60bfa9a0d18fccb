import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/chromium.js";
import { type DocumentOptions, ScriptedPage } from "../support/page-script.js";

let browser: Browser;
let scripted: ScriptedPage;

beforeAll(async () => {
  browser = await launchBrowser();
  scripted = await ScriptedPage.open(browser, "tests/browser/harness/page.ts");
});
afterAll(() => browser?.close());
// Whatever else a test checks: nothing is said to the console.
afterEach(() => expect(scripted.said).toEqual([]));

async function show(
  scene: string,
  size: { readonly width: number; readonly height: number } = { width: 860, height: 420 },
  options: DocumentOptions = {},
): Promise<Page> {
  await scripted.newDocument(options);
  const { page } = scripted;
  await page.evaluate(([name, box]) => void harness.show(name, box), [scene, size] as const);
  if (scene !== "empty") await page.locator("[data-rerun-viewer=ready]").first().waitFor();
  return page;
}

function timeBox(page: Page): Locator {
  return page.getByRole("textbox", { name: /^Time on/ });
}

/** Waits until nothing is under way any more. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => resolve(undefined)), 150)));
}

interface Box {
  readonly view: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function viewBoxes(page: Page): Promise<Box[]> {
  return page.locator("[data-view]").evaluateAll((views) =>
    views.map((view) => {
      const { x, y, width, height } = view.getBoundingClientRect();
      return { view: view.getAttribute("data-view") ?? "", x, y, width, height };
    }),
  );
}

describe("layout", () => {
  test("the first spatial view is left and large, the others stack right of it in a fixed order", async () => {
    const page = await show("full");
    const [space, ...others] = await viewBoxes(page);
    expect([space?.view, ...others.map(({ view }) => view)]).toEqual(["3d", "2d", "time-series", "text-log"]);
    expect(space?.width).toBeGreaterThan(480);
    expect(new Set(others.map(({ x }) => x)).size).toBe(1);
    expect(await page.locator("[data-view='3d']").getAttribute("data-origin")).toBe("/world");
  });

  test("nothing moves after the first frame, whatever is logged into the kinds there are", async () => {
    const page = await show("full");
    const before = await viewBoxes(page);
    await page.evaluate(() => {
      const { recording } = harness.shown[0] as (typeof harness.shown)[0];
      for (let i = 100; i < 130; i++) {
        recording.log("plots/more", harness.rr.Scalars.fromFields({ scalars: [i / 100] }), [[harness.FRAME, BigInt(i)]]);
        recording.log("log", new harness.rr.TextLog(`line ${i}`), [[harness.FRAME, BigInt(i)]]);
      }
    });
    await page.getByRole("button", { name: "more" }).waitFor();
    expect(await viewBoxes(page)).toEqual(before);
    expect(await timeBox(page).inputValue()).toBe("#129");
  });

  test("views take at least 85 % of 800 × 400 pixels", async () => {
    const page = await show("full", { width: 800, height: 400 });
    const area = (await viewBoxes(page)).reduce((sum, { width, height }) => sum + width * height, 0);
    expect(area / (800 * 400)).toBeGreaterThanOrEqual(0.85);
  });

  test.each([360, 800, 1400])("nothing sticks out at %i pixels", async (width) => {
    const page = await show("full", { width, height: 420 }, { width: Math.max(width, 400), height: 600 });
    for (const name of ["Entities", "Selection"]) await page.getByRole("button", { name, exact: true }).click();
    const outside = await page.evaluate((limit) => {
      const root = document.querySelector("[data-rerun-viewer]")?.shadowRoot?.querySelector(".rv");
      if (root === null || root === undefined) return ["no root"];
      const wide = [...root.querySelectorAll(".bar, .bar > *, .drawer, .view, .title, .legend")].filter(
        (element) => element.getBoundingClientRect().right > limit + 0.5 || element.getBoundingClientRect().left < -0.5,
      );
      const scrolled = [root, ...root.querySelectorAll(".bar, .drawer.left, .views, .line > span:first-child")].filter(
        (element) => element.scrollWidth > element.clientWidth + 1,
      );
      return [...wide, ...scrolled].map((element) => `${element.className} ${element.scrollWidth}/${element.clientWidth}`);
    }, width);
    expect(outside).toEqual([]);
  });

  test("below 480 pixels views lie one below the other", async () => {
    const page = await show("full", { width: 360, height: 420 });
    const boxes = await viewBoxes(page);
    expect(new Set(boxes.map(({ x }) => x)).size).toBe(1);
    expect(Math.min(...boxes.map(({ height }) => height))).toBeGreaterThan(120);
  });

  test("a view can be maximized and given back, by button and by number", async () => {
    const page = await show("full");
    await page.getByRole("region", { name: "plots" }).hover();
    await page.getByRole("button", { name: "Maximize plots" }).click();
    expect((await viewBoxes(page)).map(({ view }) => view)).toEqual(["time-series"]);
    await page.getByRole("toolbar", { name: "Viewer" }).getByRole("button", { name: "Show all views" }).click();
    expect(await viewBoxes(page)).toHaveLength(4);
    await page.getByRole("region", { name: "log" }).click({ position: { x: 5, y: 5 } });
    await page.keyboard.press("3");
    expect((await viewBoxes(page)).map(({ view }) => view)).toEqual(["time-series"]);
    await page.keyboard.press("3");
    expect(await viewBoxes(page)).toHaveLength(4);
  });

  test("a splitter moves by dragging and by key", async () => {
    const page = await show("full");
    const before = (await viewBoxes(page))[0]?.width ?? 0;
    const splitter = page.getByRole("separator").first();
    const box = await splitter.boundingBox();
    if (box === null) throw new Error("no splitter");
    await page.mouse.move(box.x, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x - 100, box.y + 100);
    await page.mouse.up();
    expect((await viewBoxes(page))[0]?.width).toBeCloseTo(before - 100, -1);
    await splitter.focus();
    await page.keyboard.press("ArrowRight");
    expect((await viewBoxes(page))[0]?.width).toBeGreaterThan(before - 90);
  });

  test("one view has no title and no splitter, and static data no time bar", async () => {
    const page = await show("static");
    expect(await page.getByRole("separator").count()).toBe(0);
    expect(await page.locator(".title").count()).toBe(0);
    expect(await page.getByRole("toolbar", { name: "Time" }).count()).toBe(0);
  });

  test("an empty recording says what to do", async () => {
    const page = await show("empty");
    await page.getByText("Nothing logged yet.").waitFor();
    await page.getByText("rr.log(").waitFor();
  });
});

describe("time bar", () => {
  test("follows the newest data until the user moves", async () => {
    const page = await show("full");
    expect(await timeBox(page).inputValue()).toBe("#99");
    const log = (frame: number): Promise<void> =>
      page.evaluate((at) => {
        harness.shown[0]?.recording.log("log", new harness.rr.TextLog("x"), [[harness.FRAME, BigInt(at)]]);
      }, frame);
    await log(120);
    await expect.poll(() => timeBox(page).inputValue()).toBe("#120");
    await timeBox(page).fill("42");
    await page.keyboard.press("Enter");
    await log(140);
    await settle(page);
    expect(await timeBox(page).inputValue()).toBe("#42");
    await page.getByRole("button", { name: "Follow the newest data" }).click();
    await expect.poll(() => timeBox(page).inputValue()).toBe("#140");
  });

  test("a typed time is taken exactly, nonsense is refused and said", async () => {
    const page = await show("full");
    await timeBox(page).fill("#55");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".line.now").textContent()).toContain("lost track of cam_2");
    await timeBox(page).fill("soon");
    await page.keyboard.press("Enter");
    expect(await timeBox(page).getAttribute("aria-invalid")).toBe("true");
    expect(await timeBox(page).getAttribute("title")).toContain("e.g. 59");
  });

  test("steps go to the next and previous data", async () => {
    const page = await show("tall");
    const end = await timeBox(page).inputValue();
    await page.getByRole("button", { name: "Previous data" }).click();
    await expect.poll(() => timeBox(page).inputValue()).not.toBe(end);
    expect(end).toMatch(/^\d\d:\d\d:\d\d\.\d{3} 081$/);
    await page.getByRole("button", { name: "Next data" }).click();
    await expect.poll(() => timeBox(page).inputValue()).toBe(end);
  });

  test("playing moves on, stops at the end, and loops when asked", async () => {
    const page = await show("full");
    await page.getByRole("button", { name: "Play" }).click();
    await expect.poll(() => timeBox(page).inputValue(), { timeout: 10_000 }).toMatch(/^#[1-9]/);
    await page.getByRole("button", { name: "Pause" }).click();
    const paused = await timeBox(page).inputValue();
    await settle(page);
    expect(await timeBox(page).inputValue()).toBe(paused);
    await timeBox(page).fill("97");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Play" }).click();
    await page.getByRole("button", { name: "Play" }).waitFor();
    expect(await timeBox(page).inputValue()).toBe("#99");
    await page.getByRole("button", { name: "Loop: off" }).click();
    await page.getByRole("button", { name: "Play" }).click();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 4000)));
    expect(await page.getByRole("button", { name: "Pause" }).count()).toBe(1);
  });

  test("timelines of all three kinds can be chosen", async () => {
    const page = await show("full");
    await page.getByRole("button", { name: "Timeline: frame" }).click();
    await page.getByRole("menuitemradio", { name: /elapsed/ }).click();
    expect(await timeBox(page).inputValue()).toBe("2.97 s");
    await page.getByRole("button", { name: "Timeline: elapsed" }).click();
    await page.getByRole("menuitemradio", { name: /stamp/ }).click();
    expect(await timeBox(page).inputValue()).toBe("13:53:02.520 081");
  });

  test("a view without data says why, all of them in the same place", async () => {
    const page = await show("apart");
    const states = (): Promise<Record<string, string>> =>
      page.locator("[data-view]").evaluateAll((views) =>
        Object.fromEntries(
          views.flatMap((view) => {
            const state = view.querySelector(":scope > .state")?.textContent;
            return state === undefined ? [] : [[view.getAttribute("data-view"), state]];
          }),
        ),
      );
    await page.getByRole("button", { name: /^Timeline: / }).click();
    await page.getByRole("menuitemradio", { name: /frame/ }).click();
    await timeBox(page).fill("10");
    await page.keyboard.press("Enter");
    const elsewhere = { "time-series": "No data on frame", "text-log": "No data on frame" };
    await expect.poll(states).toEqual(elsewhere);
    await timeBox(page).fill("0");
    await page.keyboard.press("Enter");
    await expect.poll(states).toEqual({ ...elsewhere, "text-document": "No data at this time" });
    await page.getByRole("button", { name: "Entities" }).click();
    await page.getByRole("button", { name: /Hide .*points/ }).click();
    await expect.poll(states).toMatchObject({ "3d": "Everything here is hidden" });
  });

  test("the slider is dragged", async () => {
    const page = await show("full");
    const track = page.getByRole("slider");
    const box = await track.boundingBox();
    if (box === null) throw new Error("no track");
    await page.mouse.click(box.x + box.width / 2, box.y + 12);
    expect(Number((await timeBox(page).inputValue()).slice(1))).toBeCloseTo(50, -1);
    expect(await track.getAttribute("aria-valuetext")).toBe(await timeBox(page).inputValue());
  });
});

describe("tree and selection", () => {
  test("search finds entities, the eye hides them and what is below", async () => {
    const page = await show("full");
    await page.getByRole("button", { name: "Entities", exact: true }).click();
    await page.getByRole("searchbox", { name: "Search entities" }).fill("poi");
    expect(await page.getByRole("treeitem").allTextContents()).toEqual(["world", "points"]);
    await page.getByRole("searchbox", { name: "Search entities" }).fill("");
    expect(await page.getByRole("button", { name: "sin", exact: true }).count()).toBe(1);
    await page.getByRole("button", { name: "Hide plots" }).click();
    await expect.poll(() => page.locator(".legend button").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Show sin" }).count()).toBe(1);
  });

  test("the selection shows values at the time cursor", async () => {
    const page = await show("full");
    await page.getByRole("button", { name: "Entities", exact: true }).click();
    await page.getByRole("treeitem", { name: "points" }).click();
    await page.getByRole("button", { name: "Selection", exact: true }).click();
    const drawer = page.getByRole("complementary", { name: "Selection" });
    await expect.poll(() => drawer.textContent()).toContain("Points3D at frame #99 · 400 instances");
    const text = (await drawer.textContent()) ?? "";
    expect(text).toContain("… 395 more");
    expect(text).toContain("#28a0dcff");
    expect(text).toContain("logged at#90");
    await page.getByRole("treeitem", { name: "camera" }).click();
    await expect.poll(() => drawer.textContent()).toContain("96×64 RGB u8");
    const events = await page.evaluate(
      () => harness.shown[0]?.transport.events.filter(({ type }) => type === "selectionChange").length,
    );
    expect(events).toBe(2);
  });

  test("drawers are closed at first and come back as they were for the same recording", async () => {
    const page = await show("full");
    expect(await page.getByRole("complementary").count()).toBe(0);
    await page.getByRole("button", { name: "Entities", exact: true }).click();
    await page.evaluate(() => {
      const first = harness.shown[0];
      first?.viewer.unmount();
      harness.show("full", { width: 860, height: 420 });
    });
    await page.getByRole("complementary", { name: "Entities" }).waitFor();
  });
});

describe("keys", () => {
  test("work with the focus and do not reach the page", async () => {
    const page = await show("full");
    await page.evaluate(() => {
      (globalThis as unknown as { leaked: string[] }).leaked = [];
      document.addEventListener("keydown", (event) => (globalThis as unknown as { leaked: string[] }).leaked.push(event.key));
    });
    await page.getByRole("region", { name: "log" }).click({ position: { x: 5, y: 5 } });
    await page.keyboard.press("Home");
    expect(await timeBox(page).inputValue()).toBe("#0");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => timeBox(page).inputValue()).toBe("#1");
    await page.keyboard.press("End");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await expect
      .poll(() => page.getByRole("searchbox", { name: "Search entities" }).evaluate((box) => box.matches(":focus")))
      .toBe(true);
    await page.keyboard.type("sin");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => (globalThis as unknown as { leaked: string[] }).leaked)).toEqual([]);
    await page.getByRole("region", { name: "log" }).click({ position: { x: 5, y: 5 } });
    await page.keyboard.press("x");
    await page.keyboard.press("Shift+Enter");
    const leaked = await page.evaluate(() => (globalThis as unknown as { leaked: string[] }).leaked);
    expect(leaked.filter((key) => key !== "Shift")).toEqual(["Enter"]);
  });

  test("the wheel scrolls the page unless a view has the focus", async () => {
    const page = await show("full", { width: 860, height: 420 }, { body: "<div style='height:40px'></div>" });
    await page.evaluate(() => document.body.style.setProperty("height", "3000px"));
    for (const view of ["3d", "2d", "time-series"]) {
      await page.evaluate(() => scrollTo(0, 0));
      await page.locator(`[data-view='${view}']`).hover();
      await page.mouse.wheel(0, 50);
      await expect.poll(() => page.evaluate(() => scrollY), { message: view }).toBeGreaterThan(0);
    }
    await page.evaluate(() => scrollTo(0, 0));
    const plot = page.locator("[data-view='time-series']");
    await plot.click({ position: { x: 100, y: 60 } });
    await page.mouse.wheel(0, 50);
    await settle(page);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });
});

describe("connection", () => {
  test("rests: no requests and no frames when nothing changes", async () => {
    const page = await show("full");
    await settle(page);
    const counts = await page.evaluate(async () => {
      const { transport } = harness.shown[0] as (typeof harness.shown)[0];
      let frames = 0;
      const raf = window.requestAnimationFrame;
      window.requestAnimationFrame = (callback) => {
        frames++;
        return raf(callback);
      };
      const before = transport.requests.length;
      await new Promise((resolve) => setTimeout(resolve, 3000));
      window.requestAnimationFrame = raf;
      return { requests: transport.requests.length - before, frames };
    });
    expect(counts).toEqual({ requests: 0, frames: 0 });
  });

  test("a busy kernel is said, what is cached stays usable, and it goes on by itself", async () => {
    const page = await show("full");
    await timeBox(page).fill("0");
    await page.keyboard.press("Enter");
    await settle(page);
    await page.evaluate(() => harness.shown[0]?.transport.setBusy(true));
    await page.getByRole("region", { name: "plots" }).hover();
    await page.getByRole("button", { name: "Maximize plots" }).click();
    await page.getByText("kernel busy").waitFor();
    expect(await page.locator("[data-rerun-viewer]").getAttribute("data-rerun-viewer")).toBe("busy");
    await timeBox(page).fill("20");
    await page.keyboard.press("Enter");
    expect(await timeBox(page).inputValue()).toBe("#20");
    await page.evaluate(() => harness.shown[0]?.transport.setBusy(false));
    await page.locator("[data-rerun-viewer=ready]").waitFor();
    expect(await page.getByText("kernel busy").count()).toBe(0);
  });

  test("a stopped kernel is said and the picture stays", async () => {
    const page = await show("full");
    await page.evaluate(() => harness.shown[0]?.transport.close());
    await page.getByText("Kernel stopped. Run the cell again to interact.").waitFor();
    expect(await page.locator("[data-rerun-viewer]").getAttribute("data-rerun-viewer")).toBe("disconnected");
    expect(await page.getByRole("button", { name: "sin", exact: true }).count()).toBe(1);
    await timeBox(page).fill("20");
    await page.keyboard.press("Enter");
    expect(await timeBox(page).inputValue()).toBe("#20");
  });

  test("two viewers of one recording have times of their own", async () => {
    const page = await show("full", { width: 860, height: 300 });
    await page.evaluate(() => {
      const first = harness.shown[0];
      if (first !== undefined) harness.showAgain(first, { width: 860, height: 340 });
    });
    await expect.poll(() => page.locator("[data-rerun-viewer=ready]").count()).toBe(2);
    await timeBox(page).first().fill("10");
    await page.keyboard.press("Enter");
    expect(await timeBox(page).nth(0).inputValue()).toBe("#10");
    expect(await timeBox(page).nth(1).inputValue()).toBe("#99");
  });

  test("commands from a cell are done and events come back", async () => {
    const page = await show("full");
    await page.evaluate(() => {
      const { transport } = harness.shown[0] as (typeof harness.shown)[0];
      transport.notify({ kind: "command", command: { kind: "setTime", timeline: "frame", time: "35" } });
      transport.notify({ kind: "command", command: { kind: "select", entityPath: "/world/points", instance: 3 } });
      transport.notify({ kind: "command", command: { kind: "screenshot", requestId: 7 } });
    });
    expect(await timeBox(page).inputValue()).toBe("#35");
    await expect
      .poll(() => page.evaluate(() => harness.shown[0]?.transport.events.map(({ type }) => type)), { timeout: 30_000 })
      .toEqual(expect.arrayContaining(["ready", "timeUpdate", "selectionChange", "screenshot"]));
    const signature = await page.evaluate(() => [...(harness.shown[0]?.transport.eventBuffers[0] ?? [])].slice(0, 4));
    expect(signature).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });

  test("a viewer that is taken off the page asks nothing, and goes on when it is put back", async () => {
    const page = await show("full");
    const asked = await page.evaluate(async () => {
      const { transport, recording, element } = harness.shown[0] as (typeof harness.shown)[0];
      element.remove();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const before = transport.requests.length;
      recording.log("log", new harness.rr.TextLog("later"), [[harness.FRAME, 200n]]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const meanwhile = transport.requests.length - before;
      document.body.append(element);
      return meanwhile;
    });
    expect(asked).toBe(0);
    await expect.poll(() => timeBox(page).inputValue(), { timeout: 10_000 }).toBe("#200");
  });

  test("after unmounting nothing is left and nothing runs", async () => {
    const page = await show("full");
    const left = await page.evaluate(async () => {
      const { transport, recording, element, viewer } = harness.shown[0] as (typeof harness.shown)[0];
      viewer.unmount();
      viewer.unmount();
      const before = transport.requests.length;
      recording.log("log", new harness.rr.TextLog("later"), [[harness.FRAME, 200n]]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { children: element.childElementCount, requests: transport.requests.length - before };
    });
    expect(left).toEqual({ children: 0, requests: 0 });
  });
});

describe("themes", () => {
  test("follow JupyterLab as it changes, and its colours are readable", async () => {
    const page = await show("full");
    const background = (): Promise<string> => page.locator(".rv").evaluate((root) => getComputedStyle(root).backgroundColor);
    expect(await background()).toBe("rgb(255, 255, 255)");
    await page.evaluate(() => document.body.setAttribute("data-jp-theme-light", "false"));
    await expect.poll(background).toBe("rgb(17, 20, 23)");
    await page.evaluate(() => document.body.setAttribute("data-jp-theme-light", "true"));
    await expect.poll(background).toBe("rgb(255, 255, 255)");
  });

  test("else the system's", async () => {
    const page = await show("full", { width: 860, height: 420 }, { dark: true });
    expect(await page.locator(".rv.dark").count()).toBe(1);
  });

  test.each([true, false])("text has a contrast of at least 4.5 (dark: %s)", async (dark) => {
    const page = await show("full", { width: 860, height: 420 }, { dark });
    const low = await page.evaluate(() => {
      const luminance = (color: string): number => {
        const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((value) => {
          const share = Number(value) / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const root = document.querySelector("[data-rerun-viewer]")?.shadowRoot?.querySelector(".rv");
      if (root === null || root === undefined) return ["no root"];
      const ground = luminance(getComputedStyle(root).backgroundColor);
      const texts = [...root.querySelectorAll(".title span, .btn, .counts, .line span, .legend button, .name, .time")];
      return texts
        .filter((element) => !element.closest(".future"))
        .map((element) => {
          const own = luminance(getComputedStyle(element).color);
          return { name: element.className, ratio: (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05) };
        })
        .filter(({ ratio }) => ratio < 4.5);
    });
    expect(low).toEqual([]);
  });
});

describe("views", () => {
  test("a million points of a series come reduced and it is said; the peak is kept", async () => {
    const page = await show("big");
    await page.getByText("min and max of 1 M points").waitFor();
    const bytes = await page.evaluate(() => harness.shown[0]?.transport.bytes ?? 0);
    expect(bytes).toBeLessThan(200_000);
  });

  test("several scalars of one entity are series of their own", async () => {
    const page = await show("plots");
    await expect.poll(() => page.locator(".legend button").allTextContents()).toEqual(["pair[0]", "pair[1]"]);
    await page.locator(".legend button").first().click();
    expect(await page.locator(".legend button").first().getAttribute("aria-pressed")).toBe("false");
  });

  test("the cursor line of a plot can be dragged", async () => {
    const page = await show("plots");
    const line = await page.locator(".cursor").boundingBox();
    if (line === null) throw new Error("no cursor line");
    await page.mouse.move(line.x + 4, line.y + 150);
    await page.mouse.down();
    await page.mouse.move(line.x - 300, line.y + 150, { steps: 3 });
    await page.mouse.up();
    const frame = Number((await timeBox(page).inputValue()).slice(1));
    expect(frame).toBeGreaterThan(20);
    expect(frame).toBeLessThan(90);
  });

  test("a long log keeps few lines in the page and follows the cursor", async () => {
    const page = await show("tall");
    expect(await page.locator(".line").count()).toBeLessThan(60);
    await expect.poll(() => page.locator(".line.now").textContent()).toContain("line 19999");
    await page.keyboard.press("Tab");
    await page.locator(".logwrap").hover();
    await page.getByRole("searchbox", { name: "Filter log lines" }).fill("line 1234");
    await expect.poll(() => page.locator(".line").count()).toBe(11);
  });

  test("markdown is drawn, and nothing in it runs or is fetched", async () => {
    const page = await show("document");
    expect(await page.locator(".doc h1").textContent()).toBe("Title");
    expect(await page.locator(".doc td").count()).toBe(2);
    const link = page.getByRole("link", { name: "link" });
    expect(await link.getAttribute("target")).toBe("_blank");
    expect(await link.getAttribute("rel")).toContain("noopener");
    const unsafe = await page.evaluate(() => {
      const doc = document.querySelector("[data-rerun-viewer]")?.shadowRoot?.querySelector(".doc");
      const bad = doc?.querySelectorAll("script, img, [onclick], [onerror], a[href^=javascript]").length;
      return { bad, hacked: "hacked" in globalThis };
    });
    expect(unsafe).toEqual({ bad: 0, hacked: false });
  });

  test("plain text is shown as it is", async () => {
    const page = await show("static");
    expect(await page.locator(".doc.plain").textContent()).toBe("plain <b>text</b>\nsecond line");
  });
});
