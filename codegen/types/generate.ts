import { writeArchetypeFields, writeArchetypes, writeComponents, writeFields } from "./archetypes.js";
import { generateBlueprint } from "./blueprint.js";
import { writeComponentTypes, writeDataTypes } from "./data-types.js";
import type { BlueprintDefinitions, Definitions } from "./definitions.js";
import { writeConstants, writeEnums, writeEnumTables } from "./enums.js";
import { writeLikes } from "./likes.js";

/** Names and texts of all generated files, not yet formatted. */
export function generateTypes(definitions: Definitions, blueprint: BlueprintDefinitions): ReadonlyMap<string, string> {
  const dataTypes = writeDataTypes(definitions);
  return new Map([
    ["data-types.ts", dataTypes.text],
    ["component-types.ts", writeComponentTypes(definitions, dataTypes.names)],
    ["enums.ts", writeEnums(definitions)],
    ["enum-tables.ts", writeEnumTables(definitions)],
    ["constants.ts", writeConstants(definitions)],
    ["likes.ts", writeLikes(definitions)],
    ["components.ts", writeComponents(definitions)],
    ["archetype-fields.ts", writeArchetypeFields(definitions)],
    ["fields.ts", writeFields(definitions)],
    ["archetypes.ts", writeArchetypes(definitions)],
    ...generateBlueprint(definitions, blueprint, dataTypes.names),
  ]);
}
