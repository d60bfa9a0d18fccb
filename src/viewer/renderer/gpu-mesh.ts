/** Triangle meshes with colours or a texture, lit from the viewer's side. */
import { BackSide, BufferAttribute, BufferGeometry, DoubleSide, FrontSide, Mesh } from "three";
import type { MeshGeometry } from "../views/spatial/index.js";
import { colorAttribute, type GpuContext, type GpuObject, gpuObject, withBounds } from "./gpu-object.js";
import { createTexture } from "./gpu-texture.js";
import { colorVector } from "./instance-style.js";
import { createMaterials, createObjectUniforms } from "./shader.js";

const VERTEX = `
in vec3 position;
in vec3 normal;
#ifdef PER_COLOR
in vec4 color;
#endif
#ifdef TEXTURED
in vec2 uv;
out vec2 vUv;
#endif
uniform vec4 uAlbedo;
out vec4 vColor;
out vec3 vNormal;
void main() {
  vElement = 0;
  vMark = markOf(0);
  vColor = uAlbedo;
#ifdef PER_COLOR
  vColor *= color.abgr;
#endif
#ifdef TEXTURED
  vUv = uv;
#endif
  vNormal = mat3(modelViewMatrix) * normal;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}
`;

const FRAGMENT = `
in vec4 vColor;
in vec3 vNormal;
#ifdef TEXTURED
in vec2 vUv;
uniform sampler2D uTexture;
#endif
void main() {
  vec4 color = vColor;
#ifdef TEXTURED
  color *= texture(uTexture, vUv);
#endif
  float size = length(vNormal);
  if (size > 0.0) color.rgb = lit(color.rgb, (gl_FrontFacing ? vNormal : -vNormal) / size);
  emit(color);
}
`;

/** Puts a mesh on the GPU. */
export function createGpuMesh(geometry: MeshGeometry, context: GpuContext): GpuObject {
  const uniforms = createObjectUniforms();
  const { texture: pixels } = geometry;
  const texture = pixels === undefined ? undefined : context.shared(geometry, "texture", () => createTexture(pixels, "linear"));
  const materials = createMaterials({
    vertex: VERTEX,
    fragment: FRAGMENT,
    uniforms: {
      ...context.frame,
      ...uniforms,
      uAlbedo: { value: colorVector(geometry.albedo) },
      ...(texture === undefined ? {} : { uTexture: { value: texture } }),
    },
    defines: {
      ...(geometry.colors === undefined ? {} : { PER_COLOR: 1 }),
      ...(texture === undefined ? {} : { TEXTURED: 1 }),
    },
    side: geometry.faces === "front" ? FrontSide : geometry.faces === "back" ? BackSide : DoubleSide,
    hasDepth: context.dimensions === 3,
    isTransparent: (geometry.albedo & 255) < 255,
  });
  const buffers = context.shared(geometry, "mesh", () => meshBuffers(geometry));
  return gpuObject(uniforms, [{ object: new Mesh(buffers, materials.draw), ...materials }]);
}

function meshBuffers(geometry: MeshGeometry): BufferGeometry {
  const buffers = new BufferGeometry();
  buffers.setAttribute("position", new BufferAttribute(geometry.positions, 3));
  buffers.setAttribute("normal", new BufferAttribute(geometry.normals, 3));
  if (geometry.colors !== undefined) buffers.setAttribute("color", colorAttribute(geometry.colors, false));
  if (geometry.texcoords !== undefined) buffers.setAttribute("uv", new BufferAttribute(geometry.texcoords, 2));
  if (geometry.indices !== undefined) buffers.setIndex(new BufferAttribute(geometry.indices, 1));
  return withBounds(buffers, geometry.bounds);
}
