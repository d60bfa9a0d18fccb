import type * as TypeScript from "typescript";
import { ts504 } from "../support/tslab-typescript.js";

/**
 * Where `any` shows in the types of all that `entryFile` exports, as paths such as `RecordingStream.log(entityPath)`.
 *
 * A declaration that an older compiler cannot read becomes `any` without a word: then nothing is checked any more. Types that are
 * declared outside `packageFolder` are not looked into.
 */
export function findAny(program: TypeScript.Program, entryFile: string, packageFolder: string): string[] {
  const checker = program.getTypeChecker();
  const entry = program.getSourceFile(entryFile);
  const entrySymbol = entry && checker.getSymbolAtLocation(entry);
  if (entry === undefined || entrySymbol === undefined) throw new Error(`${entryFile} is not a module`);
  const found: string[] = [];
  const visited = new Set<TypeScript.Type>();
  const visitedSymbols = new Set<TypeScript.Symbol>();
  for (const symbol of checker.getExportsOfModule(entrySymbol)) visitExport(symbol, symbol.name);
  return found.sort();

  function visitExport(symbol: TypeScript.Symbol, path: string): void {
    const target = symbol.flags & ts504.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (visitedSymbols.has(target)) return;
    visitedSymbols.add(target);
    if (target.flags & ts504.SymbolFlags.Module) {
      for (const inner of checker.getExportsOfModule(target)) visitExport(inner, inner.name);
      return;
    }
    const declaration = target.declarations?.[0];
    if (declaration === undefined) found.push(`${path}: not declared`);
    else if (!isOurs(target)) return;
    else {
      if (target.flags & ts504.SymbolFlags.Value) visit(checker.getTypeOfSymbolAtLocation(target, declaration), path);
      if (target.flags & ts504.SymbolFlags.Type) visit(checker.getDeclaredTypeOfSymbol(target), path);
    }
  }

  function visit(type: TypeScript.Type, path: string): void {
    if (type.flags & ts504.TypeFlags.Any) {
      found.push(path);
      return;
    }
    if (visited.has(type)) return;
    visited.add(type);
    if (type.isUnionOrIntersection()) {
      for (const part of type.types) visit(part, path);
      return;
    }
    for (const argument of type.aliasTypeArguments ?? []) visit(argument, path);
    if (isArrayLike(type)) {
      for (const argument of checker.getTypeArguments(type as TypeScript.TypeReference)) visit(argument, `${path}[]`);
      return;
    }
    const symbol = type.getSymbol();
    if (symbol !== undefined && !isOurs(symbol)) {
      if (isBuiltIn(symbol)) visitArguments(type, path);
      return;
    }
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) visitSignature(signature, path);
    for (const info of checker.getIndexInfosOfType(type)) visit(info.type, `${path}[…]`);
    for (const property of type.getProperties()) {
      const declaration = property.declarations?.[0];
      if (declaration !== undefined && isPrivate(declaration)) continue; // declared without a type
      if (property.name === "prototype") continue; // of a generic class: its parameters as any
      if (declaration !== undefined && isOurs(property))
        visit(checker.getTypeOfSymbolAtLocation(property, declaration), `${path}.${property.name}`);
    }
  }

  function isPrivate(declaration: TypeScript.Declaration): boolean {
    const name = ts504.getNameOfDeclaration(declaration);
    return name !== undefined && (ts504.isPrivateIdentifier(name) || hasPrivateModifier(declaration));
  }

  function hasPrivateModifier(declaration: TypeScript.Declaration): boolean {
    return (ts504.getCombinedModifierFlags(declaration) & ts504.ModifierFlags.Private) !== 0;
  }

  function visitSignature(signature: TypeScript.Signature, path: string): void {
    for (const parameter of signature.getParameters()) {
      const declaration = parameter.declarations?.[0];
      if (declaration !== undefined)
        visit(checker.getTypeOfSymbolAtLocation(parameter, declaration), `${path}(${parameter.name})`);
    }
    visit(signature.getReturnType(), `${path}()`);
  }

  function visitArguments(type: TypeScript.Type, path: string): void {
    if (!((type as TypeScript.ObjectType).objectFlags & ts504.ObjectFlags.Reference)) return;
    const given = checker.getTypeArguments(type as TypeScript.TypeReference);
    // What iterators return at their end is `any` in the library itself.
    const isIterator = /Iterator|Generator/.test(type.getSymbol()?.name ?? "");
    for (const argument of isIterator ? given.slice(0, 1) : given) visit(argument, `${path}<>`);
  }

  function isArrayLike(type: TypeScript.Type): boolean {
    const name = type.getSymbol()?.name;
    return name === "Array" || name === "ReadonlyArray";
  }

  function isOurs(symbol: TypeScript.Symbol): boolean {
    return (symbol.declarations ?? []).some((each) => each.getSourceFile().fileName.startsWith(`${packageFolder}/`));
  }

  function isBuiltIn(symbol: TypeScript.Symbol): boolean {
    return (symbol.declarations ?? []).some((each) => program.isSourceFileDefaultLibrary(each.getSourceFile()));
  }
}
