import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RerunError } from "../../core/index.js";

/** The browser code that the package ships. */
export interface WidgetAssets {
  /** The small module in the widget's state. */
  readonly loader: string;
  /** Hash of the viewer's code: pages load each key once. */
  readonly bundleKey: string;
  /** The viewer's code in parts. */
  readonly bundleParts: readonly Uint8Array[];
}

const PART_BYTES = 1024 * 1024;

let assets: WidgetAssets | undefined;

/** @throws RerunError `NotFound` when the package was not built */
export function widgetAssets(): WidgetAssets {
  assets ??= readAssets(join(packageRoot(fileURLToPath(import.meta.url)), "dist", "widget"));
  return assets;
}

/** @param folder with `loader.js` and `viewer.js` */
export function readAssets(folder: string): WidgetAssets {
  const read = (name: string): Uint8Array => {
    const path = join(folder, name);
    if (!existsSync(path)) throw new RerunError("NotFound", `The viewer's code is not built (npm run build makes it): ${path}`);
    return readFileSync(path);
  };
  const viewer = read("viewer.js");
  const parts: Uint8Array[] = [];
  for (let at = 0; at < viewer.length; at += PART_BYTES) parts.push(viewer.subarray(at, at + PART_BYTES));
  return {
    loader: Buffer.from(read("loader.js")).toString("utf8"),
    bundleKey: createHash("sha256").update(viewer).digest("hex").slice(0, 16),
    bundleParts: parts,
  };
}

function packageRoot(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest)) continue;
    const name = (JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown }).name;
    if (name === "rerun-ts") return folder;
  }
  throw new RerunError("NotFound", `The folder of the package rerun-ts was not found above ${file}`);
}
