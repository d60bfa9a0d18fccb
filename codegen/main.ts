/**
 * Writes `src/types/gen` from `codegen/definitions`. Offline and deterministic: the same definitions give the same bytes.
 * Run by `npm run codegen`.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Definitions } from "./types/definitions.js";
import { generateTypes } from "./types/generate.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const definitions = JSON.parse(readFileSync(`${root}codegen/definitions/types.json`, "utf8")) as Definitions;
const folder = `${root}src/types/gen`;
mkdirSync(folder, { recursive: true });
for (const [name, text] of generateTypes(definitions)) writeFileSync(`${folder}/${name}`, text);
const biome = fileURLToPath(import.meta.resolve("@biomejs/biome/bin/biome"));
execFileSync(process.execPath, [biome, "check", "--write", "--linter-enabled=false", folder], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
});
