import {
  type ComponentColumnInfo,
  componentColumnField,
  componentColumnName,
  isTombstone,
  timelineColumnField,
} from "../../../chunk/index.js";
import {
  compareDescriptors,
  compareEntityPaths,
  dataTypeKey,
  type Field,
  listOf,
  RerunError,
  sameDataType,
  type Timeline,
} from "../../../core/index.js";
import type { ChunkSource } from "../../chunk-source.js";

/** One recording of a dataset. */
export interface FrameSegment {
  /** Unique in the dataset: the recording's id. */
  readonly id: string;
  /** Where it comes from, for messages: a path, a URL. */
  readonly origin: string;
  readonly source: ChunkSource;
  /** What it is joined of, when that is more than one source: they may not agree. */
  readonly parts?: readonly Omit<FrameSegment, "id" | "parts">[] | undefined;
}

/** A component of an entity as a column of a dataframe. */
export interface FrameColumn extends ComponentColumnInfo {
  readonly name: string;
  readonly isTombstone: boolean;
}

/** What the segments of a dataset hold together. */
export interface FrameSchema {
  /** By name. */
  readonly timelines: readonly Timeline[];
  /** By entity path, then archetype (those without first) and component. */
  readonly columns: readonly FrameColumn[];
}

/**
 * The columns of all segments together. A column is static when any segment has static data of it, and empty when none has an
 * instance.
 *
 * @param onConflict hears when two segments, or two parts of one, mean different things by one timeline or component; both are named.
 * The first one's meaning is kept. Default: it is thrown
 * @throws RerunError `InvalidData`
 */
export function frameSchema(segments: readonly FrameSegment[], onConflict: (error: RerunError) => void = raise): FrameSchema {
  const timelines = new Map<string, { readonly timeline: Timeline; readonly origin: string }>();
  const columns = new Map<string, { column: FrameColumn; readonly origin: string }>();
  for (const { source, origin } of segments.flatMap((segment) => segment.parts ?? [segment])) {
    for (const timeline of source.timelines) {
      const known = timelines.get(timeline.name);
      if (known === undefined) timelines.set(timeline.name, { timeline, origin });
      else if (known.timeline.type !== timeline.type) {
        const [a, b] = [`a ${known.timeline.type} in ${known.origin}`, `a ${timeline.type} in ${origin}`];
        onConflict(conflict(`Timeline "${timeline.name}"`, a, b));
      }
    }
    for (const { path, components } of source.entities) {
      for (const { descriptor, type, isStatic, isEmpty } of components) {
        const name = componentColumnName(path, descriptor.component);
        const column: FrameColumn = {
          name,
          entityPath: path,
          descriptor,
          type: listOf(type),
          isStatic,
          isEmpty,
          isTombstone: isTombstone(descriptor),
        };
        const known = columns.get(name);
        if (known === undefined) columns.set(name, { column, origin });
        else {
          if (!sameDataType(known.column.type, column.type)) {
            const [a, b] = [known.column.type, column.type].map(dataTypeKey);
            onConflict(conflict(`Column "${name}"`, `${a} in ${known.origin}`, `${b} in ${origin}`));
            continue;
          }
          known.column = {
            ...known.column,
            isStatic: known.column.isStatic || isStatic,
            isEmpty: known.column.isEmpty && isEmpty,
          };
        }
      }
    }
  }
  return {
    timelines: Array.from(timelines.values(), ({ timeline }) => timeline).sort((a, b) => (a.name < b.name ? -1 : 1)),
    columns: Array.from(columns.values(), ({ column }) => column).sort(compareColumns),
  };
}

/** All of a schema as fields: timelines, then components. */
export function schemaFields(schema: FrameSchema): Field[] {
  return [...schema.timelines.map(timelineColumnField), ...schema.columns.map(componentColumnField)];
}

function compareColumns(a: FrameColumn, b: FrameColumn): number {
  return compareEntityPaths(a.entityPath, b.entityPath) || compareDescriptors(a.descriptor, b.descriptor);
}

function raise(error: RerunError): never {
  throw error;
}

function conflict(what: string, a: string, b: string): RerunError {
  const advice = "Query them apart: filterSegments, or openDataset for each";
  return new RerunError("InvalidData", `${what} is not the same in all recordings: ${a}, ${b}. ${advice}`);
}
