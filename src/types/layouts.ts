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
  const fields = parseFields(ARCHETYPE_FIELDS[short] as string, `rerun.archetypes.${short}`, plainComponent);
  fieldsByArchetype.set(short, fields);
  return fields;
}

/** Full name and type of a component. */
export interface NamedComponent {
  readonly componentType: string;
  readonly type: DataType;
}

/**
 * The fields of an archetype in the order of a file.
 *
 * @param entries `field:Component` of each field, with blanks between
 * @param archetype full name of the archetype
 */
export function parseFields(
  entries: string,
  archetype: string,
  componentOf: (short: string) => NamedComponent,
): readonly ArchetypeField[] {
  const short = archetype.slice(archetype.lastIndexOf(".") + 1);
  const fields = entries.split(" ").map((entry) => {
    const [name, component] = entry.split(":") as [string, string];
    const { componentType, type } = componentOf(component);
    return { name, component, layout: { descriptor: { component: `${short}:${name}`, archetype, componentType }, type } };
  });
  return fields.sort((a, b) => compareDescriptors(a.layout.descriptor, b.layout.descriptor));
}

/** A component by name without `rerun.components.`. */
export function plainComponent(short: string): NamedComponent {
  return { componentType: `rerun.components.${short}`, type: COMPONENT_TYPES[short]?.type as DataType };
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
