/** The columns of a recording as one table has them: in dataframes, and in the index of a file. */
import { type ComponentDescriptor, type DataType, type Field, field, type Timeline } from "../core/index.js";
import {
  KEY_ARCHETYPE,
  KEY_COMPONENT,
  KEY_COMPONENT_TYPE,
  KEY_ENTITY_PATH,
  KEY_INDEX_NAME,
  KEY_KIND,
  timelineDataType,
} from "./ipc/chunk-metadata.js";

const PROPERTIES = "/__properties";
const CLEAR = "rerun.archetypes.Clear";

/** One component of one entity, as a column. */
export interface ComponentColumnInfo {
  /** Canonical text. */
  readonly entityPath: string;
  readonly descriptor: ComponentDescriptor;
  /** Type of a cell: a list. */
  readonly type: DataType;
  readonly isStatic: boolean;
  /** Whether no cell has an instance. */
  readonly isEmpty: boolean;
}

/** Whether the path is that of the recording's properties, or lies below it. */
export function isPropertyPath(entityPath: string): boolean {
  return entityPath === PROPERTIES || entityPath.startsWith(`${PROPERTIES}/`);
}

/** Whether the component says that an entity was cleared. */
export function isTombstone(descriptor: ComponentDescriptor): boolean {
  return descriptor.archetype === CLEAR;
}

/** `/world/points:Points3D:positions`; for properties `property:RecordingInfo:name`. */
export function componentColumnName(entityPath: string, component: string): string {
  if (!isPropertyPath(entityPath)) return `${entityPath}:${component}`;
  const rest = entityPath.slice(PROPERTIES.length + 1);
  return rest === "" ? `property:${component}` : `property:${rest}:${component}`;
}

/** The field of a component's column, with all of Rerun's metadata. */
export function componentColumnField(column: ComponentColumnInfo): Field {
  const metadata = descriptorMetadata(column.descriptor);
  metadata.set(KEY_ENTITY_PATH, column.entityPath);
  if (column.isEmpty) metadata.set("rerun:is_semantically_empty", "true");
  if (column.isStatic) metadata.set("rerun:is_static", "true");
  if (isTombstone(column.descriptor)) metadata.set("rerun:is_tombstone", "true");
  metadata.set(KEY_KIND, "data");
  return field(componentColumnName(column.entityPath, column.descriptor.component), column.type, true, metadata);
}

/** The field of a timeline's column. */
export function timelineColumnField(timeline: Timeline): Field {
  const metadata = new Map([
    [KEY_INDEX_NAME, timeline.name],
    [KEY_KIND, "index"],
  ]);
  return field(timeline.name, timelineDataType(timeline), true, metadata);
}

/** What names a component in a field's metadata. */
export function descriptorMetadata({ archetype, component, componentType }: ComponentDescriptor): Map<string, string> {
  const metadata = new Map<string, string>();
  if (archetype !== undefined) metadata.set(KEY_ARCHETYPE, archetype);
  metadata.set(KEY_COMPONENT, component);
  if (componentType !== undefined) metadata.set(KEY_COMPONENT_TYPE, componentType);
  return metadata;
}
