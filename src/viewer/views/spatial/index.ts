/** Spatial views: what is drawn, as plain data, without WebGL. */
export { type Bounds, center, diagonal, EMPTY_BOUNDS, isEmpty, transformBounds, union } from "./bounds.js";
export { SceneBuilder } from "./build-scene.js";
export {
  depthRangeOf,
  eyeOf,
  FIELD_OF_VIEW_RAD,
  focusOn,
  type OrbitCamera,
  orbitAround,
  panned,
  rolled,
  rotated,
  viewFromCamera,
  zoomed,
} from "./camera/orbit-camera.js";
export { fitBounds, type PanZoom, panBy, type ViewSize, zoomAt } from "./camera/pan-zoom.js";
export type { DecodeResult, ImageDecoder } from "./images.js";
export { invertAffine, type Mat4, transformPoint, type Vec3 } from "./mat4.js";
export { type PixelText, pixelTextAt } from "./pixel-text.js";
export {
  elementsOfInstance,
  type Geometry,
  type ImageGeometry,
  instanceOfElement,
  type LinesGeometry,
  type MeshGeometry,
  type Pixels,
  type PointsGeometry,
  type SceneLabel,
  type SceneObject,
  type ShapesGeometry,
  type SpatialScene,
} from "./scene.js";
