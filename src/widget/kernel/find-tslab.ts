import Module from "node:module";

/** Writes a `display_data` message into the output of the cell that runs (or ran last). */
export type WriteDisplayData = (
  content: { readonly data: object; readonly metadata: object; readonly transient: object },
  update: boolean,
) => void;

/** What this package uses of tslab's `dist/jupyter.js`. */
export interface TslabJupyter {
  /** Set anew by tslab whenever a cell starts: read it each time. */
  readonly lastWriteDisplayData: WriteDisplayData;
  readonly ZmqServer: { readonly prototype: TslabServer };
  readonly JupyterHandlerImpl?: {
    readonly prototype: { handleExecuteImpl?: (this: unknown, ...args: unknown[]) => Promise<unknown> };
  };
}

/** A running tslab server: `this` of `handleShellMessage`. */
export interface TslabServer {
  handleShellMessage: (this: TslabServer, socket: unknown, ...frames: Uint8Array[]) => Promise<void>;
}

export interface RunningTslab {
  /** Path of `dist/jupyter.js` of the copy that runs. */
  readonly path: string;
  readonly jupyter: TslabJupyter;
}

/** What a look at the loaded modules found: `unknown` = a tslab kernel that this package does not understand. */
export type TslabSearch =
  | { readonly kind: "none" }
  | { readonly kind: "found"; readonly tslab: RunningTslab }
  | { readonly kind: "unknown"; readonly path: string; readonly reason: string };

const JUPYTER_MODULE = /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/;

/**
 * Finds the tslab that runs this process, among all copies that are loaded (a global one hands over to a local one):
 * it is the one which has executed a cell.
 *
 * @param modules loaded CommonJS modules by path; default: this process's
 */
export function findTslab(modules: ModuleCache = loadedModules()): TslabSearch {
  let unknown: TslabSearch | undefined;
  for (const path of Object.keys(modules)) {
    if (!JUPYTER_MODULE.test(path)) continue;
    const exported = modules[path]?.exports;
    if (typeof exported !== "object" || exported === null) continue;
    const jupyter = exported as Partial<TslabJupyter>;
    if (jupyter.lastWriteDisplayData === null) continue; // loaded, but not the copy that runs the cells
    const reason = whatIsMissing(jupyter);
    if (reason === undefined) return { kind: "found", tslab: { path, jupyter: jupyter as TslabJupyter } };
    unknown ??= { kind: "unknown", path, reason };
  }
  return unknown ?? { kind: "none" };
}

export type ModuleCache = { readonly [path: string]: { readonly exports?: unknown } | undefined };

function loadedModules(): ModuleCache {
  return (Module as unknown as { readonly _cache: ModuleCache })._cache;
}

function whatIsMissing(jupyter: Partial<TslabJupyter>): string | undefined {
  if (typeof jupyter.lastWriteDisplayData !== "function") return "lastWriteDisplayData is not a function";
  if (typeof jupyter.ZmqServer?.prototype?.handleShellMessage !== "function")
    return "ZmqServer.handleShellMessage is not a function";
  return undefined;
}
