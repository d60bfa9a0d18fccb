/** `LineStrips`, `Arrows` and `Boxes2D` as straight segments. */
import { boundsOfPositions, center } from "./bounds.js";
import { cellLength, listRange, numberAt, readFloats } from "./cells.js";
import {
  DEFAULT_ARROW_RADIUS,
  DEFAULT_LINE_RADIUS,
  type Draft,
  type EntityContext,
  NO_DRAFT,
  pick,
  readCells,
  resolveColors,
  resolveLabels,
  resolveRadii,
} from "./draft.js";
import type { Vec3 } from "./mat4.js";
import { sampleIndices } from "./reduce.js";
import type { LinesGeometry } from "./scene.js";

const STYLES = ["radii", "colors", "labels", "show_labels", "class_ids"] as const;

/** Segments of instances that are written one after the other. */
class SegmentWriter {
  readonly #segments: number[] = [];
  readonly #instances: number[] = [];

  /** Parts of a segment that are not finite leave it out. */
  add(instance: number, ax: number, ay: number, az: number, bx: number, by: number, bz: number): void {
    const sum = ax + ay + az + bx + by + bz;
    if (sum - sum !== 0) return;
    this.#segments.push(ax, ay, az, bx, by, bz);
    this.#instances.push(instance);
  }

  finish(colors: Uint32Array, radii: Float32Array, cap: LinesGeometry["cap"]): LinesGeometry {
    const segments = Float32Array.from(this.#segments);
    const instances = Uint32Array.from(this.#instances);
    return {
      kind: "lines",
      count: instances.length,
      segments,
      colors: pick(colors, instances, (n) => new Uint32Array(n)),
      radii: pick(radii, instances, (n) => new Float32Array(n)),
      cap,
      instances,
      bounds: boundsOfPositions(segments),
    };
  }
}

/** The entity's line strips. A strip is one instance. */
export function draftLineStrips(context: EntityContext, dimensions: 2 | 3): Draft {
  const { cells, key } = readCells(context, `LineStrips${dimensions}D`, ["strips", ...STYLES]);
  const strips = cells.strips;
  if (strips === undefined) return NO_DRAFT;
  return context.cache.get(key, () => {
    const points = strips.values.children?.[0]?.children?.[0];
    const count = cellLength(strips);
    if (points === undefined) return NO_DRAFT;
    const writer = new SegmentWriter();
    const values = points.values;
    const coordinate =
      values instanceof Float32Array ? (i: number): number => values[i] as number : (i: number): number => numberAt(points, i);
    const pointAt = (i: number): Vec3 => [
      coordinate(i * dimensions),
      coordinate(i * dimensions + 1),
      dimensions === 3 ? coordinate(i * 3 + 2) : 0,
    ];
    for (let strip = 0; strip < count; strip++) {
      const [from, to] = listRange(strips.values, strips.start + strip);
      for (let i = from; i + 1 < to; i++) {
        const k = i * dimensions;
        if (dimensions === 3) {
          writer.add(
            strip,
            coordinate(k),
            coordinate(k + 1),
            coordinate(k + 2),
            coordinate(k + 3),
            coordinate(k + 4),
            coordinate(k + 5),
          );
        } else {
          writer.add(strip, coordinate(k), coordinate(k + 1), 0, coordinate(k + 2), coordinate(k + 3), 0);
        }
      }
    }
    const middleOf = (strip: number): Vec3 | undefined => {
      const [from, to] = listRange(strips.values, strips.start + strip);
      return to > from ? pointAt(Math.floor((from + to - 1) / 2)) : undefined;
    };
    return finishLines(context, cells, count, writer, "round", middleOf);
  });
}

/** The entity's arrows. */
export function draftArrows(context: EntityContext, dimensions: 2 | 3): Draft {
  const { cells, key } = readCells(context, `Arrows${dimensions}D`, ["vectors", "origins", ...STYLES]);
  if (cells.vectors === undefined) return NO_DRAFT;
  return context.cache.get(`${key}|${context.budget}`, () => {
    const vectors = readFloats(cells.vectors, dimensions);
    const origins = readFloats(cells.origins, dimensions);
    const count = Math.floor(vectors.length / dimensions);
    const numOrigins = Math.floor(origins.length / dimensions);
    const originOf = (i: number): Vec3 => {
      if (numOrigins === 0) return [0, 0, 0];
      const k = Math.min(i, numOrigins - 1) * dimensions;
      return [origins[k] as number, origins[k + 1] as number, dimensions === 3 ? (origins[k + 2] as number) : 0];
    };
    const endOf = (i: number): Vec3 => {
      const [x, y, z] = originOf(i);
      const k = i * dimensions;
      return [x + (vectors[k] as number), y + (vectors[k + 1] as number), dimensions === 3 ? z + (vectors[k + 2] as number) : 0];
    };
    const writer = new SegmentWriter();
    const shown = sampleIndices(count, context.budget);
    for (const i of shown) writer.add(i, ...originOf(i), ...endOf(i));
    const middleOf = (i: number): Vec3 => {
      const [a, b] = [originOf(i), endOf(i)];
      return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
    };
    return finishLines(context, cells, count, writer, "arrow", middleOf, shown.length);
  });
}

/** The entity's two-dimensional boxes, as outlines. */
export function draftBoxes2D(context: EntityContext): Draft {
  const { cells, key } = readCells(context, "Boxes2D", ["half_sizes", "centers", ...STYLES]);
  if (cells.half_sizes === undefined) return NO_DRAFT;
  return context.cache.get(`${key}|${context.budget}`, () => {
    const halfSizes = readFloats(cells.half_sizes, 2);
    const centers = readFloats(cells.centers, 2);
    const count = Math.floor(halfSizes.length / 2);
    const edges = (i: number): readonly [number, number, number, number] => {
      const k = Math.min(i, centers.length / 2 - 1) * 2;
      const [x, y] = centers.length === 0 ? [0, 0] : [centers[k] as number, centers[k + 1] as number];
      const [w, h] = [halfSizes[i * 2] as number, halfSizes[i * 2 + 1] as number];
      return [x - w, y - h, x + w, y + h];
    };
    const writer = new SegmentWriter();
    const shown = sampleIndices(count, context.budget);
    for (const i of shown) {
      const [left, top, right, bottom] = edges(i);
      writer.add(i, left, top, 0, right, top, 0);
      writer.add(i, right, top, 0, right, bottom, 0);
      writer.add(i, right, bottom, 0, left, bottom, 0);
      writer.add(i, left, bottom, 0, left, top, 0);
    }
    const labelAt = (i: number): Vec3 => {
      const [left, top, right, bottom] = edges(i);
      return [(left + right) / 2, Math.min(top, bottom), 0];
    };
    return finishLines(context, cells, count, writer, "round", labelAt, shown.length);
  });
}

function finishLines(
  context: EntityContext,
  cells: Parameters<typeof resolveColors>[1] & { readonly radii?: Parameters<typeof resolveRadii>[0] },
  count: number,
  writer: SegmentWriter,
  cap: LinesGeometry["cap"],
  labelAt: (instance: number) => Vec3 | undefined,
  shown: number = count,
): Draft {
  const colors = resolveColors(context, cells, count);
  const radius = cap === "arrow" ? DEFAULT_ARROW_RADIUS : DEFAULT_LINE_RADIUS;
  const geometry = writer.finish(colors, resolveRadii(cells.radii, count, radius), cap);
  return {
    geometries: geometry.count === 0 ? [] : [geometry],
    labels: resolveLabels(context, cells, count, colors, labelAt, () => center(geometry.bounds)),
    shown,
    total: count,
  };
}
