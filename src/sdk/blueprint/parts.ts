import { describe, newUuid, RerunError } from "../../core/index.js";
import type { archetypes } from "../../types/blueprint/index.js";
import type { AsComponents } from "../../types/index.js";
import { isAsComponents } from "../bundles.js";
import type { ViewOptions } from "./view-options.js";

/** An archetype of a view, logged below it under its name. */
export type ViewProperty = readonly [name: string, value: AsComponents];

/** A view as data. */
export interface ViewPart extends ViewOptions {
  readonly kind: "view";
  readonly id: string;
  readonly path: string;
  readonly classIdentifier: string;
  readonly properties: readonly ViewProperty[];
}

/** A container as data. */
export interface ContainerPart {
  readonly kind: "container";
  readonly id: string;
  readonly path: string;
  readonly children: readonly (ViewPart | ContainerPart)[];
  readonly name: string | undefined;
  readonly archetype: archetypes.ContainerBlueprint;
}

/** A panel as data: what is logged for it at a path of its own. */
export interface PanelPart {
  readonly kind: "panel";
  readonly path: PanelPath;
  readonly rows: readonly { readonly value: AsComponents; readonly isStatic: boolean }[];
}

/** Where the panels are, in the order in which they are logged. */
export const PANEL_PATHS = ["top_panel", "blueprint_panel", "selection_panel", "time_panel"] as const;
export type PanelPath = (typeof PANEL_PATHS)[number];

/** A view: `new Spatial3DView()` and the like. */
export interface View {
  readonly part: ViewPart;
}

/** A container: `new Grid([…])` and the like. */
export interface Container {
  readonly part: ContainerPart;
}

/** A panel: `new TimePanel()` and the like. */
export interface Panel {
  readonly part: PanelPart;
}

/** What a container may hold. */
export type ContainerLike = View | Container;

/** What a blueprint may be made of. */
export type BlueprintPart = ContainerLike | Panel;

/** A blueprint as data. */
export interface BlueprintParts {
  readonly root: ContainerPart | undefined;
  readonly autoLayout: boolean | undefined;
  readonly autoViews: boolean | undefined;
  readonly collapsePanels: boolean;
  readonly panels: ReadonlyMap<PanelPath, PanelPart>;
}

/** A view of that class. Draws its id. */
export function viewPart(classIdentifier: string, options: ViewOptions, properties: readonly ViewProperty[] = []): ViewPart {
  const id = newUuid();
  return { ...options, kind: "view", id, path: `view/${id}`, classIdentifier, properties };
}

/** A property of a view: none without a value; an archetype as it is, anything else made into one. */
export function property<T>(
  name: string,
  value: T | AsComponents | undefined,
  make: (value: T) => AsComponents,
): readonly ViewProperty[] {
  if (value === undefined) return [];
  return [[name, isAsComponents(value) ? value : make(value as T)]];
}

/** The views and containers among what is given. @throws RerunError `InvalidArgument` for anything else */
export function childParts(children: readonly ContainerLike[], call: string): readonly (ViewPart | ContainerPart)[] {
  if (!Array.isArray(children)) {
    throw new RerunError("InvalidArgument", `${call}: expected a list of views and containers, got ${describe(children)}`);
  }
  return (children as readonly unknown[]).map((child, i) => {
    const part = partOf(child);
    if (part === undefined || part.kind === "panel") {
      throw new RerunError("InvalidArgument", `${call}: expected a view or a container at index ${i}, got ${describe(child)}`);
    }
    return part;
  });
}

/** The data of a part, when it is one. */
export function partOf(value: unknown): ViewPart | ContainerPart | PanelPart | undefined {
  if (typeof value !== "object" || value === null || !("part" in value)) return undefined;
  const { part } = value as { readonly part: unknown };
  return typeof part === "object" && part !== null && "kind" in part ? (part as ViewPart | ContainerPart | PanelPart) : undefined;
}
