import { type ArrowField, type ArrowType, constantName, type Definitions, header, importsOf, shortName } from "./definitions.js";

const PRIMITIVES: Readonly<Record<string, string>> = {
  null: "NULL",
  bool: "BOOL",
  utf8: "UTF8",
  binary: "BINARY",
  int8: "INT8",
  int16: "INT16",
  int32: "INT32",
  int64: "INT64",
  uint8: "UINT8",
  uint16: "UINT16",
  uint32: "UINT32",
  uint64: "UINT64",
  float16: "FLOAT16",
  float32: "FLOAT32",
  float64: "FLOAT64",
};
const CORE_NAMES = [...Object.values(PRIMITIVES), "field", "fixedSizeListOf", "listOf"];

/** Names of Arrow types already written, by their structure. */
export type TypeNames = Map<string, string>;

/** Source text that makes the type, by name where it has one. */
export function typeExpression(arrow: ArrowType, names: TypeNames): string {
  return names.get(JSON.stringify(arrow)) ?? typeBody(arrow, names);
}

function typeBody(arrow: ArrowType, names: TypeNames): string {
  const primitive = PRIMITIVES[arrow.type];
  if (primitive !== undefined) return primitive;
  const fields = (arrow.fields ?? []).map((child) => fieldExpression(child, names)).join(", ");
  switch (arrow.type) {
    case "list":
      return `listOf(${itemArguments(arrow, names)})`;
    case "fixed_size_list": {
      const item = itemOf(arrow);
      return `fixedSizeListOf(${typeExpression(item.arrow, names)}, ${arrow.size}, ${item.nullable})`;
    }
    case "struct":
      return `{ kind: "struct", fields: [${fields}] }`;
    case "union":
      return `{ kind: "union", mode: ${JSON.stringify(arrow.mode)}, typeIds: ${JSON.stringify(arrow.type_codes)}, fields: [${fields}] }`;
    default:
      throw new Error(`unknown Arrow type ${arrow.type}`);
  }
}

function itemArguments(arrow: ArrowType, names: TypeNames): string {
  const item = itemOf(arrow);
  return `${typeExpression(item.arrow, names)}, ${item.nullable}`;
}

function itemOf(arrow: ArrowType): ArrowField {
  if (arrow.item === undefined || arrow.item.name !== "item") throw new Error(`a list without "item": ${JSON.stringify(arrow)}`);
  return arrow.item;
}

function fieldExpression(child: ArrowField, names: TypeNames): string {
  return `field(${JSON.stringify(child.name)}, ${typeExpression(child.arrow, names)}, ${child.nullable})`;
}

/**
 * Arrow types of all encodings and of the components with types of their own.
 *
 * @param known types that another file has, and which file
 */
export function writeDataTypes(
  definitions: Pick<Definitions, "meta" | "source" | "encodings" | "components">,
  known: { readonly names: TypeNames; readonly from: string } = { names: new Map(), from: "" },
): { readonly text: string; readonly names: TypeNames } {
  const names: TypeNames = new Map(known.names);
  const owners = [...Object.values(definitions.encodings), ...Object.values(definitions.components)];
  const byDepth = owners
    .filter((owner) => PRIMITIVES[owner.arrow.type] === undefined)
    .sort((a, b) => JSON.stringify(a.arrow).length - JSON.stringify(b.arrow).length);
  const lines: string[] = [];
  for (const owner of byDepth) {
    const key = JSON.stringify(owner.arrow);
    if (names.has(key)) continue;
    const name = constantName(shortName(owner.name));
    lines.push(`/** Arrow type of \`${owner.name}\`. */\nexport const ${name}: DataType = ${typeBody(owner.arrow, names)};\n`);
    names.set(key, name);
  }
  const body = lines.join("\n");
  const imports = typeImports(body, known.names.values(), known.from);
  return { text: `${header(definitions)}${imports}\n${body}`, names };
}

/** Source text of each component's type and encoding. */
export function componentRows({ components }: Pick<Definitions, "components">, names: TypeNames): readonly string[] {
  return Object.values(components).map(
    ({ name, short, arrow, delegates_to }) =>
      `  ${short}: { type: ${typeExpression(arrow, names)}, encoding: "${shortName(delegates_to ?? name)}" },`,
  );
}

/** Imports of the types that `text` uses. `from` is where named ones are. */
export function typeImports(text: string, names: Iterable<string>, from: string): string {
  return (
    importsOf(text, "../../core/index.js", CORE_NAMES) +
    importsOf(text, "../../core/index.js", ["DataType"], true) +
    importsOf(text, from, names)
  );
}

/** Arrow type and encoding of each component. */
export function writeComponentTypes(definitions: Definitions, names: TypeNames): string {
  const rows = componentRows(definitions, names);
  const body = `/** What a component is made of. */
export interface ComponentInfo {
  /** Type of one instance. */
  readonly type: DataType;
  /** Name of the encoding it shares with other components, or its own. */
  readonly encoding: string;
}

/** All components, by name without \`rerun.components.\`. */
export const COMPONENT_TYPES: Readonly<Record<string, ComponentInfo>> = {
${rows.join("\n")}
};
`;
  const imports = typeImports(body, names.values(), "./data-types.js");
  return `${header(definitions)}${imports}\n${body}`;
}
