import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../../scripts/paths.mjs";

/** Members of what a module exports, as `Class.member`, static ones too: arguments of methods, those in an options object included. */
export function exportedMembers(file: string): ExportedNames {
  const { checker, module } = checkedModule(file);
  const found = new Map<string, ReadonlySet<string>>();
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined) continue;
    const types = [checker.getDeclaredTypeOfSymbol(symbol)];
    if (symbol.flags & ts.SymbolFlags.Class) types.push(checker.getTypeOfSymbolAtLocation(symbol, declaration));
    for (const member of types.flatMap((type) => type.getProperties())) {
      const type = checker.getTypeOfSymbolAtLocation(member, declaration);
      found.set(`${exported.name}.${member.name}`, argumentsOf(checker, declaration, type.getCallSignatures()));
    }
  }
  return found;
}

/** What a module exports: arguments of a class or function by name, those in an options object included; members of an enum; or that it is there. */
export type ExportedNames = ReadonlyMap<string, ReadonlySet<string>>;

/** The exports of a source file, those of the namespaces that it exports under `namespace.name`. */
export function exportedNames(file: string): ExportedNames {
  const { checker, module } = checkedModule(file);
  const found = new Map<string, ReadonlySet<string>>();
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
    return argumentsOf(checker, declaration, signatures);
  }
}

function checkedModule(file: string): { readonly checker: ts.TypeChecker; readonly module: ts.Symbol } {
  const { options } = ts.parseJsonConfigFileContent({ extends: "./tsconfig.json" }, ts.sys, ROOT);
  const program = ts.createProgram([join(ROOT, file)], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(ROOT, file));
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is not a module`);
  return { checker, module };
}

function argumentsOf(checker: ts.TypeChecker, at: ts.Node, signatures: readonly ts.Signature[]): ReadonlySet<string> {
  const parameters = signatures.flatMap((signature) => signature.getParameters());
  return new Set(parameters.flatMap((each) => [each.name, ...membersOf(checker.getTypeOfSymbolAtLocation(each, at))]));
}

function membersOf(type: ts.Type): string[] {
  if (type.isUnion()) return type.types.flatMap(membersOf);
  return type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) ? type.getProperties().map(({ name }) => name) : [];
}
