/** Colours of things that bring none: by entity, by series, or by class. Packed as 0xRRGGBBAA. */

/** Twelve hues that keep apart from each other and from both themes' backgrounds. */
const ENTITY_COLORS: readonly number[] = [
  0x3f83e8ff, 0xe0803aff, 0x3aa876ff, 0xd9536fff, 0x8f6fe0ff, 0xc39a1fff, 0x2fa5b8ff, 0xcf63b5ff, 0x7f9f35ff, 0xb5745aff,
  0x6a88b8ff, 0xe06048ff,
];

/** The colour of an entity without colours: the same path always has the same one. */
export function entityColor(entityPath: string): number {
  let hash = 2166136261;
  for (let i = 0; i < entityPath.length; i++) hash = Math.imul(hash ^ entityPath.charCodeAt(i), 16777619);
  // FNV's low bits alone repeat for paths that differ in the last letter by a multiple of the palette's size.
  hash ^= hash >>> 15;
  return ENTITY_COLORS[(hash >>> 0) % ENTITY_COLORS.length] as number;
}

/**
 * The colour of a series without one: `instance` of an entity in a plot of `entityPaths`. Series of one plot get different colours
 * as long as there are enough; alone in its plot an entity keeps its own.
 */
export function seriesColor(entityPaths: readonly string[], entityPath: string, instance: number): number {
  const first = entityPaths.length > 1 ? entityPaths.indexOf(entityPath) : ENTITY_COLORS.indexOf(entityColor(entityPath));
  return ENTITY_COLORS[(first + instance) % ENTITY_COLORS.length] as number;
}

/** The colour of a class without one in the annotation context: as in Rerun, hues a golden ratio apart. */
export function classColor(classId: number): number {
  const hue = (classId * ((Math.sqrt(5) - 1) / 2)) % 1;
  const [saturation, value] = [0.85, 0.5];
  const channel = (offset: number): number => {
    const k = (offset + hue * 6) % 6;
    const linear = value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1));
    return linearToByte(linear);
  };
  return packColor(channel(5), channel(3), channel(1), 255);
}

/** Four bytes as one number. */
export function packColor(r: number, g: number, b: number, a: number): number {
  return ((r << 24) | (g << 16) | (b << 8) | a) >>> 0;
}

/** Red, green, blue, alpha as bytes. */
export function unpackColor(color: number): readonly [number, number, number, number] {
  return [color >>> 24, (color >>> 16) & 255, (color >>> 8) & 255, color & 255];
}

function linearToByte(linear: number): number {
  return Math.round(255 * (linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055));
}
