// Makes one file of the declarations that an entry reaches. A notebook's kernel reads them anew for the first cell that imports
// the package: hundreds of small files, half of them never seen by a user, took it twice as long as what this makes of them.
//
// Names that are the same in two modules are numbered, what no entry reaches is left out, comments stay.
import { posix } from "node:path";

/**
 * @typedef {{ module: Module, name: string } | { external: string, name: string } | { namespace: Module }} Target
 *   what a name means: a declaration, a member of another package, or all that a module exports
 * @typedef {{ target: Target, isTypeOnly: boolean }} Exported
 * @typedef {object} Module
 * @property {string} path without extension
 * @property {import("typescript").SourceFile} file
 * @property {Map<string, import("typescript").Statement[]>} declared statements by the names that they declare
 * @property {Map<string, Target>} imported
 * @property {Map<string, Exported>} [exported] once asked for
 */

/**
 * @param {typeof import("typescript")} ts
 * @param {ReadonlyMap<string, string>} texts declarations by module, `core/index` for instance; imports among them are relative
 * @param {readonly string[]} entries modules; what the first one reaches goes into `first`, the rest into `rest`
 * @param {{ first: string, rest: string }} outputs modules to make
 * @returns {Map<string, string>} declarations by module: of each entry, of `first` and of `rest`
 */
export function bundleDeclarations(ts, texts, entries, outputs) {
  const bundler = new Bundler(ts, texts);
  const roots = entries.map((path) => bundler.exportsOf(bundler.module(path)));
  bundler.nameFirst(roots);
  const isInFirst = new Set(bundler.reach([...(roots[0]?.values() ?? [])].map(({ target }) => target)));
  const all = bundler.reach(roots.flatMap((root) => [...root.values()].map(({ target }) => target)));
  const first = all.filter((key) => isInFirst.has(key));
  const rest = all.filter((key) => !isInFirst.has(key));
  const made = new Map();
  made.set(outputs.first, bundler.print(first, []));
  made.set(outputs.rest, bundler.print(rest, [[bundler.importPath(outputs.rest, outputs.first), isInFirst]]));
  for (const [index, path] of entries.entries()) {
    const lists = new Map([
      [outputs.first, []],
      [outputs.rest, []],
    ]);
    for (const [name, { target, isTypeOnly }] of roots[index] ?? []) {
      const key = bundler.keyOf(target);
      const unique = bundler.uniqueName(target);
      const item = `${isTypeOnly ? "type " : ""}${unique === name ? name : `${unique} as ${name}`}`;
      lists.get(isInFirst.has(key) ? outputs.first : outputs.rest)?.push(item);
    }
    const lines = [...lists].filter(([, items]) => items.length > 0);
    made.set(
      path,
      lines.map(([from, items]) => `export { ${items.join(", ")} } from "${bundler.importPath(path, from)}";\n`).join(""),
    );
  }
  return made;
}

class Bundler {
  #ts;
  #checker;
  /** @type {Map<string, Module>} */
  #modules = new Map();
  #program;
  /** @type {Map<string, Target>} */
  #targets = new Map();
  /** @type {Map<string, string>} */
  #uniqueNames = new Map();
  /** @type {Set<string>} */
  #taken = new Set();
  /** @type {Map<import("typescript").Statement, { node: import("typescript").Node, target: Target }[]>} */
  #references = new Map();

  constructor(ts, texts) {
    this.#ts = ts;
    const root = "/declarations";
    const files = new Map([...texts].map(([path, text]) => [`${root}/${path}.d.ts`, text]));
    const host = {
      fileExists: (name) => files.has(name),
      readFile: (name) => files.get(name),
      getSourceFile: (name, target) =>
        files.has(name) ? ts.createSourceFile(name, files.get(name) ?? "", target, true) : undefined,
      getDefaultLibFileName: () => "lib.d.ts",
      getCurrentDirectory: () => root,
      getCanonicalFileName: (name) => name,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => "\n",
      writeFile() {},
    };
    const options = { noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext };
    this.#program = ts.createProgram([...files.keys()], options, host);
    this.#checker = this.#program.getTypeChecker();
    for (const path of texts.keys())
      this.#modules.set(path, this.#readModule(path, this.#program.getSourceFile(`${root}/${path}.d.ts`)));
    this.#findGlobals();
  }

  /** @param {string} path */
  module(path) {
    const module = this.#modules.get(path);
    if (module === undefined) throw new Error(`there is no declaration of ${path}`);
    return module;
  }

  /** @param {string} from module @param {string} to module */
  importPath(from, to) {
    const path = posix.relative(posix.dirname(from), to);
    return `${path.startsWith(".") ? path : `./${path}`}.js`;
  }

  /** @returns {Module} */
  #readModule(path, file) {
    const ts = this.#ts;
    const module = { path, file, declared: new Map(), imported: new Map(), exported: undefined };
    for (const statement of file.statements) {
      if (ts.isImportDeclaration(statement)) this.#readImport(module, statement);
      else if (!ts.isExportDeclaration(statement)) {
        for (const name of this.#namesOf(statement)) module.declared.set(name, [...(module.declared.get(name) ?? []), statement]);
      }
    }
    return module;
  }

  #namesOf(statement) {
    const ts = this.#ts;
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map((each) => each.name.getText());
    if (statement.name !== undefined && ts.isIdentifier(statement.name)) return [statement.name.text];
    throw new Error(`${statement.getSourceFile().fileName}: this cannot be bundled: ${statement.getText().slice(0, 100)}`);
  }

  #readImport(module, statement) {
    const ts = this.#ts;
    const clause = statement.importClause;
    const specifier = statement.moduleSpecifier.text;
    if (clause === undefined) return;
    if (clause.name !== undefined) throw new Error(`${module.path}: default imports are not bundled: ${statement.getText()}`);
    const bindings = clause.namedBindings;
    const to = (name) => {
      if (specifier.startsWith(".")) return { later: specifier, name };
      return { external: specifier, name };
    };
    if (bindings === undefined) return;
    if (ts.isNamespaceImport(bindings)) module.imported.set(bindings.name.text, to("*"));
    else for (const each of bindings.elements) module.imported.set(each.name.text, to((each.propertyName ?? each.name).text));
  }

  #resolve(module, specifier) {
    return this.module(posix.join(posix.dirname(module.path), specifier).replace(/\.js$/, ""));
  }

  /** What a name of a module's own scope means. @returns {Exported | undefined} */
  #local(module, name) {
    if (module.declared.has(name)) return { target: { module, name }, isTypeOnly: false };
    const imported = module.imported.get(name);
    if (imported === undefined) return undefined;
    if (imported.later === undefined) return { target: imported, isTypeOnly: false };
    const from = this.#resolve(module, imported.later);
    if (imported.name === "*") return { target: { namespace: from }, isTypeOnly: false };
    return this.#exported(from, imported.name);
  }

  #exported(module, name) {
    const found = this.exportsOf(module).get(name);
    if (found === undefined) throw new Error(`${module.path} does not export ${name}`);
    return found;
  }

  /** @param {Module} module @returns {Map<string, Exported>} */
  exportsOf(module) {
    if (module.exported !== undefined) return module.exported;
    const ts = this.#ts;
    const exports = new Map();
    module.exported = exports;
    const stars = [];
    for (const statement of module.file.statements) {
      if (!ts.isExportDeclaration(statement)) {
        const isExported = statement.modifiers?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword);
        if (isExported) for (const name of this.#namesOf(statement)) exports.set(name, this.#local(module, name));
        continue;
      }
      const from = statement.moduleSpecifier === undefined ? undefined : this.#resolve(module, statement.moduleSpecifier.text);
      const clause = statement.exportClause;
      if (clause === undefined) stars.push([from, statement.isTypeOnly]);
      else if (ts.isNamespaceExport(clause)) {
        exports.set(clause.name.text, { target: { namespace: from }, isTypeOnly: statement.isTypeOnly });
      } else {
        for (const each of clause.elements) {
          const name = (each.propertyName ?? each.name).text;
          const found = from === undefined ? this.#local(module, name) : this.#exported(from, name);
          if (found === undefined) throw new Error(`${module.path} exports ${name}, which it does not have`);
          const isTypeOnly = found.isTypeOnly || statement.isTypeOnly || each.isTypeOnly;
          exports.set(each.name.text, { target: found.target, isTypeOnly });
        }
      }
    }
    for (const [from, isTypeOnly] of stars) {
      for (const [name, found] of this.exportsOf(from)) {
        if (!exports.has(name)) exports.set(name, { target: found.target, isTypeOnly: isTypeOnly || found.isTypeOnly });
      }
    }
    return exports;
  }

  /** @param {Target} target */
  keyOf(target) {
    const key =
      "namespace" in target
        ? `* ${target.namespace.path}`
        : "external" in target
          ? `${target.external} ${target.name}`
          : `${target.module.path} ${target.name}`;
    if (!this.#targets.has(key)) this.#targets.set(key, target);
    return key;
  }

  /** Names that mean something of the language's library stay free for it. */
  #findGlobals() {
    for (const module of this.#modules.values()) {
      const visit = (node) => {
        if (this.#ts.isIdentifier(node) && this.#isReference(node) && this.#checker.getSymbolAtLocation(node) === undefined)
          this.#taken.add(node.text);
        this.#ts.forEachChild(node, visit);
      };
      visit(module.file);
    }
  }

  #isReference(node) {
    const ts = this.#ts;
    const { parent } = node;
    return (
      ts.isTypeReferenceNode(parent) ||
      ts.isExpressionWithTypeArguments(parent) ||
      ts.isTypeQueryNode(parent) ||
      ts.isComputedPropertyName(parent) ||
      (ts.isQualifiedName(parent) && parent.left === node) ||
      (ts.isPropertyAccessExpression(parent) && parent.expression === node)
    );
  }

  /** Gives the names that entries export to what they export. @param {readonly Map<string, Exported>[]} roots */
  nameFirst(roots) {
    for (const root of roots) {
      for (const [name, { target }] of root) {
        const key = this.keyOf(target);
        if (this.#uniqueNames.has(key) || this.#taken.has(name)) continue;
        this.#uniqueNames.set(key, name);
        this.#taken.add(name);
      }
    }
  }

  /** @param {Target} target */
  uniqueName(target) {
    const key = this.keyOf(target);
    const known = this.#uniqueNames.get(key);
    if (known !== undefined) return known;
    const wanted =
      "namespace" in target
        ? target.namespace.path.replace(/\W+/g, "_")
        : target.name === "*"
          ? target.external.replace(/\W+/g, "_")
          : target.name;
    let name = wanted;
    for (let i = 1; this.#taken.has(name); i++) name = `${wanted}_${i}`;
    this.#taken.add(name);
    this.#uniqueNames.set(key, name);
    return name;
  }

  /** Everything that these targets need, they among them, in the order in which it is met. @param {readonly Target[]} targets */
  reach(targets) {
    const met = new Set();
    const visit = (target) => {
      const key = this.keyOf(target);
      if (met.has(key)) return;
      met.add(key);
      if ("namespace" in target) for (const { target: inner } of this.exportsOf(target.namespace).values()) visit(inner);
      else if ("module" in target) {
        for (const statement of target.module.declared.get(target.name) ?? []) {
          for (const name of this.#namesOf(statement)) visit({ module: target.module, name });
          for (const reference of this.#referencesOf(target.module, statement)) visit(reference.target);
        }
      }
    };
    for (const target of targets) visit(target);
    return [...met];
  }

  /** The places in a statement that mean something outside of it, or itself. */
  #referencesOf(module, statement) {
    const known = this.#references.get(statement);
    if (known !== undefined) return known;
    const ts = this.#ts;
    const found = [];
    const visit = (node) => {
      if (ts.isImportTypeNode(node)) throw new Error(`${module.path}: import() types are not bundled: ${node.getText()}`);
      if (ts.isIdentifier(node)) {
        const target = this.#meaningOf(module, node);
        if (target !== undefined) found.push(this.#memberOf(node, target));
      }
      ts.forEachChild(node, visit);
    };
    visit(statement);
    this.#references.set(statement, found);
    return found;
  }

  /** `names.Member` of a module that was imported as `names` is the member itself. */
  #memberOf(node, target) {
    const outer = node.parent;
    if (!("namespace" in target) || !this.#ts.isQualifiedName(outer) || outer.left !== node) return { node, target };
    return { node: outer, target: this.#exported(target.namespace, outer.right.text).target };
  }

  /** @returns {Target | undefined} */
  #meaningOf(module, node) {
    const declaration = this.#checker.getSymbolAtLocation(node)?.declarations?.[0];
    if (declaration === undefined || declaration.getSourceFile() !== module.file) return undefined;
    const ts = this.#ts;
    if (ts.isImportSpecifier(declaration) || ts.isNamespaceImport(declaration))
      return this.#local(module, declaration.name.text)?.target;
    const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    if (statement.parent !== module.file) return undefined;
    return { module, name: declaration.name.text };
  }

  /**
   * @param {readonly string[]} keys what to declare
   * @param {readonly (readonly [from: string, keys: ReadonlySet<string>])[]} others files that declare something of it already
   */
  print(keys, others) {
    const own = new Set(keys);
    const used = new Set();
    const externals = new Map();
    const bodies = [];
    const printed = new Set();
    for (const key of keys) {
      const target = this.#targets.get(key);
      if (target === undefined) continue;
      if ("external" in target) externals.set(target.external, [...(externals.get(target.external) ?? []), target]);
      else if ("namespace" in target) bodies.push(this.#printNamespace(target, used));
      else {
        for (const statement of target.module.declared.get(target.name) ?? []) {
          if (!printed.has(statement)) bodies.push(this.#printStatement(target.module, statement, used));
          printed.add(statement);
        }
      }
    }
    const imports = [...externals].flatMap(([from, targets]) => this.#printExternal(from, targets));
    for (const [from, theirs] of others) {
      const names = [...used].filter((key) => !own.has(key) && theirs.has(key)).map((key) => this.#uniqueNames.get(key));
      if (names.length > 0) imports.push(`import { ${names.sort().join(", ")} } from "${from}";\n`);
    }
    return `${imports.join("")}${bodies.join("")}export {};\n`;
  }

  #printExternal(from, targets) {
    return targets.map((target) => {
      const unique = this.uniqueName(target);
      if (target.name === "*") return `import * as ${unique} from "${from}";\n`;
      return `import { type ${target.name === unique ? unique : `${target.name} as ${unique}`} } from "${from}";\n`;
    });
  }

  #printNamespace(target, used) {
    const items = [...this.exportsOf(target.namespace)].map(([name, { target: inner, isTypeOnly }]) => {
      used.add(this.keyOf(inner));
      const unique = this.uniqueName(inner);
      return `${isTypeOnly ? "type " : ""}${unique === name ? name : `${unique} as ${name}`}`;
    });
    return `export declare namespace ${this.uniqueName(target)} {\n    export { ${items.join(", ")} };\n}\n`;
  }

  #printStatement(module, statement, used) {
    const text = module.file.text;
    const edits = this.#referencesOf(module, statement).map(({ node, target }) => {
      used.add(this.keyOf(target));
      return { start: node.getStart(), end: node.end, text: this.uniqueName(target) };
    });
    const isExported = statement.modifiers?.some((each) => each.kind === this.#ts.SyntaxKind.ExportKeyword) ?? false;
    if (!isExported) edits.push({ start: statement.getStart(), end: statement.getStart(), text: "export " });
    edits.sort((a, b) => a.start - b.start);
    let out = "";
    let at = statement.getFullStart();
    for (const edit of edits) {
      out += text.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return `${(out + text.slice(at, statement.end)).trimStart()}\n`;
  }
}
