import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** What the search for Jupyter reads of its surroundings. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

export const THIS_MACHINE: Surroundings = { env: process.env, platform: process.platform };

/** Jupyter's data folder of the user, below which `kernels/` lies. */
export function userDataFolder({ env, platform }: Surroundings): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (platform === "win32") return join(env.APPDATA ?? homedir(), "jupyter");
  return join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}

/** Jupyter's data folder of a Python environment. */
export function prefixDataFolder(prefix: string): string {
  return join(prefix, "share", "jupyter");
}

/** The active Python environment, when there is one. */
export function activePrefix({ env }: Surroundings): string | undefined {
  return env.VIRTUAL_ENV || env.CONDA_PREFIX || undefined;
}

/** The Python to ask: `RERUN_TS_PYTHON`, else that of the active environment, else the one on the path. */
export function pythonCommand(around: Surroundings): string {
  if (around.env.RERUN_TS_PYTHON) return around.env.RERUN_TS_PYTHON;
  const prefix = activePrefix(around);
  const inPrefix = prefix === undefined ? undefined : commandIn(prefix, "python", around);
  if (inPrefix !== undefined && existsSync(inPrefix)) return inPrefix;
  return around.platform === "win32" ? "python" : "python3";
}

/** `sys.prefix` of a Python, or `undefined` when that Python does not run. */
export function sysPrefix(python: string): string | undefined {
  try {
    return execFileSync(python, ["-c", "import sys; print(sys.prefix)"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined; // the caller says that this Python cannot be run
  }
}

/** Whether the command is in that environment, or (without one) on the path. */
export function hasCommand(name: string, prefix: string | undefined, around: Surroundings): boolean {
  if (prefix !== undefined) return existsSync(commandIn(prefix, name, around));
  const suffix = around.platform === "win32" ? ".exe" : "";
  return (around.env.PATH ?? "").split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, name + suffix)));
}

/** Whether JupyterLab will find that front-end package. */
export function hasLabExtension(name: string, prefix: string | undefined, around: Surroundings): boolean {
  const folders = [userDataFolder(around), ...(around.env.JUPYTER_PATH ?? "").split(delimiter).filter((f) => f !== "")];
  if (prefix !== undefined) folders.push(prefixDataFolder(prefix));
  else {
    folders.push("/usr/local/share/jupyter", "/usr/share/jupyter");
    const jupyter = findOnPath("jupyter", around);
    if (jupyter !== undefined) folders.push(prefixDataFolder(dirname(dirname(jupyter))));
  }
  return folders.some((folder) => existsSync(join(folder, "labextensions", name)));
}

function findOnPath(name: string, { env, platform }: Surroundings): string | undefined {
  const suffix = platform === "win32" ? ".exe" : "";
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name + suffix)).find((path) => existsSync(path));
}

function commandIn(prefix: string, name: string, { platform }: Surroundings): string {
  return platform === "win32" ? join(prefix, "Scripts", `${name}.exe`) : join(prefix, "bin", name);
}
