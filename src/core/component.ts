/** What a column of a chunk means: written as `rerun:component`, `rerun:archetype`, `rerun:component_type`. */
export interface ComponentDescriptor {
  /** Identifier, unique within an entity: `Points3D:positions`, or any text for `AnyValues`. */
  readonly component: string;
  /** Full archetype name: `rerun.archetypes.Points3D`. */
  readonly archetype?: string;
  /** Full component type name: `rerun.components.Position3D`. */
  readonly componentType?: string;
}

/** Order of descriptors in a file: archetype-less first, then by archetype, component, component type. */
export function compareDescriptors(a: ComponentDescriptor, b: ComponentDescriptor): number {
  return (
    compareText(a.archetype ?? "", b.archetype ?? "") ||
    compareText(a.component, b.component) ||
    compareText(a.componentType ?? "", b.componentType ?? "")
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
