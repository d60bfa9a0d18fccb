import {
  type ClassFlavour,
  componentConstants,
  convenienceImports,
  fieldInterfaces,
  fieldRows,
  writeArchetype,
} from "./archetypes.js";
import type { Convenience } from "./conveniences.js";
import { componentRows, type TypeNames, typeImports, writeDataTypes } from "./data-types.js";
import { type BlueprintDefinitions, type Definitions, header, importsOf } from "./definitions.js";
import { enumsOf, writeEnums, writeTables } from "./enums.js";
import { type LikeModules, likeImports, likeModules } from "./likes.js";

const DATA_TYPES = "./data-types.js";

/** Constructors that differ from the fields: written by hand in `src/types/blueprint`. */
const CONVENIENCES: Readonly<Record<string, Convenience>> = {
  Background: {
    file: "background",
    imports: ["backgroundFields"],
    types: ["BackgroundOptions", "ColorOrKindLike"],
    parameters: "colorOrKind?: ColorOrKindLike | undefined, options: BackgroundOptions = {}",
    call: "backgroundFields(colorOrKind, options)",
    doc: "@param colorOrKind A colour, or the name of a kind of background.",
  },
  DataframeQuery: {
    file: "dataframe-query",
    imports: ["dataframeQueryFields"],
    types: [],
    parameters: "options: DataframeQueryFields = {}",
    call: "dataframeQueryFields(options)",
  },
  VisibleTimeRanges: {
    file: "time-ranges",
    imports: ["visibleTimeRanges"],
    types: ["VisibleTimeRangeInput"],
    parameters: "ranges: VisibleTimeRangeInput | readonly VisibleTimeRangeInput[]",
    call: { ranges: "visibleTimeRanges(ranges)" },
    doc: "@param ranges What is shown on each timeline: one range or several. Of two for one timeline the first counts.",
  },
  VisualBounds2D: {
    file: "visual-bounds",
    imports: ["visualBoundsFields"],
    types: ["VisualBounds2DOptions"],
    parameters: "options: VisualBounds2DOptions = {}",
    call: "visualBoundsFields(options)",
  },
};

const FLAVOUR: ClassFlavour = { archetypeOf: "blueprintArchetypeOf", hasColumns: false, conveniences: CONVENIENCES };

/**
 * Names and texts of the files about blueprints. They import the others, never the other way round.
 *
 * @param names Arrow types that the other files have
 */
export function generateBlueprint(
  types: Definitions,
  blueprint: BlueprintDefinitions,
  names: TypeNames,
): ReadonlyMap<string, string> {
  const dataTypes = writeDataTypes(blueprint, { names, from: DATA_TYPES });
  const all = { components: { ...types.components, ...blueprint.components } };
  const modules: LikeModules = {
    ...likeModules(types),
    "../blueprint/likes.js": Object.values(blueprint.encodings)
      .map(({ short }) => short)
      .concat("ColumnOrder")
      .flatMap((short) => [`${short}Like`, `${short}ArrayLike`]),
    "./blueprint-enums.js": enumsOf(blueprint).flatMap(({ short }) => [`${short}Like`, `${short}ArrayLike`]),
  };
  return new Map([
    ["blueprint-data-types.ts", dataTypes.text],
    ["blueprint-component-types.ts", writeComponentTypes(blueprint, dataTypes.names, names)],
    ["blueprint-enums.ts", writeEnums(blueprint)],
    [
      "blueprint-enum-tables.ts",
      writeTables(blueprint, "BLUEPRINT_ENUM_TABLES", "Every enum of blueprints: numbers by name.", "./blueprint-enums.js"),
    ],
    ["blueprint-components.ts", writeComponents(blueprint, all, modules)],
    ["blueprint-archetype-fields.ts", writeFieldTable(blueprint)],
    ["blueprint-fields.ts", writeFields(blueprint, all, modules)],
    ["blueprint-archetypes.ts", writeArchetypes(blueprint, all, modules)],
  ]);
}

function writeComponentTypes(blueprint: BlueprintDefinitions, names: TypeNames, plain: TypeNames): string {
  const body = `/** All components of blueprints, by name without \`rerun.blueprint.components.\`. */
export const BLUEPRINT_COMPONENT_TYPES: Readonly<Record<string, ComponentInfo>> = {
${componentRows(blueprint, names).join("\n")}
};
`;
  const plainNames = new Set(plain.values());
  const own = [...names.values()].filter((name) => !plainNames.has(name));
  const imports =
    typeImports(body, own, "./blueprint-data-types.js") +
    importsOf(body, "./component-types.js", ["ComponentInfo"], true) +
    importsOf(body, DATA_TYPES, plainNames);
  return `${header(blueprint)}${imports}\n${body}`;
}

type AllComponents = Pick<Definitions, "components">;

function writeComponents(blueprint: BlueprintDefinitions, all: AllComponents, modules: LikeModules): string {
  const body = componentConstants(Object.values(blueprint.components), all, "blueprintComponent");
  const imports =
    'import { blueprintComponent } from "../blueprint/component.js";\nimport type { Component } from "../component.js";\n';
  return `${header(blueprint)}${imports}${likeImports(body, modules)}\n${body}\n`;
}

function writeFieldTable(blueprint: BlueprintDefinitions): string {
  return `${header(blueprint)}
/** \`field:Component\` of each blueprint archetype, in the order of the schema. */
export const BLUEPRINT_ARCHETYPE_FIELDS: Readonly<Record<string, string>> = {
${fieldRows(blueprint).join("\n")}
};
`;
}

function writeFields(blueprint: BlueprintDefinitions, all: AllComponents, modules: LikeModules): string {
  const body = fieldInterfaces(Object.values(blueprint.archetypes), all);
  return `${header(blueprint)}${likeImports(body, modules)}\n${body}`;
}

function writeArchetypes(blueprint: BlueprintDefinitions, all: AllComponents, modules: LikeModules): string {
  const archetypes = Object.values(blueprint.archetypes);
  const body = archetypes.map((archetype) => writeArchetype(all, archetype, FLAVOUR)).join("\n");
  const imports = [
    importsOf(body, "../archetype.js", ["clearedFields", "encodeAt", "fieldsOnly"]),
    importsOf(body, "../archetype.js", ["FromFieldsOptions"], true),
    importsOf(body, "../blueprint/archetype.js", ["blueprintArchetypeOf"]),
    convenienceImports(body, CONVENIENCES, "../blueprint"),
    importsOf(body, "../component-batch.js", ["AsComponents", "ComponentData", "ComponentLayout"], true),
    importsOf(
      body,
      "./blueprint-fields.js",
      archetypes.map((archetype) => `${archetype.short}Fields`),
      true,
    ),
    likeImports(body, modules),
  ].join("");
  return `${header(blueprint)}${imports}\n${body}`;
}
