/** A page of JupyterLab in a headless Chromium, as a user has it, with what a test wants to know of it. */
import type { Browser, ConsoleMessage, Page } from "playwright-core";
import type { JupyterLab } from "./jupyter-lab.js";

/** What JupyterLab 4.6 itself writes to the console with a tslab kernel, whatever a notebook does. */
const HARMLESS = [
  /^History was unable to be retrieved/,
  /^Connection lost, reconnecting in/,
  // Said of its own plugins when the machine is slow.
  /^Plugin \S+ (is taking too long to activate\.|\(with \d+ dependants\) took [\d.]+ms to activate\.)$/,
];

/** What a viewer on the page looks like. */
export interface ViewerLook {
  /** Value of `data-rerun-viewer`. */
  readonly state: string;
  readonly text: string;
  readonly views: readonly { readonly kind: string; readonly numColors: number; readonly hasMarks: boolean }[];
}

interface LabApp {
  readonly commands: { execute(id: string, args?: object): Promise<unknown> };
  readonly shell: {
    readonly currentWidget: {
      readonly sessionContext: {
        readonly ready: Promise<void>;
        readonly session: {
          readonly kernel: {
            readonly status: string;
            restart(): Promise<void>;
            requestCommInfo(content: object): Promise<{ readonly content: { readonly comms?: object } }>;
          };
        };
      };
      readonly context: { save(): Promise<void>; readonly model: { toJSON(): unknown } };
      readonly content: {
        activeCellIndex: number;
        deselectAll(): void;
        readonly widgets: readonly {
          readonly node: HTMLElement;
          readonly model: { readonly type: string; readonly executionCount?: number };
        }[];
        scrollToItem(index: number, align?: string): Promise<void>;
      };
    };
  };
}

type LabWindow = Window & { readonly jupyterapp: LabApp };

export class LabPage {
  readonly page: Page;
  /** Errors and warnings of the browser's console, those excepted that JupyterLab always writes. */
  readonly problems: string[] = [];
  /** Files the page asked the server for. */
  readonly requests: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => this.#onConsole(message));
    page.on("pageerror", (error) => this.problems.push(`uncaught: ${error.message}`));
    page.on("request", (request) => this.requests.push(request.url()));
  }

  static async open(browser: Browser, lab: JupyterLab, notebook: string): Promise<LabPage> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.setDefaultTimeout(60_000);
    const opened = new LabPage(page);
    await page.addInitScript(countContexts);
    await page.goto(`${lab.url}/lab/tree/${notebook}?token=${lab.token}`);
    await opened.waitUntilReady();
    return opened;
  }

  /** Until the notebook is open and its kernel idle. */
  async waitUntilReady(): Promise<void> {
    await this.page.waitForFunction(() => {
      const widget = (window as unknown as LabWindow).jupyterapp?.shell?.currentWidget;
      return widget?.sessionContext?.session?.kernel?.status === "idle" && (widget?.content?.widgets?.length ?? 0) > 0;
    });
  }

  /** Runs a command of JupyterLab and waits for it. */
  async command(id: string, args: object = {}): Promise<void> {
    await this.page.evaluate(
      async ([name, options]) => {
        await (window as unknown as LabWindow).jupyterapp.commands.execute(name, options);
      },
      [id, args] as const,
    );
  }

  /** Runs every cell to its end. */
  async runAll(): Promise<void> {
    await this.command("notebook:run-all-cells");
  }

  /** Runs one cell to its end. */
  async runCell(index: number): Promise<void> {
    await this.page.evaluate((i) => {
      const { content } = (window as unknown as LabWindow).jupyterapp.shell.currentWidget;
      content.deselectAll();
      content.activeCellIndex = i;
    }, index);
    await this.command("notebook:run-cell");
  }

  /** What a cell printed so far. */
  async printed(index: number): Promise<string> {
    const notebook = await this.notebook();
    return streamsOf({ cells: notebook.cells.slice(index, index + 1) }).stdout;
  }

  restartKernel(): Promise<void> {
    return this.page.evaluate(() =>
      (window as unknown as LabWindow).jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(),
    );
  }

  /** Ids of the widgets that the kernel has. */
  widgets(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const { kernel } = (window as unknown as LabWindow).jupyterapp.shell.currentWidget.sessionContext.session;
      const reply = await kernel.requestCommInfo({ target_name: "jupyter.widget" });
      return Object.keys(reply.content.comms ?? {});
    });
  }

  async save(): Promise<void> {
    await this.page.evaluate(() => (window as unknown as LabWindow).jupyterapp.shell.currentWidget.context.save());
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitUntilReady();
  }

  /** Brings a cell into sight: JupyterLab takes cells far away out of the page. */
  async scrollToCell(index: number): Promise<void> {
    await this.page.evaluate(
      (i) => (window as unknown as LabWindow).jupyterapp.shell.currentWidget.content.scrollToItem(i, "center"),
      index,
    );
    await this.page.waitForTimeout(200);
  }

  /** The viewer in the output of a cell, once it is in that state. */
  async viewerIn(cell: number, state = "ready"): Promise<ViewerLook> {
    await this.scrollToCell(cell);
    await this.page.waitForFunction(
      ([index, wanted]) => {
        const node = (window as unknown as LabWindow).jupyterapp.shell.currentWidget.content.widgets[index]?.node;
        return node?.querySelector("[data-rerun-viewer]")?.getAttribute("data-rerun-viewer") === wanted;
      },
      [cell, state] as const,
    );
    return this.look(cell);
  }

  /** How the viewer of a cell looks now; the colours are those of its views' canvases. */
  look(cell: number): Promise<ViewerLook> {
    return this.page.evaluate((index) => {
      const node = (window as unknown as LabWindow).jupyterapp.shell.currentWidget.content.widgets[index]?.node;
      const viewer = node?.querySelector("[data-rerun-viewer]");
      const root = viewer?.shadowRoot;
      const count = (canvas: HTMLCanvasElement): number => {
        if (canvas.width === 0 || canvas.height === 0) return 0;
        const copy = new OffscreenCanvas(canvas.width, canvas.height);
        const context = copy.getContext("2d");
        context?.drawImage(canvas, 0, 0);
        const pixels = new Uint32Array(
          context?.getImageData(0, 0, canvas.width, canvas.height).data.buffer ?? new ArrayBuffer(0),
        );
        return new Set(pixels).size;
      };
      const views = [...(root?.querySelectorAll("[data-view]") ?? [])].map((view) => ({
        kind: view.getAttribute("data-view") ?? "",
        numColors: Math.max(0, ...[...view.querySelectorAll("canvas")].map(count)),
        hasMarks: (view.textContent ?? "").trim() !== "" || view.querySelector("canvas, svg, img") !== null,
      }));
      const text = [...(root?.querySelectorAll(":not(style)") ?? [])]
        .flatMap((e) =>
          [...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE && e.tagName !== "STYLE").map((n) => n.textContent ?? ""),
        )
        .join(" ");
      return {
        state: viewer?.getAttribute("data-rerun-viewer") ?? "none",
        text: root == null ? (viewer?.textContent ?? "") : text,
        views,
      };
    }, cell);
  }

  /** Text that code cells printed, by stream. */
  async streams(): Promise<{ readonly stdout: string; readonly stderr: string }> {
    return streamsOf(await this.notebook());
  }

  /** The notebook as JupyterLab would save it now. */
  async notebook(): Promise<NotebookFile> {
    const json = this.page.evaluate(() => (window as unknown as LabWindow).jupyterapp.shell.currentWidget.context.model.toJSON());
    return (await json) as NotebookFile;
  }

  /** How many WebGL contexts the page has made since it was loaded. */
  numContexts(): Promise<number> {
    return this.page.evaluate(() => (window as unknown as { numGlContexts: number }).numGlContexts);
  }

  #onConsole(message: ConsoleMessage): void {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const text = message.text();
    if (!HARMLESS.some((pattern) => pattern.test(text)))
      this.problems.push(`${message.type()}: ${text} (${message.location().url})`);
  }
}

export interface NotebookFile {
  readonly cells: readonly {
    readonly id?: string;
    readonly cell_type: string;
    readonly source: string | readonly string[];
    readonly outputs?: readonly {
      readonly output_type: string;
      readonly name?: string;
      readonly text?: string | readonly string[];
      readonly data?: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

export function streamsOf(notebook: NotebookFile): { readonly stdout: string; readonly stderr: string } {
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []).filter((output) => output.output_type === "stream");
  const text = (name: string) =>
    outputs
      .filter((output) => output.name === name)
      .map((output) => [output.text ?? ""].flat().join(""))
      .join("");
  return { stdout: text("stdout"), stderr: text("stderr") };
}

/** Runs in the page before anything else: a context that exists already is not counted again. */
function countContexts(): void {
  const page = window as unknown as { numGlContexts: number };
  page.numGlContexts = 0;
  for (const prototype of [HTMLCanvasElement.prototype, OffscreenCanvas.prototype] as {
    getContext: (...args: unknown[]) => unknown;
  }[]) {
    const known = new WeakSet<object>();
    const original = prototype.getContext;
    prototype.getContext = function (this: object, kind: unknown, ...rest: unknown[]): unknown {
      const context = original.call(this, kind, ...rest);
      if (typeof kind === "string" && kind.startsWith("webgl") && context !== null && !known.has(this)) {
        known.add(this);
        page.numGlContexts += 1;
      }
      return context;
    };
  }
}
