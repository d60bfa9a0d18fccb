import { describe, RerunError } from "../../core/index.js";
import type { ContainerKindLike } from "../../types/blueprint/index.js";
import type { AsComponents } from "../../types/index.js";
import { containerPart, type GridOptions, type TabsOptions } from "./containers.js";
import { type ContainerLike, type ContainerPart, type ViewPart, viewPart } from "./parts.js";
import type { ViewOptions } from "./view-options.js";

export interface GenericViewOptions extends ViewOptions {
  /** The class as viewers know it: `"3D"`, `"TimeSeries"`. */
  readonly classIdentifier: string;
  /** Archetypes of the view, each under its name: `{ Background: new rrb.Background([0, 0, 0]) }`. */
  readonly properties?: Readonly<Record<string, AsComponents>> | undefined;
}

/** A view of any class, also of one that only a viewer of one's own has. For those that Rerun has, `Spatial3DView` and the like know more. */
export class View {
  readonly part: ViewPart;

  /** @throws RerunError `InvalidArgument` without a class */
  constructor(options: GenericViewOptions) {
    const { classIdentifier, properties = {}, ...rest } = options;
    if (typeof classIdentifier !== "string" || classIdentifier === "") {
      throw new RerunError(
        "InvalidArgument",
        `View.classIdentifier: expected the name of a class, got ${describe(classIdentifier)}`,
      );
    }
    this.part = viewPart(classIdentifier, rest, Object.entries(properties));
  }
}

export interface GenericContainerOptions extends GridOptions, TabsOptions {
  readonly kind: ContainerKindLike & string;
}

/** A container of any kind. `Horizontal`, `Vertical`, `Grid` and `Tabs` are shorter. */
export class Container {
  readonly part: ContainerPart;

  /** @throws RerunError `InvalidArgument` for children that are neither views nor containers, or without the active tab */
  constructor(children: readonly ContainerLike[], options: GenericContainerOptions) {
    const { kind, ...rest } = options;
    this.part = containerPart(kind, children, rest);
  }
}
