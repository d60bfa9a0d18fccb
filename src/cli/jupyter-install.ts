/** `rerun-ts jupyter install`: the kernel specification `tslab`, with absolute paths so that any JupyterLab can start it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { RerunError } from "../core/index.js";
import {
  activePrefix,
  hasCommand,
  hasLabExtension,
  prefixDataFolder,
  pythonCommand,
  type Surroundings,
  sysPrefix,
  THIS_MACHINE,
  userDataFolder,
} from "./jupyter-paths.js";

export interface InstallOptions {
  /** Into the Python environment in use. */
  readonly sysPrefix?: boolean;
  /** For the user, whatever environment is in use. */
  readonly user?: boolean;
  /** Into that folder's `share/jupyter`. */
  readonly prefix?: string;
  /** Replaces a different specification of that name. */
  readonly force?: boolean;
  /** Folder whose packages are looked at first; default: the current one. */
  readonly cwd?: string;
  readonly around?: Surroundings;
}

export interface InstallReport {
  readonly file: string;
  readonly outcome: "written" | "replaced" | "unchanged";
  /** What else is needed to open a notebook, each with the command that mends it. */
  readonly missing: readonly string[];
}

/**
 * Writes the kernel specification.
 *
 * @throws RerunError `InvalidArgument` for options that exclude each other, `AlreadyExists` when another specification of that name is
 *   there and `force` is not given; `NotFound` when tslab or Python is missing
 */
export function installKernelSpec(options: InstallOptions = {}): InstallReport {
  const around = options.around ?? THIS_MACHINE;
  const place = choosePlace(options, around);
  const specification = kernelSpecification(findTslabCommand(options.cwd ?? process.cwd()));
  const file = join(place.dataFolder, "kernels", "tslab", "kernel.json");
  const present = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const missing = whatIsMissing(place.prefix, around);
  if (present === specification) return { file, outcome: "unchanged", missing };
  if (present !== undefined && options.force !== true) {
    throw new RerunError(
      "AlreadyExists",
      `There is another kernel specification of that name, which starts: ${describeArgv(present)}\nTo replace it: rerun-ts jupyter install --force\nIts file: ${file}`,
    );
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, specification);
  return { file, outcome: present === undefined ? "written" : "replaced", missing };
}

interface Place {
  readonly dataFolder: string;
  /** The Python environment it belongs to, when it is one's. */
  readonly prefix: string | undefined;
}

function choosePlace(options: InstallOptions, around: Surroundings): Place {
  const given = [options.sysPrefix && "--sys-prefix", options.user && "--user", options.prefix !== undefined && "--prefix"];
  const names = given.filter((name) => typeof name === "string");
  if (names.length > 1) throw new RerunError("InvalidArgument", `Only one place can be given, got ${names.join(" and ")}.`);
  if (options.prefix !== undefined) {
    const prefix = resolve(options.cwd ?? process.cwd(), options.prefix);
    return { dataFolder: prefixDataFolder(prefix), prefix };
  }
  const isUser = options.user === true || (options.sysPrefix !== true && activePrefix(around) === undefined);
  if (isUser) return { dataFolder: userDataFolder(around), prefix: undefined };
  const python = pythonCommand(around);
  const prefix = sysPrefix(python);
  if (prefix === undefined) {
    throw new RerunError(
      "NotFound",
      `Python cannot be run: ${python}\nName another with RERUN_TS_PYTHON, or give --user or --prefix DIR.`,
    );
  }
  return { dataFolder: prefixDataFolder(prefix), prefix };
}

/** Path of tslab's command: the one of the project in `cwd`, else the one beside this package. */
function findTslabCommand(cwd: string): string {
  for (const from of [join(cwd, "index.js"), import.meta.url]) {
    try {
      const manifestPath = createRequire(from).resolve("tslab/package.json");
      const manifest = JSON.parse(readFileSync(manifestPath, "utf8")) as { bin?: { tslab?: string } };
      const command = join(dirname(manifestPath), manifest.bin?.tslab ?? "bin/tslab");
      if (existsSync(command)) return command;
    } catch {
      // not installed there: the next place may have it
    }
  }
  throw new RerunError(
    "NotFound",
    `The TypeScript kernel tslab is not installed.\nTo install it: npm install tslab\nLooked from ${cwd}`,
  );
}

function kernelSpecification(tslabCommand: string): string {
  const specification = {
    argv: [process.execPath, tslabCommand, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
  };
  return `${JSON.stringify(specification, undefined, 2)}\n`;
}

function describeArgv(text: string): string {
  try {
    const { argv } = JSON.parse(text) as { argv?: unknown };
    if (Array.isArray(argv)) return argv.join(" ");
  } catch {
    // not JSON: its text says more than an error would
  }
  return text.slice(0, 200);
}

function whatIsMissing(prefix: string | undefined, around: Surroundings): string[] {
  const missing: string[] = [];
  const pip = prefix === undefined ? "pip" : `${join(prefix, around.platform === "win32" ? "Scripts" : "bin", "pip")}`;
  const where = prefix === undefined ? "on the path" : `in ${prefix}`;
  if (!hasCommand("jupyter-lab", prefix, around)) {
    missing.push(`JupyterLab was not found ${where}. To install it: ${pip} install jupyterlab anywidget`);
  } else if (!hasLabExtension("anywidget", prefix, around)) {
    missing.push(`JupyterLab has no anywidget extension, so viewers stay empty. To install it: ${pip} install anywidget`);
  }
  return missing;
}
