/** Runs in the page: mounts spatial views over scenes of plain values and says what they do. */
import { render } from "preact";
import type { Item } from "../../../src/viewer/state/view-query.js";
import { SpatialView } from "../../../src/viewer/ui/spatial-view.js";
import type { ViewProps } from "../../../src/viewer/ui/view-props.js";
import { type LoggedEntities, spatialQuery, spatialSpec } from "../../support/spatial-query.js";
import { SCENES } from "./scenes.js";

interface Mounted {
  readonly root: HTMLElement;
  props: ViewProps;
}

export interface ShowOptions {
  readonly viewClass?: "3d" | "2d";
  readonly origin?: string;
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  readonly hasFocus?: boolean;
}

const views = new Map<string, Mounted>();

/** What tests call through `page.evaluate`. */
export class SpatialPage {
  readonly selected: (Item | undefined)[] = [];
  readonly hovered: (Item | undefined)[] = [];
  readonly stateLines: (string | undefined)[] = [];
  readonly firstFrames: string[] = [];

  show(id: string, scene: string | LoggedEntities, options: ShowOptions = {}): void {
    const query = spatialQuery(typeof scene === "string" ? (SCENES[scene] ?? {}) : scene);
    const root = document.createElement("div");
    root.id = id;
    root.style.cssText = `position:relative;width:${options.width ?? 400}px;height:${options.height ?? 300}px;font:12px sans-serif`;
    document.body.append(root);
    const props: ViewProps = {
      spec: { ...spatialSpec(query, options.viewClass ?? "3d", options.origin), id },
      query,
      selection: [],
      hovered: undefined,
      theme: options.theme ?? "light",
      hasFocus: options.hasFocus ?? false,
      onSelect: (item) => {
        this.selected.push(item);
      },
      onHover: (item) => {
        this.hovered.push(item);
        this.change(id, { hovered: item });
      },
      noData: "No data",
      onStateLine: (text) => {
        this.stateLines.push(text);
      },
      onFirstFrame: () => {
        this.firstFrames.push(id);
      },
    };
    views.set(id, { root, props });
    this.#render(id);
  }

  change(id: string, changes: Partial<ViewProps>): void {
    const view = views.get(id);
    if (view === undefined) return;
    view.props = { ...view.props, ...changes };
    this.#render(id);
  }

  /** What the view was told last. */
  current(id: string): ViewProps {
    const view = views.get(id);
    if (view === undefined) throw new Error(`no view ${id}`);
    return view.props;
  }

  remove(id: string): void {
    const view = views.get(id);
    if (view !== undefined) render(null, view.root);
    view?.root.remove();
    views.delete(id);
  }

  /** Red, green, blue at a share of the view's width and height. */
  pixel(id: string, x: number, y: number): readonly number[] {
    const { width, height, data } = this.pixels(id);
    const at = (Math.floor(height * y) * width + Math.floor(width * x)) * 4;
    return Array.from(data.subarray(at, at + 3));
  }

  /** Share of the view's pixels that look as `isWanted` (source text of a function of r, g, b) says. */
  share(id: string, isWanted: (r: number, g: number, b: number) => boolean): number {
    const { data } = this.pixels(id);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (isWanted(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0)) count++;
    return count / (data.length / 4);
  }

  /** The view's picture, read from a copy: reading the view's own canvas again and again would slow it down. */
  pixels(id: string): ImageData {
    const canvas = this.#canvas(id);
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    if (copy === null) throw new Error("no canvas");
    copy.drawImage(canvas, 0, 0);
    return copy.getImageData(0, 0, canvas.width, canvas.height);
  }

  /** Frames drawn on the page so far. */
  frames(): number {
    return this.gl()?.numFrames ?? 0;
  }

  gl(): { readonly numFrames: number; readonly canvas: HTMLCanvasElement } | undefined {
    const key = Object.getOwnPropertySymbols(globalThis).find((symbol) => String(symbol).includes("rerun-ts.viewer.gl"));
    return key === undefined ? undefined : (globalThis as never)[key];
  }

  labels(id: string): readonly string[] {
    return [...(views.get(id)?.root.querySelectorAll("span") ?? [])].map((span) => span.textContent ?? "");
  }

  /** After what was asked for is drawn. */
  async settled(): Promise<void> {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  }

  #canvas(id: string): HTMLCanvasElement {
    const canvas = views.get(id)?.root.querySelector("canvas");
    if (canvas === null || canvas === undefined) throw new Error(`no view ${id}`);
    return canvas;
  }

  #render(id: string): void {
    const view = views.get(id);
    if (view !== undefined) render(<SpatialView {...view.props} />, view.root);
  }
}

declare global {
  /** Set by this script. */
  var spatial: SpatialPage;
}

globalThis.spatial = new SpatialPage();
