/** The window onto a two-dimensional space (x right, y down): pure values and steps. */
import { type Bounds, isEmpty } from "../bounds.js";

export interface PanZoom {
  /** Point of the space in the middle of the view. */
  readonly centerX: number;
  readonly centerY: number;
  /** Screen pixels (CSS) per unit of the space. */
  readonly scale: number;
}

export interface ViewSize {
  readonly width: number;
  readonly height: number;
}

const MIN_SCALE = 1e-4;
/** One image pixel fills at most this many screen pixels. */
const MAX_SCALE = 400;
const MARGIN = 0.96;

/** Shows the whole of `bounds` with a small margin. */
export function fitBounds(bounds: Bounds, size: ViewSize): PanZoom {
  if (isEmpty(bounds)) return { centerX: 0, centerY: 0, scale: 1 };
  const width = bounds.max[0] - bounds.min[0];
  const height = bounds.max[1] - bounds.min[1];
  const scale = Math.min(
    width > 0 ? size.width / width : Number.POSITIVE_INFINITY,
    height > 0 ? size.height / height : Number.POSITIVE_INFINITY,
  );
  return {
    centerX: (bounds.min[0] + bounds.max[0]) / 2,
    centerY: (bounds.min[1] + bounds.max[1]) / 2,
    scale: Number.isFinite(scale) && scale > 0 ? Math.min(MAX_SCALE, scale * MARGIN) : 1,
  };
}

/** Follows a drag of `dx`, `dy` screen pixels. */
export function panBy(view: PanZoom, dx: number, dy: number): PanZoom {
  return { ...view, centerX: view.centerX - dx / view.scale, centerY: view.centerY - dy / view.scale };
}

/** Enlarges by `factor`; the point under the cursor at (`x`, `y`) screen pixels from the middle stays where it is. */
export function zoomAt(view: PanZoom, factor: number, x: number, y: number): PanZoom {
  const scale = Math.max(MIN_SCALE, Math.min(MAX_SCALE, view.scale * factor));
  return {
    scale,
    centerX: view.centerX + x / view.scale - x / scale,
    centerY: view.centerY + y / view.scale - y / scale,
  };
}

/** Point of the space at (`x`, `y`) screen pixels from the view's upper left corner. */
export function spaceAt(view: PanZoom, x: number, y: number, size: ViewSize): readonly [number, number] {
  return [view.centerX + (x - size.width / 2) / view.scale, view.centerY + (y - size.height / 2) / view.scale];
}
