import { RerunError } from "../../core/index.js";
import { archetypes, type PanelStateLike, type TimePanelBlueprintFields } from "../../types/blueprint/index.js";
import type { Panel, PanelPart, PanelPath } from "./parts.js";

export interface PanelOptions {
  /** `"Expanded"`, `"Collapsed"` or `"Hidden"`. */
  readonly state?: PanelStateLike | undefined;
  /** The same as a state of `Expanded` (true) or `Collapsed` (false). */
  readonly expanded?: boolean | undefined;
}

export interface TimePanelOptions extends PanelOptions, Omit<TimePanelBlueprintFields, "state"> {}

/** The bar at the top. */
export class TopPanel implements Panel {
  readonly part: PanelPart;

  /** @throws RerunError `InvalidArgument` with both `state` and `expanded` */
  constructor(options: PanelOptions = {}) {
    this.part = panelPart("top_panel", "TopPanel", options);
  }
}

/** The tree of views at the left. */
export class BlueprintPanel implements Panel {
  readonly part: PanelPart;

  /** @throws RerunError `InvalidArgument` with both `state` and `expanded` */
  constructor(options: PanelOptions = {}) {
    this.part = panelPart("blueprint_panel", "BlueprintPanel", options);
  }
}

/** What is known of the selection, at the right. */
export class SelectionPanel implements Panel {
  readonly part: PanelPart;

  /** @throws RerunError `InvalidArgument` with both `state` and `expanded` */
  constructor(options: PanelOptions = {}) {
    this.part = panelPart("selection_panel", "SelectionPanel", options);
  }
}

/** The timeline at the bottom. */
export class TimePanel implements Panel {
  readonly part: PanelPart;

  /** @throws RerunError `InvalidArgument` with both `state` and `expanded` */
  constructor(options: TimePanelOptions = {}) {
    const { playState, expanded: _, ...fields } = options;
    const value = new archetypes.TimePanelBlueprint({ ...fields, state: stateOf("TimePanel", options) });
    const rows = [{ value, isStatic: false }];
    // Whether time runs is not part of the history of the blueprint.
    if (playState !== undefined) rows.push({ value: new archetypes.TimePanelBlueprint({ playState }), isStatic: true });
    this.part = { kind: "panel", path: "time_panel", rows };
  }
}

function panelPart(path: PanelPath, name: string, options: PanelOptions): PanelPart {
  const value = new archetypes.PanelBlueprint({ state: stateOf(name, options) });
  return { kind: "panel", path, rows: [{ value, isStatic: false }] };
}

function stateOf(name: string, { state, expanded }: PanelOptions): PanelStateLike | undefined {
  if (state !== undefined && expanded !== undefined) {
    throw new RerunError("InvalidArgument", `${name}: expected state or expanded, got both`);
  }
  return state ?? (expanded === undefined ? undefined : expanded ? "Expanded" : "Collapsed");
}
