import { newUuid, RerunError } from "../../core/index.js";
import { archetypes, type ContainerKindLike } from "../../types/blueprint/index.js";
import type { NumberArray } from "../../types/index.js";
import { type Container, type ContainerLike, type ContainerPart, childParts, type ViewPart } from "./parts.js";

interface ContainerOptions {
  /** Shown as title. */
  readonly name?: string | undefined;
  /** Default: `true`. */
  readonly visible?: boolean | undefined;
}

export interface HorizontalOptions extends ContainerOptions {
  /** Widths of the children relative to each other. Default: all the same. */
  readonly columnShares?: NumberArray | undefined;
}

export interface VerticalOptions extends ContainerOptions {
  /** Heights of the children relative to each other. Default: all the same. */
  readonly rowShares?: NumberArray | undefined;
}

export interface GridOptions extends HorizontalOptions, VerticalOptions {
  /** Number of columns. Default: chosen by the viewer. */
  readonly gridColumns?: number | undefined;
}

export interface TabsOptions extends ContainerOptions {
  /** Index or name of the child in front. */
  readonly activeTab?: number | string | undefined;
}

/** Children side by side. */
export class Horizontal implements Container {
  readonly part: ContainerPart;

  /** @throws RerunError `InvalidArgument` for children that are neither views nor containers */
  constructor(children: readonly ContainerLike[] = [], options: HorizontalOptions = {}) {
    this.part = containerPart("Horizontal", children, options);
  }
}

/** Children one above the other. */
export class Vertical implements Container {
  readonly part: ContainerPart;

  /** @throws RerunError `InvalidArgument` for children that are neither views nor containers */
  constructor(children: readonly ContainerLike[] = [], options: VerticalOptions = {}) {
    this.part = containerPart("Vertical", children, options);
  }
}

/** Children in rows and columns. */
export class Grid implements Container {
  readonly part: ContainerPart;

  /** @throws RerunError `InvalidArgument` for children that are neither views nor containers */
  constructor(children: readonly ContainerLike[] = [], options: GridOptions = {}) {
    this.part = containerPart("Grid", children, options);
  }
}

/** Children behind each other, one of them in front. */
export class Tabs implements Container {
  readonly part: ContainerPart;

  /** @throws RerunError `InvalidArgument` for children that are neither views nor containers, or without the active tab */
  constructor(children: readonly ContainerLike[] = [], options: TabsOptions = {}) {
    this.part = containerPart("Tabs", children, options);
  }
}

/** A container of views and containers. Draws its id. @throws RerunError `InvalidArgument` */
export function containerPart(
  kind: ContainerKindLike & string,
  children: readonly ContainerLike[],
  options: GridOptions & TabsOptions,
): ContainerPart {
  const parts = childParts(children, kind);
  return containerOf(kind, parts, options);
}

/** A container of parts. Draws its id. */
export function containerOf(
  kind: ContainerKindLike & string,
  children: readonly (ViewPart | ContainerPart)[],
  options: GridOptions & TabsOptions = {},
): ContainerPart {
  const { name, visible, columnShares, rowShares, gridColumns, activeTab } = options;
  const active = activeChild(children, activeTab);
  if (activeTab !== undefined && active === undefined) {
    throw new RerunError("InvalidArgument", `${kind}: activeTab: expected the index or name of a child, got ${activeTab}`);
  }
  const archetype = new archetypes.ContainerBlueprint(kind, {
    displayName: name,
    contents: children.map((child) => child.path),
    colShares: columnShares,
    rowShares,
    activeTab: active?.path,
    visible,
    gridColumns,
  });
  const id = newUuid();
  return { kind: "container", id, path: `container/${id}`, children, name, archetype };
}

/** The child in front. When none is named, it is the last view without a name: so the real SDK writes it, for containers of all kinds. */
function activeChild(
  children: readonly (ViewPart | ContainerPart)[],
  activeTab: number | string | undefined,
): ViewPart | ContainerPart | undefined {
  const isActive = (child: ViewPart | ContainerPart, index: number): boolean =>
    activeTab === undefined ? child.kind === "view" && child.name === undefined : index === activeTab || child.name === activeTab;
  return children.filter(isActive).at(-1);
}
