/** Lines of any width with round ends or arrow heads: one instance of a rectangle per segment, turned to the viewer. */
import {
  BufferAttribute,
  BufferGeometry,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  LineSegments,
  Mesh,
} from "three";
import type { LinesGeometry } from "../views/spatial/index.js";
import { colorAttribute, type Drawable, type GpuContext, type GpuObject, gpuObject, withBounds } from "./gpu-object.js";
import {
  INSTANCE_COLOR,
  INSTANCE_RADIUS,
  setStyleAttributes,
  smoothedEdges,
  styleDefines,
  styleUniforms,
} from "./instance-style.js";
import { createMaterials, createObjectUniforms } from "./shader.js";

/** With more segments, lines are drawn one pixel wide: software rasterizers need 20 µs for one wide segment. */
const MAX_WIDE_SOFTWARE = 20_000;
const MAX_WIDE = 1_000_000;

const WIDE_VERTEX = `${INSTANCE_COLOR}${INSTANCE_RADIUS}
out vec4 vColor;
in vec2 corner;
in vec3 start;
in vec3 end;
out vec2 vPlace;
flat out float vLength;
flat out float vRadius;
float radiusAt(float w) {
  float px = max(pixelRadius(instanceRadius(), w), 0.5);
  return vMark != 0 ? px + uUiScale : px;
}
void main() {
  vElement = gl_InstanceID;
  vMark = markOf(vElement);
  vColor = instanceColor();
  vec4 a = modelViewMatrix * vec4(start, 1.0);
  vec4 b = modelViewMatrix * vec4(end, 1.0);
  bool isBehind = false;
#ifdef PERSPECTIVE
  // What is behind the eye has no place on the screen: cut the segment where it passes the near plane.
  isBehind = a.z > -uNear && b.z > -uNear;
  if (a.z > -uNear) a = mix(a, b, (-uNear - a.z) / (b.z - a.z));
  else if (b.z > -uNear) b = mix(b, a, (-uNear - b.z) / (a.z - b.z));
#endif
  vec4 clipA = projectionMatrix * a;
  vec4 clipB = projectionMatrix * b;
  vec3 ndcA = clipA.xyz / clipA.w;
  vec3 ndcB = clipB.xyz / clipB.w;
  vec2 along = (ndcB.xy - ndcA.xy) * uViewport * 0.5;
  float len = length(along);
  vec2 dir = len > 1e-4 ? along / len : vec2(1.0, 0.0);
  vec2 side = vec2(-dir.y, dir.x);
  float ra = radiusAt(clipA.w);
  float rb = radiusAt(clipB.w);
#if defined(HEAD) || defined(ARROW)
  float headLength = min(rb * 5.0 + 4.0 * uUiScale, len * 0.6);
#endif
#ifdef HEAD
  float headWidth = headLength * 0.42;
  vec2 offset = corner.y > 0.5 ? vec2(0.0) : -dir * headLength + side * corner.x * headWidth;
  vec3 ndc = corner.y > 0.5 ? ndcB : mix(ndcB, ndcA, len > 0.0 ? headLength / len : 0.0);
  if (corner.y < 0.5) offset += dir * headLength;
  vPlace = vec2(0.0);
  vLength = 0.0;
  vRadius = 0.0;
#else
  vec3 ndc = corner.y > 0.5 ? ndcB : ndcA;
  float r = corner.y > 0.5 ? rb : ra;
  vRadius = r;
  float reach = r + 0.5;
  float cut = 0.0;
#ifdef ARROW
  cut = headLength * 0.8;
  vLength = len - cut;
  if (corner.y > 0.5) ndc = mix(ndcB, ndcA, len > 0.0 ? cut / len : 0.0);
#else
  vLength = len;
#endif
  vec2 offset = dir * (corner.y > 0.5 ? reach : -reach) + side * corner.x * reach;
  vPlace = vec2(corner.y > 0.5 ? vLength + reach : -reach, corner.x * reach);
#endif
  gl_Position = isBehind ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(ndc + vec3(offset * 2.0 / uViewport, 0.0), 1.0);
}
`;

const WIDE_FRAGMENT = `
in vec4 vColor;
in vec2 vPlace;
flat in float vLength;
flat in float vRadius;
void main() {
  vec4 color = vColor;
#ifndef HEAD
  float distance = length(vec2(vPlace.x - clamp(vPlace.x, 0.0, vLength), vPlace.y));
  float covered = vRadius + 0.5 - distance;
  if (covered <= (uSmooth > 0.5 ? 0.0 : 0.5)) discard;
  if (uSmooth > 0.5) color.a *= clamp(covered, 0.0, 1.0);
#endif
  emit(color);
}
`;

const THIN_VERTEX = `${INSTANCE_COLOR}
out vec4 vColor;
in vec3 position;
void main() {
  vElement = gl_VertexID / 2;
  vMark = markOf(vElement);
  vColor = instanceColor();
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}
`;

const THIN_FRAGMENT = `
in vec4 vColor;
void main() { emit(vColor); }
`;

/** Puts segments on the GPU. */
export function createGpuLines(geometry: LinesGeometry, context: GpuContext): GpuObject {
  const uniforms = createObjectUniforms();
  const isThin = geometry.count > (context.isSoftware ? MAX_WIDE_SOFTWARE : MAX_WIDE);
  const options = {
    uniforms: { ...context.frame, ...uniforms, ...styleUniforms(geometry) },
    ...smoothedEdges(context),
  };
  const defines = {
    ...styleDefines(geometry),
    ...(context.dimensions === 3 ? { PERSPECTIVE: 1 } : {}),
  };
  const drawables: Drawable[] = [];
  if (isThin) {
    const materials = createMaterials({ ...options, vertex: THIN_VERTEX, fragment: THIN_FRAGMENT, defines: { ...defines } });
    const buffers = context.shared(geometry, "thin", () => thinBuffers(geometry));
    drawables.push({ object: new LineSegments(buffers, materials.draw), ...materials });
  } else {
    const buffers = context.shared(geometry, "wide", () => wideBuffers(geometry));
    const parts = geometry.cap === "arrow" ? [{ ARROW: 1 }, { HEAD: 1 }] : [{}];
    for (const part of parts) {
      const all = { ...defines, ...part };
      const materials = createMaterials({ ...options, vertex: WIDE_VERTEX, fragment: WIDE_FRAGMENT, defines: all });
      drawables.push({ object: new Mesh(buffers, materials.draw), ...materials });
    }
  }
  return gpuObject(uniforms, drawables);
}

function wideBuffers(geometry: LinesGeometry): BufferGeometry {
  const buffers = new InstancedBufferGeometry();
  buffers.setAttribute("corner", new BufferAttribute(Float32Array.of(-1, 0, 1, 0, -1, 1, 1, 1), 2));
  buffers.setIndex(new BufferAttribute(Uint16Array.of(0, 1, 2, 2, 1, 3), 1));
  const ends = new InstancedInterleavedBuffer(geometry.segments, 6);
  buffers.setAttribute("start", new InterleavedBufferAttribute(ends, 3, 0));
  buffers.setAttribute("end", new InterleavedBufferAttribute(ends, 3, 3));
  setStyleAttributes(buffers, geometry, true);
  buffers.instanceCount = geometry.count;
  return withBounds(buffers, geometry.bounds);
}

function thinBuffers(geometry: LinesGeometry): BufferGeometry {
  const buffers = new BufferGeometry();
  buffers.setAttribute("position", new BufferAttribute(geometry.segments, 3));
  if (geometry.colors.length > 1) {
    const twice = new Uint32Array(geometry.count * 2);
    for (let i = 0; i < twice.length; i++) twice[i] = geometry.colors[i >> 1]!;
    buffers.setAttribute("color", colorAttribute(twice, false));
  }
  return withBounds(buffers, geometry.bounds);
}
