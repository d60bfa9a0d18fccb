/** A picture on a rectangle. */
import { BufferAttribute, BufferGeometry, DoubleSide, Mesh, Vector2 } from "three";
import type { ImageGeometry } from "../views/spatial/index.js";
import { type GpuContext, type GpuObject, withBounds } from "./gpu-object.js";
import { createTexture } from "./gpu-texture.js";
import { createMaterials, createObjectUniforms } from "./shader.js";

const VERTEX = `
in vec2 position;
uniform vec2 uSize;
out vec2 vUv;
void main() {
  vElement = 0;
  vMark = 0;
  vUv = position;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position * uSize, 0.0, 1.0);
}
`;

const FRAGMENT = `
in vec2 vUv;
uniform sampler2D uTexture;
uniform float uOpacity;
void main() {
  vec4 color = texture(uTexture, vUv);
  color.a *= uOpacity;
  emit(color);
}
`;

/** Puts a picture on the GPU. */
export function createGpuImage(geometry: ImageGeometry, context: GpuContext): GpuObject {
  const uniforms = createObjectUniforms();
  const texture = context.shared(geometry.pixels, geometry.filter, () => createTexture(geometry.pixels, geometry.filter));
  const materials = createMaterials({
    vertex: VERTEX,
    fragment: FRAGMENT,
    uniforms: {
      ...context.frame,
      ...uniforms,
      uTexture: { value: texture },
      uSize: { value: new Vector2(geometry.width, geometry.height) },
      uOpacity: { value: geometry.opacity },
    },
    side: DoubleSide,
    hasDepth: context.dimensions === 3,
    isTransparent: true,
  });
  const buffers = withBounds(new BufferGeometry(), geometry.bounds);
  buffers.setAttribute("position", new BufferAttribute(Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1), 2));
  buffers.setIndex(new BufferAttribute(Uint16Array.of(0, 1, 2, 2, 1, 3), 1));
  return {
    uniforms,
    drawables: [{ object: new Mesh(buffers, materials.draw), ...materials }],
    dispose: () => {
      buffers.dispose();
      materials.draw.dispose();
      materials.pick.dispose();
    },
  };
}
