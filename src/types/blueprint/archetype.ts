import type { DataType } from "../../core/index.js";
import { type ArchetypeInfo, archetypeInfo } from "../archetype.js";
import { BLUEPRINT_ARCHETYPE_FIELDS } from "../gen/blueprint-archetype-fields.js";
import { BLUEPRINT_COMPONENT_TYPES } from "../gen/blueprint-component-types.js";
import { type NamedComponent, parseFields, plainComponent } from "../layouts.js";
import { blueprintEncoderOf } from "./encoders.js";

/** Fields and encoders of a blueprint archetype, by name without `rerun.blueprint.archetypes.`. */
export function blueprintArchetypeOf(name: string): ArchetypeInfo {
  const entries = BLUEPRINT_ARCHETYPE_FIELDS[name];
  if (entries === undefined) throw new Error(`unknown blueprint archetype ${name}`);
  const fields = parseFields(entries, `rerun.blueprint.archetypes.${name}`, namedComponent);
  return archetypeInfo(name, fields, blueprintEncoderOf);
}

/** A component of blueprints, else of recordings: their names differ. */
function namedComponent(short: string): NamedComponent {
  return short in BLUEPRINT_COMPONENT_TYPES
    ? { componentType: `rerun.blueprint.components.${short}`, type: typeOf(short) }
    : plainComponent(short);
}

/** Type of one instance of a component of blueprints. */
function typeOf(short: string): DataType {
  return BLUEPRINT_COMPONENT_TYPES[short]?.type as DataType;
}
