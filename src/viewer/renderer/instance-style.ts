/** Colour and radius of instances: a uniform when all have the same, an attribute when each has its own. */
import {
  BufferAttribute,
  type BufferGeometry,
  DoubleSide,
  InstancedBufferAttribute,
  type IUniform,
  type Side,
  Vector4,
} from "three";
import { unpackColor } from "../../core/index.js";
import { colorAttribute, type GpuContext } from "./gpu-object.js";

/** What a geometry says about its instances; one item = it holds for all. */
export interface InstanceStyle {
  /** 0xRRGGBBAA. */
  readonly colors: Uint32Array;
  readonly radii?: Float32Array;
}

/** GLSL of a vertex shader: `instanceColor()`. */
export const INSTANCE_COLOR = `
#ifdef PER_COLOR
in vec4 color;
vec4 instanceColor() { return color.abgr; }
#else
uniform vec4 uColor;
vec4 instanceColor() { return uColor; }
#endif
`;

/** GLSL of a vertex shader: `instanceRadius()`. */
export const INSTANCE_RADIUS = `
#ifdef PER_RADIUS
in float radius;
float instanceRadius() { return radius; }
#else
uniform float uRadius;
float instanceRadius() { return uRadius; }
#endif
`;

export function styleUniforms({ colors, radii }: InstanceStyle): { readonly [name: string]: IUniform } {
  return { uColor: { value: colorVector(colors[0] ?? 0) }, uRadius: { value: radii?.[0] ?? 0 } };
}

export function styleDefines({ colors, radii }: InstanceStyle): { readonly [name: string]: number } {
  return { ...(colors.length > 1 ? { PER_COLOR: 1 } : {}), ...((radii?.length ?? 0) > 1 ? { PER_RADIUS: 1 } : {}) };
}

/**
 * How discs and lines are drawn. In 2D, edges are smoothed by mixing colours; in 3D that would need an order, so multisampling
 * does it.
 */
export function smoothedEdges({ dimensions }: GpuContext): {
  readonly side: Side;
  readonly hasDepth: boolean;
  readonly hasCoverage: boolean;
  readonly isTransparent: boolean;
} {
  const is3D = dimensions === 3;
  return { side: DoubleSide, hasDepth: is3D, hasCoverage: is3D, isTransparent: !is3D };
}

/** Uploads what each instance has of its own. */
export function setStyleAttributes(buffers: BufferGeometry, { colors, radii }: InstanceStyle, isInstanced: boolean): void {
  if (colors.length > 1) buffers.setAttribute("color", colorAttribute(colors, isInstanced));
  if (radii === undefined || radii.length <= 1) return;
  buffers.setAttribute("radius", isInstanced ? new InstancedBufferAttribute(radii, 1) : new BufferAttribute(radii, 1));
}

/** A packed colour as shares 0 … 1 of red, green, blue and opacity. */
export function colorVector(color: number): Vector4 {
  return new Vector4(...unpackColor(color).map((byte) => byte / 255));
}
