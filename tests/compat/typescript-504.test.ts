import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as TypeScript from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faultsInCells, ts504, tslabOptions } from "../support/tslab-typescript.js";
import { findAny } from "./find-any.js";
import { installPackedPackage, type PackedPackage } from "./packed-package.js";

const ENTRIES = ["rerun-ts", "rerun-ts/store", "rerun-ts/rrd"];

let packed: PackedPackage;
let program: TypeScript.Program;
let entryFile: string;

beforeAll(() => {
  packed = installPackedPackage();
  entryFile = join(packed.project, "entries.ts");
  const options = { ...tslabOptions(packed.project), skipLibCheck: false };
  const host = ts504.createCompilerHost(options);
  const text = ENTRIES.map((entry, index) => `export * as entry${index} from "${entry}";`).join("\n");
  const readFromDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === entryFile ? ts504.createSourceFile(name, text, 99) : readFromDisk(name, ...rest);
  program = ts504.createProgram([entryFile], options, host);
});
afterAll(() => packed?.remove());

test("this is the compiler that tslab has", () => {
  expect(ts504.version).toBe("5.0.4");
});

test("TypeScript 5.0.4 reads every declaration that ships without a fault", () => {
  const own = program.getSourceFiles().filter((file) => file.fileName.startsWith(`${packed.folder}/`));
  expect(own.length).toBeGreaterThan(ENTRIES.length);
  const faults = own.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
  const texts = faults.map(
    (fault) =>
      `${fault.file?.fileName.slice(packed.folder.length)}: ${ts504.flattenDiagnosticMessageText(fault.messageText, " ")}`,
  );
  expect(texts).toEqual([]);
});

test("a cell that imports the package reads no other package's declarations for it", () => {
  const text = readFileSync(join(packed.folder, "dist", "cjs", "declarations.d.ts"), "utf8");
  const imported = [...text.matchAll(/^import .* from "([^"]+)";$/gm)].map((match) => match[1] ?? "");
  expect(imported.filter((name) => !name.startsWith("node:"))).toEqual([]);
});

test("no exported name has `any` in its type", () => {
  expect(findAny(program, entryFile, packed.folder)).toEqual([]);
});

test("the check for `any` finds one", () => {
  const file = join(packed.folder, "dist", "planted.d.ts");
  const options = tslabOptions(packed.project);
  const host = ts504.createCompilerHost(options);
  const text = "export declare function f(a: number): { readonly b: readonly Uint8Array<ArrayBuffer>[] };";
  const readFromDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => (name === file ? ts504.createSourceFile(name, text, 99) : readFromDisk(name, ...rest));
  expect(findAny(ts504.createProgram([file], options, host), file, packed.folder)).toEqual(["f().b[]"]);
});

test("a notebook cell compiles, and its mistakes are found", () => {
  const cell = join(packed.project, "cell.ts");
  const files = new Map([[cell, readFileSync(cell, "utf8")]]);
  expect(faultsInCells(files, packed.project)).toEqual([]);
});
