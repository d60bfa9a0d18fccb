/** One scene object on the GPU: what three.js draws for it, and what can be changed without uploading it again. */
import {
  BufferAttribute,
  type BufferGeometry,
  InstancedBufferAttribute,
  type Material,
  type Object3D,
  Sphere,
  Vector3,
} from "three";
import { type Bounds, center, diagonal } from "../views/spatial/index.js";
import type { FrameUniforms, ObjectUniforms } from "./shader.js";

export interface Drawable {
  readonly object: Object3D & { material: Material };
  readonly draw: Material;
  readonly pick: Material;
}

export interface GpuObject {
  readonly uniforms: ObjectUniforms;
  readonly drawables: readonly Drawable[];
  /** Called before every frame with what the frame's camera needs to know about this object. */
  readonly prepare?: (frame: FrameInfo) => void;
  /** Frees what this object does not share. */
  dispose(): void;
}

export interface FrameInfo {
  /** Device pixels per scene unit at distance 1 (perspective) or everywhere (2D). */
  readonly pixelsPerUnit: number;
  /** Shortest distance from the eye to the object's bounds; 1 in 2D. */
  readonly distance: number;
  readonly modelScale: number;
  readonly uiScale: number;
}

export interface GpuContext {
  readonly frame: FrameUniforms;
  readonly dimensions: 2 | 3;
  readonly maxPointSize: number;
  readonly isSoftware: boolean;
  /** Something made from a geometry, shared by all objects that draw it and freed with the last of them. */
  shared<T extends { dispose(): void }>(owner: object, name: string, make: () => T): T;
}

/** An object of these parts, which owns their materials. */
export function gpuObject(uniforms: ObjectUniforms, drawables: readonly Drawable[]): GpuObject {
  return { uniforms, drawables, dispose: () => disposeMaterials(drawables) };
}

export function disposeMaterials(drawables: readonly Drawable[]): void {
  for (const { draw, pick } of drawables) {
    draw.dispose();
    pick.dispose();
  }
}

/** Packed 0xRRGGBBAA colours as four normalized bytes; they arrive in the shader as alpha, blue, green, red. */
export function colorAttribute(colors: Uint32Array, isInstanced: boolean): BufferAttribute {
  const bytes = new Uint8Array(colors.buffer, colors.byteOffset, colors.byteLength);
  return isInstanced ? new InstancedBufferAttribute(bytes, 4, true) : new BufferAttribute(bytes, 4, true);
}

/** Tells three where the geometry is, so that it does not go through all values to find out. */
export function withBounds<T extends BufferGeometry>(geometry: T, bounds: Bounds): T {
  geometry.boundingSphere = new Sphere(new Vector3(...center(bounds)), diagonal(bounds) / 2);
  return geometry;
}
