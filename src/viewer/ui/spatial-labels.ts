/** The texts over a spatial view: elements of the page, so they stay sharp and can be found and read aloud. */
import { unpackColor } from "../../core/index.js";
import type { SceneLabel } from "../views/spatial/index.js";

/** More labels than this cannot be read anyway. */
const MAX_LABELS = 200;

/** A label above its thing stays in the view: its height and the gap below it. */
const ROOM_ABOVE_PX = 18;

const STYLE = [
  "position:absolute",
  "left:0",
  "top:0",
  "white-space:pre",
  "max-width:240px",
  "overflow:hidden",
  "text-overflow:ellipsis",
  "font-size:11px",
  "line-height:14px",
  "padding:0 4px 0 6px",
  "border-radius:3px",
  "will-change:transform",
].join(";");

export class LabelOverlay {
  readonly #layer: HTMLElement;
  readonly #elements: HTMLElement[] = [];
  #labels: readonly SceneLabel[] = [];

  constructor(layer: HTMLElement) {
    this.#layer = layer;
  }

  /** Shows these labels; they are placed with the next `place`. Over pictures (`isColored`) they have an edge in their things' colours. */
  setLabels(labels: readonly SceneLabel[], theme: "light" | "dark", isColored: boolean): void {
    this.#labels = labels.slice(0, MAX_LABELS);
    while (this.#elements.length > this.#labels.length) this.#elements.pop()?.remove();
    for (const [i, label] of this.#labels.entries()) {
      let element = this.#elements[i];
      if (element === undefined) {
        element = document.createElement("span");
        element.style.cssText = STYLE;
        element.style.visibility = "hidden";
        this.#elements.push(element);
        this.#layer.append(element);
      }
      if (element.textContent !== label.text) element.textContent = label.text;
      const [r, g, b] = unpackColor(label.color);
      const [text, ground] = theme === "light" ? ["#1b1f23", "#ffffffcc"] : ["#e6e9ec", "#0d1011cc"];
      element.style.color = text;
      element.style.boxShadow = isColored ? `inset 3px 0 rgb(${r} ${g} ${b})` : "none";
      element.style.background = ground;
    }
  }

  /** Moves every label to where `project` says its position is on the screen. */
  place(
    project: (position: SceneLabel["position"]) => readonly [number, number] | undefined,
    width: number,
    height: number,
  ): void {
    for (const [i, label] of this.#labels.entries()) {
      const element = this.#elements[i];
      if (element === undefined) continue;
      const at = project(label.position);
      const isInside = at !== undefined && at[0] > -50 && at[0] < width + 50 && at[1] > -20 && at[1] < height + 20;
      element.style.visibility = isInside ? "visible" : "hidden";
      if (!isInside) continue;
      const isAbove = label.anchor === "above";
      const lift = isAbove ? "calc(-100% - 4px)" : "-50%";
      const y = isAbove && at[1] >= 0 ? Math.max(at[1], ROOM_ABOVE_PX) : at[1];
      element.style.transform = `translate(${at[0].toFixed(1)}px,${y.toFixed(1)}px) translate(-50%,${lift})`;
    }
  }
}
