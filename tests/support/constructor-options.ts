import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../../scripts/paths.mjs";

/** What a module exports: arguments of a class or function by name, those in an options object included; members of an enum; or that it is there. */
export type ExportedNames = ReadonlyMap<string, ReadonlySet<string>>;

/** The exports of a source file, those of the namespaces that it exports under `namespace.name`. */
export function exportedNames(file: string): ExportedNames {
  const { options } = ts.parseJsonConfigFileContent({ extends: "./tsconfig.json" }, ts.sys, ROOT);
  const program = ts.createProgram([join(ROOT, file)], options);
  const checker = program.getTypeChecker();
  const found = new Map<string, ReadonlySet<string>>();
  const source = program.getSourceFile(join(ROOT, file));
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is not a module`);
  collect(module, "");
  return found;

  function collect(from: ts.Symbol, prefix: string): void {
    for (const symbol of checker.getExportsOfModule(from)) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      if (target.flags & ts.SymbolFlags.Module) collect(target, `${prefix}${symbol.name}.`);
      else found.set(`${prefix}${symbol.name}`, namesOf(target));
    }
  }

  function namesOf(symbol: ts.Symbol): ReadonlySet<string> {
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined || !(symbol.flags & ts.SymbolFlags.Value)) return new Set();
    const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
    const signatures = [...type.getConstructSignatures(), ...type.getCallSignatures()];
    if (signatures.length === 0) return new Set(type.getProperties().map(({ name }) => name));
    const parameters = signatures.flatMap((signature) => signature.getParameters());
    return new Set(parameters.flatMap((each) => [each.name, ...membersOf(checker.getTypeOfSymbolAtLocation(each, declaration))]));
  }

  function membersOf(type: ts.Type): string[] {
    if (type.isUnion()) return type.types.flatMap(membersOf);
    return type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) ? type.getProperties().map(({ name }) => name) : [];
  }
}
