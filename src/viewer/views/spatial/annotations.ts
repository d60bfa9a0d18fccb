/** Colours and labels of classes and keypoints, from the nearest `AnnotationContext` at or above an entity. */
import { type ArrayData, classColor, isValidAt, parentPath } from "../../../core/index.js";
import { listRange, numberAt, structField, textAt } from "./cells.js";
import type { EntityReader } from "./entity-index.js";

export interface AnnotationInfo {
  readonly label: string | undefined;
  readonly color: number | undefined;
}

export interface ClassDescription {
  readonly info: AnnotationInfo;
  readonly keypoints: ReadonlyMap<number, AnnotationInfo>;
  readonly connections: readonly (readonly [number, number])[];
}

/** All classes an entity's ids can mean. `key` changes with the annotation context. */
export class Annotations {
  readonly key: string;
  readonly #classes: ReadonlyMap<number, ClassDescription>;

  constructor(key: string, classes: ReadonlyMap<number, ClassDescription>) {
    this.key = key;
    this.#classes = classes;
  }

  describe(classId: number): ClassDescription | undefined {
    return this.#classes.get(classId);
  }

  /** Packed colour: of the keypoint if it has one, else of the class, else made from the class id. */
  color(classId: number, keypointId?: number): number {
    const description = this.#classes.get(classId);
    const keypoint = keypointId === undefined ? undefined : description?.keypoints.get(keypointId);
    return keypoint?.color ?? description?.info.color ?? classColor(classId);
  }

  /** Label of the keypoint if it has one, else of the class. */
  label(classId: number, keypointId?: number): string | undefined {
    const description = this.#classes.get(classId);
    return (keypointId === undefined ? undefined : description?.keypoints.get(keypointId)?.label) ?? description?.info.label;
  }
}

export const NO_ANNOTATIONS: Annotations = new Annotations("", new Map());

const COMPONENT = "AnnotationContext:context";

/** The annotations that hold at the entity. Parsed once per cell: keep one cache for the life of a view. */
export function findAnnotations(reader: EntityReader, entityPath: string, cache: Map<string, Annotations>): Annotations {
  for (let path: string | undefined = entityPath; path !== undefined; path = parentPath(path)) {
    const cell = reader.cell(path, COMPONENT);
    if (cell === undefined) continue;
    let annotations = cache.get(cell.key);
    if (annotations === undefined) {
      if (cache.size > 64) cache.clear();
      annotations = new Annotations(cell.key, parseContext(cell.values, cell.start));
      cache.set(cell.key, annotations);
    }
    return annotations;
  }
  return NO_ANNOTATIONS;
}

function parseContext(contexts: ArrayData, index: number): ReadonlyMap<number, ClassDescription> {
  const classes = new Map<number, ClassDescription>();
  const elements = contexts.children?.[0];
  if (elements === undefined) return classes;
  const ids = structField(elements, "class_id");
  const descriptions = structField(elements, "class_description");
  const infos = descriptions && structField(descriptions, "info");
  const keypoints = descriptions && structField(descriptions, "keypoint_annotations");
  const connections = descriptions && structField(descriptions, "keypoint_connections");
  const [from, to] = listRange(contexts, index);
  for (let i = from; i < to; i++) {
    classes.set(numberAt(ids, i), {
      info: parseInfo(infos, i),
      keypoints: new Map(itemsOf(keypoints, i).map(([items, k]) => [numberAt(structField(items, "id"), k), parseInfo(items, k)])),
      connections: itemsOf(connections, i).map(([items, k]) => [
        numberAt(structField(items, "keypoint0"), k),
        numberAt(structField(items, "keypoint1"), k),
      ]),
    });
  }
  return classes;
}

function itemsOf(list: ArrayData | undefined, index: number): readonly (readonly [ArrayData, number])[] {
  const items = list?.children?.[0];
  if (list === undefined || items === undefined) return [];
  const [from, to] = listRange(list, index);
  return Array.from({ length: to - from }, (_, i) => [items, from + i] as const);
}

function parseInfo(infos: ArrayData | undefined, index: number): AnnotationInfo {
  if (infos === undefined) return { label: undefined, color: undefined };
  const colors = structField(infos, "color");
  return {
    label: textAt(structField(infos, "label"), index),
    color: colors !== undefined && isValidAt(colors, index) ? numberAt(colors, index) : undefined,
  };
}
