import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";

interface Metafile {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<
    Record<string, { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }>
  >;
}

/** Folders of src/ that may be part of what a browser loads. */
const BROWSER_FOLDERS = ["core", "types", "chunk", "link", "viewer", "widget"];

describe.each(["viewer", "loader"])("the bundle %s.js", (name) => {
  const metafile: Metafile = JSON.parse(readFileSync(join(ROOT, ".cache", "build", `${name}.meta.json`), "utf8"));
  const inputs = Object.keys(metafile.inputs);

  test("holds no code of Node-only folders", () => {
    const allowed = new RegExp(`^(src/(${BROWSER_FOLDERS.join("|")})/|node_modules/)`);
    expect(inputs.filter((input) => !allowed.test(input))).toEqual([]);
    expect(inputs.filter((input) => /^src\/widget\/kernel\//.test(input))).toEqual([]);
  });

  test("holds no apache-arrow and no Arrow door", () => {
    expect(inputs.filter((input) => /apache-arrow|flatbuffers|^src\/chunk\/arrow\.ts$/.test(input))).toEqual([]);
  });

  test("imports nothing at run time: no Node module, nothing from another address", () => {
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map((each) => each.path));
    expect(imports).toEqual([]);
    expect(inputs.filter((input) => builtinModules.includes(input.replace(/^node:/, "")))).toEqual([]);
  });
});
