/** Point clouds: one vertex per point, drawn as shaded discs; points larger than the GPU's points become squares of two triangles. */
import { BufferAttribute, BufferGeometry, InstancedBufferAttribute, InstancedBufferGeometry, Mesh, Points } from "three";
import type { PointsGeometry } from "../views/spatial/index.js";
import { type Drawable, disposeMaterials, type FrameInfo, type GpuContext, type GpuObject, withBounds } from "./gpu-object.js";
import {
  INSTANCE_COLOR,
  INSTANCE_RADIUS,
  setStyleAttributes,
  smoothedEdges,
  styleDefines,
  styleUniforms,
} from "./instance-style.js";
import { createMaterials, createObjectUniforms } from "./shader.js";

/** Points above this size are squares even where the GPU could do more: points vanish as soon as their middle leaves the screen. */
const MAX_POINT_PX = 96;

const VERTEX = `
in vec3 position;
#ifdef QUAD
in vec2 corner;
#endif
${INSTANCE_COLOR}${INSTANCE_RADIUS}
uniform float uMaxSize;
out vec4 vColor;
out vec2 vCorner;
flat out float vSize;
void main() {
#ifdef QUAD
  vElement = gl_InstanceID;
#else
  vElement = gl_VertexID;
#endif
  vMark = markOf(vElement);
  vColor = instanceColor();
  float r = instanceRadius();
  vec4 clip = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  float size = max(2.0 * pixelRadius(r, clip.w), 1.0);
  if (vMark != 0) size += 3.0 * uUiScale;
  vSize = size;
#ifdef QUAD
  bool isMine = size > uMaxSize;
  vCorner = corner;
  clip.xy += corner * vec2(1.0, -1.0) * size / uViewport * clip.w;
#else
  bool isMine = size <= uMaxSize;
  vCorner = vec2(0.0);
  gl_PointSize = size;
#endif
  if (projectionMatrix[3][3] == 0.0 && r > 0.0) {
    // In perspective a sphere hides what lies behind its front, not only what lies behind its middle.
    vec4 front = projectionMatrix * (modelViewMatrix * vec4(position, 1.0) + vec4(0.0, 0.0, r * uModelScale, 0.0));
    if (front.w > 0.0) clip.z = max(front.z / front.w, -1.0) * clip.w;
  }
  gl_Position = isMine && r != 0.0 && clip.w > 0.0 ? clip : vec4(2.0, 2.0, 2.0, 1.0);
}
`;

const FRAGMENT = `
in vec4 vColor;
in vec2 vCorner;
flat in float vSize;
void main() {
#ifdef QUAD
  vec2 p = vCorner;
#else
  vec2 p = gl_PointCoord * 2.0 - 1.0;
#endif
  float squared = dot(p, p);
  vec4 color = vColor;
  if (vSize > 3.0) {
    float edge = (1.0 - sqrt(squared)) * vSize * 0.5 + 0.5;
    if (edge <= (uSmooth > 0.5 ? 0.0 : 0.5)) discard;
#ifdef SHADED
    vec3 shaded = lit(color.rgb, vec3(p.x, -p.y, sqrt(max(0.0, 1.0 - squared))));
    color.rgb = mix(color.rgb, shaded, smoothstep(3.0, 10.0, vSize));
#endif
    if (uSmooth > 0.5) color.a *= clamp(edge, 0.0, 1.0);
  }
  emit(color);
}
`;

/** Puts a point cloud on the GPU. */
export function createGpuPoints(geometry: PointsGeometry, context: GpuContext): GpuObject {
  const uniforms = createObjectUniforms();
  const maxSize = Math.min(context.maxPointSize, MAX_POINT_PX);
  const options = {
    vertex: VERTEX,
    fragment: FRAGMENT,
    uniforms: { ...context.frame, ...uniforms, ...styleUniforms(geometry), uMaxSize: { value: maxSize } },
    ...smoothedEdges(context),
  };
  const defines = {
    ...styleDefines(geometry),
    ...(geometry.isShaded ? { SHADED: 1 } : {}),
  };
  const buffers = context.shared(geometry, "points", () => pointBuffers(geometry));
  const materials = createMaterials({ ...options, defines });
  const drawables: Drawable[] = [{ object: new Points(buffers, materials.draw), ...materials }];
  let large: (Drawable & { readonly object: Mesh }) | undefined;
  const largestScene = geometry.radii.reduce((max, r) => Math.max(max, r), 0);
  const largestUi = -geometry.radii.reduce((min, r) => Math.min(min, r), 0);
  return {
    uniforms,
    drawables,
    prepare: (frame: FrameInfo) => {
      const scenePx = (2 * largestScene * frame.modelScale * frame.pixelsPerUnit) / Math.max(frame.distance, 1e-6);
      const isNeeded = Math.max(scenePx, 2 * largestUi * frame.uiScale) + 3 * frame.uiScale > maxSize;
      if (isNeeded && large === undefined) {
        const quads = context.shared(geometry, "point quads", () => quadBuffers(geometry));
        const both = createMaterials({ ...options, defines: { ...defines, QUAD: 1 } });
        const object = new Mesh(quads, both.draw);
        const first = drawables[0]?.object;
        object.frustumCulled = false;
        object.matrixAutoUpdate = false;
        object.matrixWorldAutoUpdate = false;
        object.userData = first?.userData ?? {};
        first?.parent?.add(object);
        large = { object, ...both };
        drawables.push(large);
      }
      if (large === undefined) return;
      const first = drawables[0]?.object;
      large.object.visible = isNeeded;
      if (first !== undefined) {
        large.object.renderOrder = first.renderOrder;
        large.object.matrixWorld.copy(first.matrixWorld);
      }
    },
    dispose: () => {
      disposeMaterials(drawables);
      large?.object.removeFromParent();
    },
  };
}

function pointBuffers(geometry: PointsGeometry): BufferGeometry {
  const buffers = new BufferGeometry();
  buffers.setAttribute("position", new BufferAttribute(geometry.positions, 3));
  setStyleAttributes(buffers, geometry, false);
  return withBounds(buffers, geometry.bounds);
}

function quadBuffers(geometry: PointsGeometry): BufferGeometry {
  const buffers = new InstancedBufferGeometry();
  buffers.setAttribute("corner", new BufferAttribute(Float32Array.of(-1, -1, 1, -1, -1, 1, 1, 1), 2));
  buffers.setIndex(new BufferAttribute(Uint16Array.of(0, 1, 2, 2, 1, 3), 1));
  buffers.setAttribute("position", new InstancedBufferAttribute(geometry.positions, 3));
  setStyleAttributes(buffers, geometry, true);
  buffers.instanceCount = geometry.count;
  return withBounds(buffers, geometry.bounds);
}
