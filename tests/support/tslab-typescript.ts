import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as TypeScript from "typescript";
import { ROOT } from "../../scripts/paths.mjs";

const require = createRequire(join(ROOT, "package.json"));
const tslabFolder = dirname(require.resolve("tslab/package.json"));

/** The compiler that tslab has inside: TypeScript 5.0.4. Its types are those of the newer one, for the calls made here they agree. */
export const ts504: typeof TypeScript = createRequire(join(tslabFolder, "package.json"))("@tslab/typescript-for-tslab");

/** How tslab compiles a cell in `folder`: Node10 resolution, es2022 without DOM, library declarations unchecked. */
export function tslabOptions(folder: string): TypeScript.CompilerOptions {
  const ownTypes = join(folder, "node_modules", "@types");
  return {
    module: ts504.ModuleKind.ESNext,
    moduleResolution: 2 satisfies TypeScript.ModuleResolutionKind.Node10,
    target: ts504.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    esModuleInterop: true,
    resolveJsonModule: true,
    declaration: true,
    experimentalDecorators: true,
    jsx: ts504.JsxEmit.React,
    allowJs: true,
    checkJs: true,
    skipLibCheck: true,
    noEmit: true,
    typeRoots: ts504.sys.fileExists(join(ownTypes, "node", "package.json"))
      ? [ownTypes]
      : [join(tslabFolder, "node_modules", "@types")],
  };
}

/** The faults that TypeScript 5.0.4 finds in `files` (path → text; they need not exist on disk), compiled as tslab does. */
export function faultsInCells(files: ReadonlyMap<string, string>, folder: string): string[] {
  const options = tslabOptions(folder);
  const host = ts504.createCompilerHost(options);
  const readFromDisk = host.getSourceFile.bind(host);
  host.getCurrentDirectory = () => folder;
  host.getSourceFile = (name, target, ...rest) => {
    const text = files.get(name);
    return text === undefined ? readFromDisk(name, target, ...rest) : ts504.createSourceFile(name, text, target);
  };
  const exists = host.fileExists.bind(host);
  host.fileExists = (name) => files.has(name) || exists(name);
  const program = ts504.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((fault) => describe(fault));
  });
}

function describe(fault: TypeScript.Diagnostic): string {
  const text = ts504.flattenDiagnosticMessageText(fault.messageText, " ");
  if (fault.file === undefined || fault.start === undefined) return text;
  const { line } = ts504.getLineAndCharacterOfPosition(fault.file, fault.start);
  return `${fault.file.fileName}:${line + 1}: ${text}`;
}
