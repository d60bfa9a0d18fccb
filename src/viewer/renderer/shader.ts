/** What all shaders here share: marking of hovered and selected elements, ids for picking, materials and their uniforms. */
import {
  type Blending,
  CustomBlending,
  GLSL3,
  type IUniform,
  NoBlending,
  OneFactor,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  type Side,
  SrcAlphaFactor,
  Vector2,
  Vector4,
} from "three";

/** Ranges of elements that are marked: the first is hovered, the others are selected. */
export const NUM_MARKS = 5;

/** Set once per frame, the same for all objects of a view. */
export interface FrameUniforms {
  /** Pixels the clip space spans. */
  readonly uViewport: IUniform<Vector2>;
  /** Device pixels per UI point. */
  readonly uUiScale: IUniform<number>;
  /** Device pixels per scene unit at clip w = 1. */
  readonly uPixelsPerUnit: IUniform<number>;
  readonly uNear: IUniform<number>;
  /** 1 when edges are smoothed by multisampling. */
  readonly uSmooth: IUniform<number>;
  readonly uHoverColor: IUniform<Vector4>;
  readonly uSelectColor: IUniform<Vector4>;
}

export function createFrameUniforms(): FrameUniforms {
  return {
    uViewport: { value: new Vector2(1, 1) },
    uUiScale: { value: 1 },
    uPixelsPerUnit: { value: 1 },
    uNear: { value: 0.1 },
    uSmooth: { value: 0 },
    uHoverColor: { value: new Vector4(1, 1, 1, 0.4) },
    uSelectColor: { value: new Vector4(0, 0, 1, 0.7) },
  };
}

/** Set per object. */
export interface ObjectUniforms {
  readonly uObject: IUniform<number>;
  readonly uModelScale: IUniform<number>;
  /** `NUM_MARKS` pairs: first and last element; none when the first is greater. */
  readonly uMarks: IUniform<Int32Array>;
}

export function createObjectUniforms(): ObjectUniforms {
  return { uObject: { value: 0 }, uModelScale: { value: 1 }, uMarks: { value: noMarks() } };
}

export function noMarks(): Int32Array {
  return Int32Array.from({ length: NUM_MARKS * 2 }, (_, i) => (i % 2 === 0 ? 1 : 0));
}

export const VERTEX_HEAD: string = `
precision highp float;
precision highp int;
uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
uniform vec2 uViewport;
uniform float uUiScale;
uniform float uPixelsPerUnit;
uniform float uNear;
uniform float uModelScale;
uniform ivec2 uMarks[${NUM_MARKS}];
flat out int vElement;
flat out int vMark;
int markOf(int element) {
  if (element >= uMarks[0].x && element <= uMarks[0].y) return 1;
  for (int i = 1; i < ${NUM_MARKS}; i++) if (element >= uMarks[i].x && element <= uMarks[i].y) return 2;
  return 0;
}
float pixelRadius(float radius, float w) {
  return radius < 0.0 ? -radius * uUiScale : radius * uModelScale * uPixelsPerUnit / max(w, 1e-6);
}
`;

/** `emit(color)` ends every fragment: it writes the marked colour, or the ids when picking. */
export const FRAGMENT_HEAD: string = `
precision highp float;
precision highp int;
flat in int vElement;
flat in int vMark;
uniform float uSmooth;
#ifdef PICK
uniform float uObject;
layout(location = 0) out highp uvec4 outIds;
void emit(vec4 color) { outIds = uvec4(uint(uObject), uint(vElement), floatBitsToUint(gl_FragCoord.z), 1u); }
#else
uniform vec4 uHoverColor;
uniform vec4 uSelectColor;
layout(location = 0) out highp vec4 outColor;
void emit(vec4 color) {
  if (vMark == 2) color = vec4(mix(color.rgb, uSelectColor.rgb, uSelectColor.a), max(color.a, min(1.0, color.a * 1.6)));
  if (vMark == 1) color = vec4(mix(color.rgb, uHoverColor.rgb, uHoverColor.a), max(color.a, min(1.0, color.a * 1.6)));
#ifndef BLEND
  // Without multisampling there is no coverage to tell: the picture stays opaque.
  if (uSmooth < 0.5) color.a = 1.0;
#endif
  outColor = color;
}
#endif
vec3 lit(vec3 color, vec3 normal) {
  // A light over the viewer's left shoulder and some from below, so that no side is black.
  float key = max(dot(normal, normalize(vec3(-0.35, 0.55, 0.75))), 0.0);
  return color * (0.5 + 0.12 * normal.y + 0.5 * key);
}
`;

export interface MaterialOptions {
  readonly vertex: string;
  readonly fragment: string;
  readonly uniforms: { readonly [name: string]: IUniform };
  readonly defines?: Readonly<Record<string, number>>;
  readonly side: Side;
  readonly isTransparent?: boolean;
  readonly hasDepth: boolean;
  /** Smooth edges by multisampling: the shader's alpha is how much of the pixel is covered. */
  readonly hasCoverage?: boolean;
}

/** The material to draw with and the one to pick with; both look at the same uniforms. */
export function createMaterials(options: MaterialOptions): {
  readonly draw: RawShaderMaterial;
  readonly pick: RawShaderMaterial;
} {
  const make = (isPick: boolean): RawShaderMaterial =>
    new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX_HEAD + options.vertex,
      fragmentShader: FRAGMENT_HEAD + options.fragment,
      uniforms: { ...options.uniforms },
      defines: { ...options.defines, ...(isPick ? { PICK: 1 } : options.isTransparent === true ? { BLEND: 1 } : {}) },
      side: options.side,
      depthTest: options.hasDepth,
      depthWrite: options.hasDepth && options.isTransparent !== true,
      ...(isPick ? { blending: NoBlending } : blendingOf(options.isTransparent === true)),
      transparent: !isPick && (options.isTransparent === true || !options.hasDepth),
      alphaToCoverage: !isPick && options.hasCoverage === true,
    });
  return { draw: make(false), pick: make(true) };
}

/** Colours mix, the picture itself stays opaque. */
function blendingOf(isTransparent: boolean): { blending: Blending } & Record<string, unknown> {
  if (!isTransparent) return { blending: NoBlending };
  return {
    blending: CustomBlending,
    blendSrc: SrcAlphaFactor,
    blendDst: OneMinusSrcAlphaFactor,
    blendSrcAlpha: OneFactor,
    blendDstAlpha: OneMinusSrcAlphaFactor,
  };
}
