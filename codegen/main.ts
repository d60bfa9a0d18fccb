/**
 * Writes `src/types/gen` from `codegen/definitions`. Offline and deterministic: the same definitions give the same bytes.
 * Run by `npm run codegen`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BlueprintDefinitions, Definitions } from "./types/definitions.js";
import { generateTypes } from "./types/generate.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string): unknown => JSON.parse(readFileSync(`${root}codegen/definitions/${file}`, "utf8"));
const definitions = read("types.json") as Definitions;
const blueprint = { ...(read("types_blueprint.json") as BlueprintDefinitions), source: "types_blueprint.json" };
const folder = `${root}src/types/gen`;
mkdirSync(folder, { recursive: true });
const biome = fileURLToPath(import.meta.resolve("@biomejs/biome/bin/biome"));
for (const [name, text] of generateTypes(definitions, blueprint))
  writeIfChanged(`${folder}/${name}`, formatted(`${folder}/${name}`, text));

function formatted(path: string, text: string): string {
  const options = ["check", "--write", "--linter-enabled=false", `--stdin-file-path=${path}`];
  return execFileSync(process.execPath, [biome, ...options], { cwd: root, input: text, encoding: "utf8", maxBuffer: 2 ** 26 });
}

/** Others may be reading: files that are as they should be are not touched. */
function writeIfChanged(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
}
