import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "../../scripts/paths.mjs";

/** The package as a user gets it: packed, then unpacked into the node_modules of an empty project outside the repository. */
export interface PackedPackage {
  /** The tarball that `npm pack` made. */
  readonly tarball: string;
  /** The project that has the package installed; it also holds the consumers of tests/compat/consumers. */
  readonly project: string;
  /** Where the package lies in it. */
  readonly folder: string;
  /** Deletes all of it. */
  remove(): void;
}

interface LockEntry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Packs and installs the built package, without network: its dependencies are links to the installed ones, and nothing else is there. */
export function installPackedPackage(): PackedPackage {
  const project = mkdtempSync(join(tmpdir(), "rerun-ts-compat-"));
  const packed = execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", project], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const tarball = join(project, packed.trim().split("\n").at(-1) ?? "");
  const modules = join(project, "node_modules");
  const folder = join(modules, "rerun-ts");
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  for (const name of productionDependencies()) link(join(ROOT, "node_modules", name), join(modules, name));
  cpSync(join(ROOT, "tests", "compat", "consumers"), project, { recursive: true });
  return { tarball, project, folder, remove: () => rmSync(project, { recursive: true, force: true }) };
}

/** The names of all packages that npm would install with this one. */
function productionDependencies(): string[] {
  const lock: { packages: Record<string, LockEntry> } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  const found = new Set<string>();
  const visit = (entry: LockEntry | undefined) => {
    for (const name of Object.keys({ ...entry?.dependencies, ...entry?.optionalDependencies })) {
      if (found.has(name) || !existsSync(join(ROOT, "node_modules", name))) continue;
      found.add(name);
      visit(lock.packages[`node_modules/${name}`]);
    }
  };
  visit(lock.packages[""]);
  return [...found].sort();
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "dir");
}
