/** Boxes, spheres and cylinders: many copies of one shape, each with its own matrix and colour. */
import {
  BufferAttribute,
  type BufferGeometry,
  DoubleSide,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  Mesh,
} from "three";
import type { ShapesGeometry } from "../views/spatial/index.js";
import { type GpuContext, type GpuObject, gpuObject, withBounds } from "./gpu-object.js";
import { INSTANCE_COLOR, setStyleAttributes, styleDefines, styleUniforms } from "./instance-style.js";
import { createMaterials, createObjectUniforms } from "./shader.js";
import { unitShape } from "./unit-shapes.js";

const VERTEX = `
in vec3 position;
in vec3 normal;
in vec4 column0;
in vec4 column1;
in vec4 column2;
in vec4 column3;
${INSTANCE_COLOR}
out vec4 vColor;
out vec3 vNormal;
void main() {
  vElement = gl_InstanceID;
  vMark = markOf(vElement);
  vColor = instanceColor();
  mat4 place = modelViewMatrix * mat4(column0, column1, column2, column3);
  // Normals of a rotated and stretched shape: stretched the other way.
  vec3 squared = vec3(dot(place[0].xyz, place[0].xyz), dot(place[1].xyz, place[1].xyz), dot(place[2].xyz, place[2].xyz));
  vNormal = mat3(place) * (normal / max(squared, vec3(1e-20)));
  gl_Position = projectionMatrix * place * vec4(position, 1.0);
}
`;

const FRAGMENT = `
in vec4 vColor;
in vec3 vNormal;
uniform float uOpacity;
void main() {
  vec3 normal = normalize(vNormal);
  vec3 color = lit(vColor.rgb, gl_FrontFacing ? normal : -normal);
  emit(vec4(uOpacity < 1.0 ? vColor.rgb : color, vColor.a * uOpacity));
}
`;

/** Puts shapes on the GPU. */
export function createGpuShapes(geometry: ShapesGeometry, context: GpuContext): GpuObject {
  const uniforms = createObjectUniforms();
  const isTransparent = geometry.opacity < 1 || geometry.colors.some((color) => (color & 255) < 255);
  const materials = createMaterials({
    vertex: VERTEX,
    fragment: FRAGMENT,
    uniforms: {
      ...context.frame,
      ...uniforms,
      uOpacity: { value: geometry.opacity },
      ...styleUniforms(geometry),
    },
    defines: styleDefines(geometry),
    side: DoubleSide,
    hasDepth: context.dimensions === 3,
    isTransparent,
  });
  const buffers = context.shared(geometry, "shapes", () => shapeBuffers(geometry));
  return gpuObject(uniforms, [{ object: new Mesh(buffers, materials.draw), ...materials }]);
}

function shapeBuffers(geometry: ShapesGeometry): BufferGeometry {
  const { positions, normals, indices } = unitShape(geometry.shape);
  const buffers = new InstancedBufferGeometry();
  buffers.setAttribute("position", new BufferAttribute(positions, 3));
  buffers.setAttribute("normal", new BufferAttribute(normals, 3));
  buffers.setIndex(new BufferAttribute(indices, 1));
  const matrices = new InstancedInterleavedBuffer(geometry.matrices, 16);
  for (let column = 0; column < 4; column++) {
    buffers.setAttribute(`column${column}`, new InterleavedBufferAttribute(matrices, 4, column * 4));
  }
  setStyleAttributes(buffers, geometry, true);
  buffers.instanceCount = geometry.count;
  return withBounds(buffers, geometry.bounds);
}
