import { advanceTo } from "../state/time-keys.js";
import type { ViewerModel } from "../state/viewer-model.js";

/** What the help overlay lists. */
export const KEY_HELP: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [["space"], "play or pause"],
  [["←", "→"], "previous, next data"],
  [["home", "end"], "begin, end"],
  [["f"], "look at what is selected"],
  [["r"], "reset the focused view"],
  [["1", "–", "9"], "maximize a view, again: show all"],
  [["/"], "search the entities"],
  [["esc"], "leave the viewer"],
  [["?"], "this help"],
];

export interface KeyActions {
  leave(): void;
  openSearch(): void;
}

/** Does what the key means. @returns whether it means anything: then nobody else gets to see it */
export function handleKey(model: ViewerModel, actions: KeyActions, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  switch (event.key) {
    case " ":
    case "ArrowLeft":
    case "ArrowRight":
    case "Home":
    case "End":
      advanceTo(model, event.key);
      return true;
    case "f": {
      const selected = model.selection.value[0];
      if (selected !== undefined) model.focusEntity(selected.entityPath);
      return true;
    }
    case "r":
      model.resetView(model.focusedView.value ?? model.views.value[0]?.id);
      return true;
    case "/":
      actions.openSearch();
      return true;
    case "?":
      model.isHelpOpen.value = !model.isHelpOpen.value;
      return true;
    case "Escape":
      if (model.isHelpOpen.value) model.isHelpOpen.value = false;
      else if (model.maximized.value !== undefined) model.maximized.value = undefined;
      else actions.leave();
      return true;
    default:
      return maximizeByNumber(model, event.key);
  }
}

function maximizeByNumber(model: ViewerModel, key: string): boolean {
  if (!/^[1-9]$/.test(key)) return false;
  const view = model.views.value[Number(key) - 1];
  if (view !== undefined && model.views.value.length > 1) {
    model.maximized.value = model.maximized.value === view.id ? undefined : view.id;
  }
  return true;
}
