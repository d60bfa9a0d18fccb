import { compareDescriptors, type DataType } from "../core/index.js";
import type { ComponentLayout } from "./component-batch.js";
import { ARCHETYPE_FIELDS } from "./gen/archetype-fields.js";
import { COMPONENT_TYPES } from "./gen/component-types.js";

/** A field of an archetype: its name in the schema, its component's name without `rerun.components.`, its layout. */
export interface ArchetypeField {
  readonly name: string;
  readonly component: string;
  readonly layout: ComponentLayout;
}

const fieldsByArchetype = new Map<string, readonly ArchetypeField[]>();

/** The fields of an archetype (name without `rerun.archetypes.`), in the order of a file; `undefined` when there is no such archetype. */
export function archetypeFields(short: string): readonly ArchetypeField[] | undefined {
  const known = fieldsByArchetype.get(short);
  if (known !== undefined || !Object.hasOwn(ARCHETYPE_FIELDS, short)) return known;
  const archetype = `rerun.archetypes.${short}`;
  const fields = (ARCHETYPE_FIELDS[short] as string).split(" ").map((entry) => {
    const [name, component] = entry.split(":") as [string, string];
    const descriptor = { component: `${short}:${name}`, archetype, componentType: `rerun.components.${component}` };
    return { name, component, layout: { descriptor, type: COMPONENT_TYPES[component]?.type as DataType } };
  });
  fields.sort((a, b) => compareDescriptors(a.layout.descriptor, b.layout.descriptor));
  fieldsByArchetype.set(short, fields);
  return fields;
}

/**
 * Descriptor and type of a component of a known archetype.
 *
 * @param identifier `Points3D:positions`
 */
export function componentLayout(identifier: string): ComponentLayout | undefined {
  const colon = identifier.indexOf(":");
  if (colon < 0) return undefined;
  const fields = archetypeFields(identifier.slice(0, colon));
  return fields?.find((field) => field.layout.descriptor.component === identifier)?.layout;
}

/** Type of one instance of a component, by full name `rerun.components.Color`. */
export function componentType(name: string): DataType | undefined {
  const short = name.startsWith("rerun.components.") ? name.slice("rerun.components.".length) : name;
  return Object.hasOwn(COMPONENT_TYPES, short) ? COMPONENT_TYPES[short]?.type : undefined;
}

/** Names of all archetypes, without `rerun.archetypes.`. */
export function archetypeNames(): readonly string[] {
  return Object.keys(ARCHETYPE_FIELDS);
}
