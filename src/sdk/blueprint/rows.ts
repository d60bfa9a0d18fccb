import { uuidBytes } from "../../core/index.js";
import { archetypes } from "../../types/blueprint/index.js";
import { type AsComponents, Visualizer } from "../../types/index.js";
import { isAsComponents } from "../bundles.js";
import { BlueprintPanel, SelectionPanel, TimePanel } from "./panels.js";
import { type BlueprintParts, type ContainerPart, PANEL_PATHS, type PanelPart, type PanelPath, type ViewPart } from "./parts.js";
import type { Override, VisualizableArchetype } from "./view-options.js";

/** One log call of a blueprint. */
export interface BlueprintRow {
  readonly path: string;
  readonly value: AsComponents;
  readonly isStatic: boolean;
}

/** What is logged for a blueprint, in the real SDK's order: children before their container, then viewport and panels. */
export function blueprintRows(parts: BlueprintParts): readonly BlueprintRow[] {
  const { root, autoLayout, autoViews, collapsePanels } = parts;
  const rows: BlueprintRow[] = root === undefined ? [] : containerRows(root);
  const rootContainer = root === undefined ? undefined : uuidBytes(root.id);
  rows.push(row("viewport", new archetypes.ViewportBlueprint({ rootContainer, autoLayout, autoViews })));
  for (const path of PANEL_PATHS) {
    const panel = parts.panels.get(path) ?? (collapsePanels ? collapsed(path) : undefined);
    for (const { value, isStatic } of panel?.rows ?? []) rows.push({ path, value, isStatic });
  }
  return rows;
}

function collapsed(path: PanelPath): PanelPart | undefined {
  const state = "Collapsed";
  switch (path) {
    case "blueprint_panel":
      return new BlueprintPanel({ state }).part;
    case "selection_panel":
      return new SelectionPanel({ state }).part;
    case "time_panel":
      return new TimePanel({ state }).part;
    default:
      return undefined;
  }
}

function containerRows({ path, children, archetype }: ContainerPart): BlueprintRow[] {
  const rows = children.flatMap((child) => (child.kind === "view" ? viewRows(child) : containerRows(child)));
  return [...rows, row(path, archetype)];
}

/** What is logged for a view. */
export function viewRows(view: ViewPart): readonly BlueprintRow[] {
  const { path, origin = "/", contents = "$origin/**", overrides = {} } = view;
  const archetype = new archetypes.ViewBlueprint(view.classIdentifier, {
    displayName: view.name,
    spaceOrigin: origin,
    visible: view.visible,
    titlebar: view.titlebar,
  });
  const rows = [
    row(`${path}/ViewContents`, isAsComponents(contents) ? contents : new archetypes.ViewContents(contents)),
    row(path, archetype),
    ...view.properties.map(([name, value]) => row(`${path}/${name}`, value)),
    ...(view.defaults ?? []).map((value) => row(`${path}/defaults`, value)),
  ];
  const entries = isMap(overrides) ? [...overrides] : Object.entries(overrides);
  for (const [entityPath, given] of entries) {
    const base = `${path}/ViewContents/overrides/${entityPath.replace(/^\//, "")}/visualizers`;
    rows.push(...overrideRows(base, Array.isArray(given) ? (given as readonly Override[]) : [given as Override]));
  }
  return rows;
}

/** An archetype's visualizer is made here, and draws its id here. */
function overrideRows(base: string, overrides: readonly Override[]): readonly BlueprintRow[] {
  const rows: BlueprintRow[] = [];
  const ids: Uint8Array[] = [];
  for (const override of overrides) {
    const visualizer = isVisualizable(override) ? override.visualizer() : override;
    if (!(visualizer instanceof Visualizer)) {
      rows.push(row(base, visualizer));
      continue;
    }
    const { id, visualizerType, mappings, overrides: values } = visualizer;
    rows.push(row(`${base}/${id}`, new archetypes.VisualizerInstruction(visualizerType, { componentMap: mappings })));
    if (values !== undefined) rows.push(row(`${base}/${id}`, values));
    ids.push(uuidBytes(id));
  }
  if (ids.length > 0) rows.push(row(base, new archetypes.ActiveVisualizers(ids)));
  return rows;
}

/** What belongs to the history of the blueprint. */
export function row(path: string, value: AsComponents): BlueprintRow {
  return { path, value, isStatic: false };
}

function isVisualizable(override: Override): override is VisualizableArchetype {
  return "visualizer" in override && typeof override.visualizer === "function";
}

function isMap<V>(value: Readonly<Record<string, V>> | ReadonlyMap<string, V>): value is ReadonlyMap<string, V> {
  return value instanceof Map;
}
