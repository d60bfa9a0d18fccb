/**
 * The widget's module as it travels in the state of every shown recording: small, it fetches the viewer's code once per page.
 */
import type { AnyWidget } from "@anywidget/types";
import { loadBundle } from "./load-bundle.js";
import { watchPresence } from "./presence.js";
import type { ViewModel } from "./view-model.js";

interface RenderProps {
  readonly model: ViewModel;
  readonly el: HTMLElement;
  /** Aborted when the host removes the view. */
  readonly signal: AbortSignal;
}

function render({ model, el, signal }: RenderProps): void {
  const { height } = model.get("viewer_options");
  const frame = document.createElement("div");
  frame.style.cssText = `position:relative;width:100%;min-height:${height}px`;
  el.append(frame);
  let unmount: (() => void) | undefined;
  let isWanted = false;
  let isEntering = false;
  const stop = watchPresence(el, (isPresent) => {
    isWanted = isPresent;
    if (!isPresent) leave();
    else if (frame.childElementCount === 0 && !isEntering) {
      leave(); // the viewer may have taken itself off the page while it was out of sight
      void enter();
    }
  });
  signal.addEventListener("abort", () => {
    isWanted = false;
    stop();
    leave();
  });

  async function enter(): Promise<void> {
    isEntering = true;
    const note = say(frame, "loading", "Loading the viewer…", height);
    try {
      const bundle = await loadBundle(model, model.get("bundle_key"));
      note.remove();
      if (isWanted && unmount === undefined) unmount = bundle.mount(frame, model);
    } catch (error) {
      note.remove();
      if (isWanted) say(frame, "disconnected", `The viewer could not be loaded: ${reason(error)}`, height);
    } finally {
      isEntering = false;
    }
  }

  function leave(): void {
    unmount?.();
    unmount = undefined;
    frame.replaceChildren();
  }
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /cannot send/i.test(text) ? "the kernel is not running. Run the cell again." : text;
}

/** A line of text in the viewer's place. */
function say(frame: HTMLElement, state: string, text: string, height: number): HTMLElement {
  const note = document.createElement("div");
  note.setAttribute("data-rerun-viewer", state);
  note.style.cssText =
    `height:${height}px;box-sizing:border-box;display:flex;align-items:center;justify-content:center;border-radius:4px;` +
    "border:1px solid var(--jp-border-color2,#e0e3e6);color:var(--jp-ui-font-color2,#6a737d);" +
    "background:var(--jp-layout-color1,transparent);font:12px var(--jp-ui-font-family,system-ui,sans-serif)";
  note.textContent = text;
  frame.append(note);
  return note;
}

/** What anywidget asks for; it has no `initialize`, so a model is there at once. */
const widget: { readonly render: (props: RenderProps) => void } = { render } satisfies AnyWidget;
export default widget;
