import { compareEntityPaths, isAtOrBelow, lastPart, parentPath } from "../../core/index.js";
import type { EntitySchema } from "../../link/client.js";
import type { ViewClass, ViewSpec } from "./view-query.js";

type Kind = "3d" | "2d" | "image" | "mask" | "scalar" | "log" | "document" | "pinhole" | "viewCoordinates" | "transform";

/** Which component makes an entity something to draw: the one its archetype cannot do without. */
const KIND_OF_COMPONENT: Readonly<Record<string, Kind>> = {
  "Points3D:positions": "3d",
  "LineStrips3D:strips": "3d",
  "Arrows3D:vectors": "3d",
  "Boxes3D:half_sizes": "3d",
  "Ellipsoids3D:half_sizes": "3d",
  "Cylinders3D:lengths": "3d",
  "Capsules3D:lengths": "3d",
  "Mesh3D:vertex_positions": "3d",
  "TransformAxes3D:axis_length": "3d",
  "Image:buffer": "image",
  "EncodedImage:blob": "image",
  "DepthImage:buffer": "image",
  "SegmentationImage:buffer": "mask",
  "Points2D:positions": "2d",
  "LineStrips2D:strips": "2d",
  "Boxes2D:half_sizes": "2d",
  "Arrows2D:vectors": "2d",
  "Scalars:scalars": "scalar",
  "TextLog:text": "log",
  "TextDocument:text": "document",
  "Pinhole:image_from_camera": "pinhole",
  "ViewCoordinates:xyz": "viewCoordinates",
};

const ORDER: readonly ViewClass[] = ["3d", "2d", "time-series", "text-document", "text-log"];

/**
 * The views of a recording without a blueprint, from what is logged where: 3D spaces, images with their 2D annotations,
 * plots by parent entity, documents, one log. In a fixed order, by entity path within a kind.
 */
export function planViews(entities: readonly EntitySchema[]): readonly ViewSpec[] {
  const kinds = new Map<string, ReadonlySet<Kind>>();
  for (const entity of entities) {
    const own = new Set<Kind>();
    for (const { descriptor } of entity.components) {
      const kind = KIND_OF_COMPONENT[descriptor.component];
      if (kind !== undefined) own.add(kind);
    }
    if (own.size > 0) kinds.set(entity.path, own);
  }
  const paths = (...wanted: readonly Kind[]): string[] =>
    [...kinds.keys()].filter((path) => wanted.some((kind) => kinds.get(path)?.has(kind))).sort(compareEntityPaths);
  const pictures = paths("image");
  const parentsOfPictures = new Set(pictures.map(parentPath));
  const isOverlay = (path: string): boolean => !pictures.includes(path) && parentsOfPictures.has(parentPath(path));
  const overlays = paths("mask").filter(isOverlay);
  const images = paths("image", "mask").filter((path) => !overlays.includes(path));
  const views = [
    ...spaces3d(paths("3d", "pinhole"), paths("viewCoordinates"), paths("pinhole"), paths("2d", "image", "mask")),
    ...spaces2d(images, [...paths("2d"), ...overlays]),
    ...plots(paths("scalar")),
    ...paths("document").map((path) => makeView("text-document", path, [path])),
    ...log(paths("log")),
  ];
  return views.sort((a, b) => ORDER.indexOf(a.viewClass) - ORDER.indexOf(b.viewClass));
}

/**
 * The views after the recording grew: those there are keep their place, take in new entities of their kind and are never
 * dropped; new ones come behind.
 */
export function growViews(current: readonly ViewSpec[], planned: readonly ViewSpec[]): readonly ViewSpec[] {
  if (current.length === 0) return planned;
  const taken = new Set<ViewSpec>();
  const grown = current.map((view) => {
    const next = planned.find((candidate) => !taken.has(candidate) && isSuccessor(view, candidate));
    if (next === undefined) return view;
    taken.add(next);
    const isSame = next.origin === view.origin && next.entities.join("\n") === view.entities.join("\n");
    return isSame ? view : { ...next, id: view.id };
  });
  const added = planned.filter((view) => !taken.has(view));
  const isSame = added.length === 0 && grown.every((view, i) => view === current[i]);
  return isSame ? current : [...grown, ...added];
}

/** Whether `next` is what became of `view`: same place, or a space that took over all its entities. */
function isSuccessor(view: ViewSpec, next: ViewSpec): boolean {
  if (view.viewClass !== next.viewClass) return false;
  if (view.id === next.id) return true;
  return view.viewClass !== "time-series" && view.entities.every((path) => next.entities.includes(path));
}

/** One space for all that is 3D, but one of its own for every topmost entity with view coordinates. */
function spaces3d(
  drawn: readonly string[],
  coordinates: readonly string[],
  pinholes: readonly string[],
  flat: readonly string[],
): ViewSpec[] {
  const roots = coordinates.filter(
    (path) => !pinholes.includes(path) && !coordinates.some((other) => other !== path && isAtOrBelow(path, other)),
  );
  const groups = new Map<string, string[]>();
  for (const path of drawn) {
    const root = roots.find((candidate) => isAtOrBelow(path, candidate)) ?? "";
    groups.set(root, [...(groups.get(root) ?? []), path]);
  }
  const views: ViewSpec[] = [];
  for (const [root, members] of groups) {
    const origin = root === "" ? spaceOf(members) : root;
    // What is flat is drawn in 3D when it lies under a pinhole of this space.
    const onPlanes = flat.filter((path) => members.some((member) => pinholes.includes(member) && isAtOrBelow(path, member)));
    views.push(makeView("3d", origin, [...new Set([...members, ...onPlanes])].sort(compareEntityPaths)));
  }
  return views.sort((a, b) => compareEntityPaths(a.origin, b.origin));
}

/**
 * One view per image (an image below another belongs to it) with the 2D entities below and beside it, segmentations beside it
 * among them; the rest in one view.
 */
function spaces2d(images: readonly string[], flat: readonly string[]): ViewSpec[] {
  const origins = images.filter((path) => !images.some((other) => other !== path && isAtOrBelow(path, other)));
  const covered = new Set<string>();
  const views = origins.map((origin) => {
    const parent = parentPath(origin) ?? "/";
    const members = new Set([origin]);
    for (const path of [...images, ...flat]) {
      const isBelow = isAtOrBelow(path, origin);
      const isBeside =
        flat.includes(path) && !images.includes(path) && isAtOrBelow(path, parent) && !isUnderOther(path, origin, origins);
      if (isBelow || isBeside) members.add(path);
    }
    for (const path of members) covered.add(path);
    return makeView("2d", origin, [...members].sort(compareEntityPaths));
  });
  const rest = flat.filter((path) => !covered.has(path));
  return rest.length === 0 ? views : [...views, makeView("2d", spaceOf(rest), rest)];
}

function isUnderOther(path: string, origin: string, origins: readonly string[]): boolean {
  return origins.some((other) => other !== origin && isAtOrBelow(path, other));
}

function plots(scalars: readonly string[]): ViewSpec[] {
  const groups = new Map<string, string[]>();
  for (const path of scalars) {
    const parent = parentPath(path) ?? "/";
    groups.set(parent, [...(groups.get(parent) ?? []), path]);
  }
  return [...groups].map(([parent, members]) => makeView("time-series", parent, members));
}

function log(entities: readonly string[]): ViewSpec[] {
  return entities.length === 0 ? [] : [makeView("text-log", "/", entities)];
}

/** The entity whose space all of these lie in: their common ancestor, and never one of them, so that its own transform counts. */
function spaceOf(paths: readonly string[]): string {
  let ancestor = paths[0] ?? "/";
  while (!paths.every((path) => isAtOrBelow(path, ancestor))) ancestor = parentPath(ancestor) ?? "/";
  return paths.includes(ancestor) ? (parentPath(ancestor) ?? "/") : ancestor;
}

const NAME_OF_ROOT: Readonly<Record<ViewClass, string>> = {
  "3d": "3D",
  "2d": "2D",
  "time-series": "Plot",
  "text-log": "Log",
  "text-document": "Document",
};

function makeView(viewClass: ViewClass, origin: string, entities: readonly string[]): ViewSpec {
  const only = entities.length === 1 ? entities[0] : undefined;
  const named = origin === "/" && only !== undefined ? only : origin;
  // A small plot shows no legend: where it has one series, the title says which.
  const series = viewClass === "time-series" && only !== undefined && only !== named ? `/${lastPart(only)}` : "";
  const name = named === "/" ? NAME_OF_ROOT[viewClass] : lastPart(named) + series;
  return { id: `${viewClass}:${origin}`, viewClass, name, origin, entities };
}
