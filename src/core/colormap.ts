/** Scalar values to colours: Rerun's colour maps as tables of 256 entries. */
import { COLORMAP_STOPS } from "./colormap-data.js";
import { packColor } from "./colors.js";

/** Numbers of the `Colormap` component. */
export const COLORMAP_TURBO = 5;
const NAMES: Readonly<Record<number, string>> = {
  1: "grayscale",
  2: "inferno",
  3: "magma",
  4: "plasma",
  5: "turbo",
  6: "viridis",
  7: "cyanToYellow",
  8: "spectral",
  9: "twilight",
  10: "rvizMap",
  11: "rvizCostmap",
  12: "rvizCostmap",
};

const tables = new Map<string, Uint32Array>();

/** 256 packed colours of the colour map; an unknown number gives Turbo. */
export function colormapTable(colormap: number): Uint32Array {
  const name = NAMES[colormap] ?? "turbo";
  let table = tables.get(name);
  if (table === undefined) {
    table = Uint32Array.from({ length: 256 }, (_, i) => colorAt(name, i));
    tables.set(name, table);
  }
  return table;
}

function colorAt(name: string, index: number): number {
  const t = index / 255;
  switch (name) {
    case "grayscale":
      return packColor(index, index, index, 255);
    case "cyanToYellow":
      return cyanToYellow(t);
    case "rvizMap":
      return rvizMap(index);
    case "rvizCostmap":
      return rvizCostmap(index);
    default:
      return mixStops(COLORMAP_STOPS[name] ?? "", t);
  }
}

function mixStops(stops: string, t: number): number {
  const place = t * (stops.length / 6 - 1);
  const from = Math.min(Math.floor(place), stops.length / 6 - 2);
  const share = place - from;
  const channel = (offset: number): number => {
    const byte = (stop: number): number => Number.parseInt(stops.slice(stop * 6 + offset, stop * 6 + offset + 2), 16);
    return Math.round(byte(from) * (1 - share) + byte(from + 1) * share);
  };
  return packColor(channel(0), channel(2), channel(4), 255);
}

/** Cyan, blue, dark in the middle, red, yellow: for values around zero. */
function cyanToYellow(t: number): number {
  const x = t * 2 - 1;
  const byte = (v: number): number => Math.round(255 * Math.min(1, Math.max(0, v)));
  const far = Math.min(1, Math.abs(x) * 2);
  const further = Math.abs(x) * 2 - 1;
  return x < 0 ? packColor(0, byte(further), byte(far), 255) : packColor(byte(far), byte(further), 0, 255);
}

/** RViz's map colours: 0 free (white) … 100 occupied (black), above it illegal (green, red to yellow), 255 unknown. */
function rvizMap(value: number): number {
  if (value <= 100) {
    const grey = Math.round(255 - (255 * value) / 100);
    return packColor(grey, grey, grey, 255);
  }
  if (value <= 127) return packColor(0, 255, 0, 255);
  if (value <= 254) return packColor(255, Math.round((255 * (value - 128)) / 126), 0, 255);
  return packColor(0x70, 0x89, 0x86, 255);
}

/** RViz's cost colours: 0 is see-through, 1 … 98 blue to red, 99 cyan, 100 magenta, above it as in the map. */
function rvizCostmap(value: number): number {
  if (value === 0) return 0;
  if (value <= 98) {
    const v = Math.round((255 * value) / 100);
    return packColor(v, 0, 255 - v, 255);
  }
  if (value === 99) return packColor(0, 255, 255, 255);
  if (value === 100) return packColor(255, 0, 255, 255);
  return rvizMap(value);
}
