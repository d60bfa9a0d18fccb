/**
 * Writes `src/types/gen` from `codegen/definitions`. Offline and deterministic: the same definitions give the same bytes.
 * Run by `npm run codegen`.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BlueprintDefinitions, Definitions } from "./types/definitions.js";
import { generateTypes } from "./types/generate.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string): unknown => JSON.parse(readFileSync(`${root}codegen/definitions/${file}`, "utf8"));
const definitions = read("types.json") as Definitions;
const blueprint = { ...(read("types_blueprint.json") as BlueprintDefinitions), source: "types_blueprint.json" };
const folder = `${root}src/types/gen`;
mkdirSync(folder, { recursive: true });
for (const [name, text] of generateTypes(definitions, blueprint)) writeFileSync(`${folder}/${name}`, text);
const biome = fileURLToPath(import.meta.resolve("@biomejs/biome/bin/biome"));
execFileSync(process.execPath, [biome, "check", "--write", "--linter-enabled=false", folder], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
});
