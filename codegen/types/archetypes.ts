import { CONVENIENCES, type Convenience } from "./conveniences.js";
import {
  type ArchetypeDefinition,
  type ComponentDefinition,
  camelCase,
  constantName,
  type Definitions,
  type FieldDefinition,
  header,
  importsOf,
  shortName,
} from "./definitions.js";
import { likeImports, likeModules, likeName } from "./likes.js";

/** How the classes of one facts file are made. */
export interface ClassFlavour {
  /** Function that makes what all instances of a class share. */
  readonly archetypeOf: string;
  /** Whether there is `columns`. */
  readonly hasColumns: boolean;
  readonly conveniences: Readonly<Record<string, Convenience>>;
}

const PLAIN: ClassFlavour = { archetypeOf: "archetypeOf", hasColumns: true, conveniences: CONVENIENCES };

/** Field and component names of each archetype, in the order of the schema. */
export function writeArchetypeFields(definitions: Definitions): string {
  return `${header(definitions)}
/** \`field:Component\` of each archetype, in the order of the schema. */
export const ARCHETYPE_FIELDS: Readonly<Record<string, string>> = {
${fieldRows(definitions).join("\n")}
};
`;
}

/** Source text of the field and component names of each archetype. */
export function fieldRows({ archetypes }: Pick<Definitions, "archetypes">): readonly string[] {
  return Object.values(archetypes).map((archetype) => {
    const fields = archetype.fields.map((field) => `${field.name}:${shortName(field.component_type)}`);
    return `  ${archetype.short}: ${JSON.stringify(fields.join(" "))},`;
  });
}

/** Constants for the components, with the type of their input. */
export function writeComponents(definitions: Definitions): string {
  const body = componentConstants(Object.values(definitions.components), definitions, "component");
  return `${header(definitions)}import { type Component, component } from "../component.js";\n${likeImports(body, likeModules(definitions))}\n${body}\n`;
}

/** Source text of these components' constants. */
export function componentConstants(
  components: readonly ComponentDefinition[],
  definitions: Pick<Definitions, "components">,
  make: string,
): string {
  const rows = components.map((component) => {
    const like = likeOf(definitions, component.name, true);
    return `/** \`${component.name}\` */\nexport const ${component.short}: Component<${like}> = ${make}("${component.short}");`;
  });
  return rows.join("\n");
}

/** Interfaces of the fields of each archetype. */
export function writeFields(definitions: Definitions): string {
  const body = fieldInterfaces(Object.values(definitions.archetypes), definitions);
  return `${header(definitions)}${likeImports(body, likeModules(definitions))}\n${body}`;
}

/** Source text of the interfaces of these archetypes' fields. */
export function fieldInterfaces(
  archetypes: readonly ArchetypeDefinition[],
  definitions: Pick<Definitions, "components">,
): string {
  const parts = archetypes.map((archetype) => {
    const members = archetype.fields.map(
      (field) =>
        `  /** ${fieldDoc(field)} */\n  readonly ${camelCase(field.name)}?: ${likeOf(definitions, field.component_type, field.is_list)} | undefined;`,
    );
    return `/** Fields of \`${archetype.short}\`. */\nexport interface ${archetype.short}Fields {\n${members.join("\n")}\n}\n`;
  });
  return parts.join("\n");
}

/** The classes of all archetypes. */
export function writeArchetypes(definitions: Definitions): string {
  const archetypes = Object.values(definitions.archetypes);
  const body = archetypes.map((archetype) => writeArchetype(definitions, archetype, PLAIN)).join("\n");
  const fieldTypes = archetypes.map((archetype) => `${archetype.short}Fields`);
  const imports = [
    importsOf(body, "../archetype.js", ["archetypeOf", "clearedFields", "columnsOf", "encodeAt", "fieldsOnly"]),
    importsOf(body, "../archetype.js", ["ColumnsOf", "FromFieldsOptions"], true),
    importsOf(body, "../columns.js", ["ComponentColumnList"], true),
    importsOf(body, "../component-batch.js", ["AsComponents", "ComponentData", "ComponentLayout"], true),
    convenienceImports(body, CONVENIENCES, "../ext"),
    importsOf(body, "../ext/compress.js", ["jpegFields", "pngFields"]),
    importsOf(body, "../ext/compress.js", ["JpegOptions", "PngOptions"], true),
    importsOf(body, "./fields.js", fieldTypes, true),
    likeImports(body, likeModules(definitions)),
    importsOf(body, "../visualizer.js", ["Visualizer"]),
    importsOf(body, "../visualizer.js", ["VisualizerOptions"], true),
  ].join("");
  return `${header(definitions)}${imports}\n${body}`;
}

/** Imports of what the constructors in `text` take from files written by hand, which lie in `folder`. */
export function convenienceImports(text: string, conveniences: ClassFlavour["conveniences"], folder: string): string {
  const byFile = new Map<string, Convenience[]>();
  for (const each of Object.values(conveniences)) byFile.set(each.file, [...(byFile.get(each.file) ?? []), each]);
  const imports = [...byFile].map(([file, uses]) => {
    const from = `${folder}/${file}.js`;
    return (
      importsOf(text, from, new Set(uses.flatMap((use) => use.imports))) +
      importsOf(text, from, new Set(uses.flatMap((use) => use.types)), true)
    );
  });
  return imports.join("");
}

/** Source text of the class of an archetype. */
export function writeArchetype(
  definitions: Pick<Definitions, "components"> & Partial<Pick<Definitions, "constants">>,
  archetype: ArchetypeDefinition,
  flavour: ClassFlavour,
): string {
  const { short } = archetype;
  const info = constantName(short);
  const convenience = flavour.conveniences[short];
  const shape = convenience === undefined ? plainConstructor(definitions, archetype) : convenientConstructor(convenience);
  const sorted = [...archetype.fields].sort((a, b) => (a.descriptor < b.descriptor ? -1 : a.descriptor > b.descriptor ? 1 : 0));
  const data = sorted.map((field, i) => `      encodeAt(${info}, ${i}, ${shape.valueOf(camelCase(field.name))}),`);
  const members = [
    ...(short === "ViewCoordinates"
      ? Object.entries(definitions.constants?.ViewCoordinates ?? {}).map(viewCoordinatesConstant)
      : []),
    ...(convenience?.members ?? []),
  ];
  return `const ${info} = ${flavour.archetypeOf}("${short}");
/** ${archetype.meaning} */
export class ${short} implements AsComponents {
  /** Full name of the archetype. */
  static readonly archetype: string = "${archetype.name}";
  /** What its components are called and made of, in the order of a file. */
  static readonly layouts: readonly ComponentLayout[] = ${info}.layouts;
  declare readonly layouts: readonly ComponentLayout[];
  declare readonly data: readonly (ComponentData | undefined)[];
${shape.doc}
  constructor(${shape.parameters}) {
${shape.before}    this.layouts = ${info}.layouts;
    this.data = [
${data.join("\n")}
    ];
  }

  /** Some of the fields; the others stay as they were logged before. */
  static fromFields(fields: ${short}Fields, options: FromFieldsOptions = {}): ${short} {
    return fieldsOnly<${short}>(${info}, ${short}.prototype, fields, options);
  }

  /** Every field empty: clears what was logged before. */
  static cleared(): ${short} {
    return clearedFields<${short}>(${info}, ${short}.prototype);
  }
${flavour.hasColumns ? columnsMethod(short, info) : ""}${visualizerMethod(archetype)}${members.map((line) => `\n  ${line}\n`).join("")}}
`;
}

function columnsMethod(short: string, info: string): string {
  return `
  /** Fields of many rows for \`sendColumns\`: one value per row, or as \`partition\` says. */
  static columns(fields: ColumnsOf<${short}Fields>): ComponentColumnList {
    return columnsOf(${info}, fields);
  }
`;
}

function visualizerMethod({ visualizer }: ArchetypeDefinition): string {
  if (visualizer == null) return "";
  return `
  /** Draws an entity this way, for the overrides of a view: the fields given here count more than what was logged. */
  visualizer(options: VisualizerOptions = {}): Visualizer {
    return new Visualizer("${visualizer}", { ...options, overrides: this });
  }
`;
}

interface ConstructorShape {
  readonly parameters: string;
  readonly doc: string;
  readonly before: string;
  valueOf(key: string): string;
}

/** The signature of Python: positional parameters that are fields, then options. Only the first stays positional. */
function plainConstructor(definitions: Pick<Definitions, "components">, archetype: ArchetypeDefinition): ConstructorShape {
  const parameters = parametersOf(archetype.py_signature);
  const keys = new Map(archetype.fields.map((field) => [field.name, field]));
  for (const name of parameters.all) {
    if (!keys.has(name)) throw new Error(`${archetype.short}: parameter ${name} is no field; name a convenience for it`);
  }
  const first = parameters.positional[0] === undefined ? undefined : keys.get(parameters.positional[0]);
  const isRequired = archetype.fields.some((field) => field.requirement === "required" && field !== first);
  const fields = `${archetype.short}Fields`;
  if (first === undefined) {
    return {
      parameters: `options: ${fields}${isRequired ? "" : " = {}"}`,
      doc: "",
      before: "",
      valueOf: (key) => `options.${key}`,
    };
  }
  const key = camelCase(first.name);
  const like = likeOf(definitions, first.component_type, first.is_list);
  const own = parameters.optional.has(first.name) ? `${key}?: ${like} | undefined` : `${key}: ${like}`;
  const doc = `\n  /** @param ${key} ${fieldDoc(first)} */`;
  if (archetype.fields.length === 1) return { parameters: own, doc, before: "", valueOf: () => key };
  const options = `options: Omit<${fields}, "${key}">${isRequired ? "" : " = {}"}`;
  return { parameters: `${own}, ${options}`, doc, before: "", valueOf: (name) => (name === key ? key : `options.${name}`) };
}

function convenientConstructor({ parameters, doc, call }: Convenience): ConstructorShape {
  const shape = { parameters, doc: doc === undefined ? "" : `\n  /** ${doc} */` };
  if (typeof call !== "string") return { ...shape, before: "", valueOf: (key) => call[key] ?? `options.${key}` };
  return { ...shape, before: `    const fields = ${call};\n`, valueOf: (key) => `fields.${key}` };
}

interface PythonParameters {
  /** Before the star. */
  readonly positional: readonly string[];
  readonly all: readonly string[];
  /** Those that may be left out. */
  readonly optional: ReadonlySet<string>;
}

/** Names in a Python signature. */
export function parametersOf(signature: string): PythonParameters {
  const inner = signature.slice(signature.indexOf("(") + 1, signature.lastIndexOf(") ->"));
  const positional: string[] = [];
  const all: string[] = [];
  const optional = new Set<string>();
  let sawStar = false;
  for (const part of splitTop(inner)) {
    const name = part.trim().split(/[:=\s]/)[0] ?? "";
    if (name === "*") sawStar = true;
    else if (name !== "" && name !== "self") {
      all.push(name);
      if (/=\s*None\s*$/.test(part)) optional.add(name);
      if (!sawStar) positional.push(name);
    }
  }
  return { positional, all, optional };
}

/** Parts between commas that lie in no brackets. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] ?? "";
    if ("([{".includes(letter)) depth += 1;
    else if (")]}".includes(letter)) depth -= 1;
    else if (letter === "," && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function likeOf(definitions: Pick<Definitions, "components">, componentName: string, isList: boolean): string {
  const component = definitions.components[componentName];
  if (component === undefined) throw new Error(`unknown component ${componentName}`);
  if (component.kind === "own") return likeName(component.short, false);
  return likeName(shortName(component.delegates_to ?? component.name), isList);
}

function fieldDoc(field: FieldDefinition): string {
  const unit = field.unit == null ? "" : ` Unit: ${field.unit}.`;
  return `${field.meaning ?? ""}${unit}`;
}

function viewCoordinatesConstant([name, directions]: readonly [string, readonly number[]]): string {
  return `static readonly ${name}: ViewCoordinates = new ViewCoordinates(${JSON.stringify(directions)});`;
}
