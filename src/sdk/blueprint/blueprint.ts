import { describe, RerunError } from "../../core/index.js";
import { DEFAULT_PROXY_PORT } from "../../rpc/index.js";
import { type SpawnOptions, spawnViewer } from "../spawn.js";
import { type ConnectBlueprintOptions, writeBlueprint } from "./connect.js";
import { containerOf } from "./containers.js";
import {
  type BlueprintPart,
  type BlueprintParts,
  type Container,
  type ContainerPart,
  type PanelPart,
  type PanelPath,
  partOf,
  type View,
  type ViewPart,
} from "./parts.js";
import { blueprintRows } from "./rows.js";
import { saveBlueprint } from "./save.js";

export interface BlueprintOptions {
  /** Whether the viewer arranges the views anew when one is added. Default: only when the blueprint has no views or containers. */
  readonly autoLayout?: boolean | undefined;
  /** Whether the viewer adds views by what is logged. Default: only when the blueprint has no views or containers. */
  readonly autoViews?: boolean | undefined;
  /** Whether the panels that are not given are collapsed. Default: `false`. */
  readonly collapsePanels?: boolean | undefined;
}

/** How the viewer shows an application: which views, where, with which properties; and the state of the panels. */
export class Blueprint {
  readonly parts: BlueprintParts;

  /**
   * @param parts Views and containers (several become tabs), and at most one panel of each kind.
   * @throws RerunError `InvalidArgument` for anything else
   */
  constructor(parts: BlueprintPart | readonly BlueprintPart[] = [], options: BlueprintOptions = {}) {
    const contents: (ViewPart | ContainerPart)[] = [];
    const panels = new Map<PanelPath, PanelPart>();
    for (const given of Array.isArray(parts) ? (parts as readonly unknown[]) : [parts]) {
      const part = partOf(given);
      if (part === undefined) {
        throw new RerunError("InvalidArgument", `Blueprint: expected views, containers and panels, got ${describe(given)}`);
      }
      if (part.kind !== "panel") contents.push(part);
      else if (panels.has(part.path)) throw new RerunError("InvalidArgument", `Blueprint: expected one ${part.path}, got two`);
      else panels.set(part.path, part);
    }
    const isEmpty = contents.length === 0 ? true : undefined;
    const [first] = contents;
    const root =
      contents.length === 1 && first?.kind === "container" ? first : isEmpty ? undefined : containerOf("Tabs", contents);
    this.parts = {
      root,
      autoLayout: options.autoLayout ?? isEmpty,
      autoViews: options.autoViews ?? isEmpty,
      collapsePanels: options.collapsePanels ?? false,
      panels,
    };
  }

  /**
   * Writes the blueprint to a file, for viewers to open. Their convention is the ending `.rbl`.
   *
   * @param applicationId Recordings of this application are shown by the blueprint.
   * @param path Default: the application id with `.rbl`.
   * @throws RerunError `SinkFailed`
   */
  save(applicationId: string, path?: string): void {
    saveBlueprint(applicationId, blueprintRows(this.parts), path);
  }

  /**
   * Sends the blueprint to a viewer, which shows the recordings of this application by it. Resolves when it has arrived.
   *
   * @throws RerunError `InvalidArgument` for a malformed URL, `Unavailable` when nobody answers there
   */
  async connectGrpc(applicationId: string, options: ConnectBlueprintOptions = {}): Promise<void> {
    await writeBlueprint(applicationId, blueprintRows(this.parts), options);
  }

  /**
   * Starts a viewer and sends the blueprint to it.
   *
   * @throws RerunError `NotFound`, `Unavailable` as `spawn`; as `connectGrpc`
   */
  async spawn(applicationId: string, options: Omit<SpawnOptions, "connect"> = {}): Promise<void> {
    const { port = DEFAULT_PROXY_PORT } = options;
    await spawnViewer(options);
    await this.connectGrpc(applicationId, { url: `rerun+http://127.0.0.1:${port}/proxy` });
  }
}

/** A blueprint, or a view or container that is its only content. */
export type BlueprintLike = Blueprint | View | Container;

/** The blueprint that is meant. @throws RerunError `InvalidArgument` */
export function blueprintOf(value: BlueprintLike): BlueprintParts {
  if (partOf(value) !== undefined) return new Blueprint(value as View | Container).parts;
  if (typeof value === "object" && value !== null && "parts" in value) return value.parts;
  throw new RerunError("InvalidArgument", `Blueprint: expected a blueprint, a view or a container, got ${describe(value)}`);
}
