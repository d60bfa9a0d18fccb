import { CONVENIENCES, type Convenience } from "./conveniences.js";
import {
  type ArchetypeDefinition,
  camelCase,
  constantName,
  type Definitions,
  type FieldDefinition,
  header,
  importsOf,
  shortName,
} from "./definitions.js";
import { likeModules, likeName } from "./likes.js";

/** Field and component names of each archetype, in the order of the schema. */
export function writeArchetypeFields(definitions: Definitions): string {
  const rows = Object.values(definitions.archetypes).map((archetype) => {
    const fields = archetype.fields.map((field) => `${field.name}:${shortName(field.component_type)}`);
    return `  ${archetype.short}: ${JSON.stringify(fields.join(" "))},`;
  });
  return `${header(definitions)}
/** \`field:Component\` of each archetype, in the order of the schema. */
export const ARCHETYPE_FIELDS: Readonly<Record<string, string>> = {
${rows.join("\n")}
};
`;
}

/** Constants for the components, with the type of their input. */
export function writeComponents(definitions: Definitions): string {
  const rows = Object.values(definitions.components).map((component) => {
    const like = likeOf(definitions, component.name, true);
    return `/** \`${component.name}\` */\nexport const ${component.short}: Component<${like}> = component("${component.short}");`;
  });
  const body = rows.join("\n");
  return `${header(definitions)}import { type Component, component } from "../component.js";\n${likeImports(definitions, body)}\n${body}\n`;
}

/** Interfaces of the fields of each archetype. */
export function writeFields(definitions: Definitions): string {
  const parts = Object.values(definitions.archetypes).map((archetype) => {
    const members = archetype.fields.map(
      (field) =>
        `  /** ${fieldDoc(field)} */\n  readonly ${camelCase(field.name)}?: ${likeOf(definitions, field.component_type, field.is_list)} | undefined;`,
    );
    return `/** Fields of \`${archetype.short}\`. */\nexport interface ${archetype.short}Fields {\n${members.join("\n")}\n}\n`;
  });
  const body = parts.join("\n");
  return `${header(definitions)}${likeImports(definitions, body)}\n${body}`;
}

/** The classes of all archetypes. */
export function writeArchetypes(definitions: Definitions): string {
  const archetypes = Object.values(definitions.archetypes);
  const body = archetypes.map((archetype) => writeArchetype(definitions, archetype)).join("\n");
  const fieldTypes = archetypes.map((archetype) => `${archetype.short}Fields`);
  const byFile = new Map<string, Convenience[]>();
  for (const each of Object.values(CONVENIENCES)) byFile.set(each.file, [...(byFile.get(each.file) ?? []), each]);
  const extImports = [...byFile].map(([file, uses]) => {
    const from = `../ext/${file}.js`;
    return (
      importsOf(body, from, new Set(uses.flatMap((use) => use.imports))) +
      importsOf(body, from, new Set(uses.flatMap((use) => use.types)), true)
    );
  });
  const imports = [
    importsOf(body, "../archetype.js", ["archetypeOf", "clearedFields", "columnsOf", "encodeAt", "fieldsOnly"]),
    importsOf(body, "../archetype.js", ["ColumnsOf", "FromFieldsOptions"], true),
    importsOf(body, "../columns.js", ["ComponentColumnList"], true),
    importsOf(body, "../component-batch.js", ["AsComponents", "ComponentData", "ComponentLayout"], true),
    ...extImports,
    importsOf(body, "./fields.js", fieldTypes, true),
    likeImports(definitions, body),
  ].join("");
  return `${header(definitions)}${imports}\n${body}`;
}

function writeArchetype(definitions: Definitions, archetype: ArchetypeDefinition): string {
  const { short } = archetype;
  const info = constantName(short);
  const convenience = CONVENIENCES[short];
  const shape = convenience === undefined ? plainConstructor(definitions, archetype) : convenientConstructor(convenience);
  const sorted = [...archetype.fields].sort((a, b) => (a.descriptor < b.descriptor ? -1 : a.descriptor > b.descriptor ? 1 : 0));
  const data = sorted.map((field, i) => `      encodeAt(${info}, ${i}, ${shape.valueOf(camelCase(field.name))}),`);
  const statics = [
    ...(short === "ViewCoordinates" ? Object.entries(definitions.constants.ViewCoordinates).map(viewCoordinatesConstant) : []),
    ...(convenience?.statics ?? []),
  ];
  return `const ${info} = archetypeOf("${short}");
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

  /** Fields of many rows for \`sendColumns\`: one value per row, or as \`partition\` says. */
  static columns(fields: ColumnsOf<${short}Fields>): ComponentColumnList {
    return columnsOf(${info}, fields);
  }
${statics.map((line) => `\n  ${line}\n`).join("")}}
`;
}

interface ConstructorShape {
  readonly parameters: string;
  readonly doc: string;
  readonly before: string;
  valueOf(key: string): string;
}

/** The signature of Python: positional parameters that are fields, then options. Only the first stays positional. */
function plainConstructor(definitions: Definitions, archetype: ArchetypeDefinition): ConstructorShape {
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
  const own = `${key}: ${likeOf(definitions, first.component_type, first.is_list)}`;
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

/** Names in a Python signature: before the star, and all. */
export function parametersOf(signature: string): { readonly positional: readonly string[]; readonly all: readonly string[] } {
  const inner = signature.slice(signature.indexOf("(") + 1, signature.lastIndexOf(") ->"));
  const positional: string[] = [];
  const all: string[] = [];
  let sawStar = false;
  for (const part of splitTop(inner)) {
    const name = part.trim().split(/[:=\s]/)[0] ?? "";
    if (name === "*") sawStar = true;
    else if (name !== "" && name !== "self") {
      all.push(name);
      if (!sawStar) positional.push(name);
    }
  }
  return { positional, all };
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

function likeOf(definitions: Definitions, componentName: string, isList: boolean): string {
  const component = definitions.components[componentName];
  if (component === undefined) throw new Error(`unknown component ${componentName}`);
  if (component.kind === "own") return likeName(component.short, false);
  return likeName(shortName(component.delegates_to ?? component.name), isList);
}

function likeImports(definitions: Definitions, body: string): string {
  const modules = likeModules(definitions);
  return (
    importsOf(body, "../likes.js", modules["byHand"] ?? [], true) +
    importsOf(body, "./enums.js", modules["enums"] ?? [], true) +
    importsOf(body, "./likes.js", modules["likes"] ?? [], true)
  );
}

function fieldDoc(field: FieldDefinition): string {
  const unit = field.unit == null ? "" : ` Unit: ${field.unit}.`;
  return `${field.meaning ?? ""}${unit}`;
}

function viewCoordinatesConstant([name, directions]: readonly [string, readonly number[]]): string {
  return `static readonly ${name}: ViewCoordinates = new ViewCoordinates(${JSON.stringify(directions)});`;
}
