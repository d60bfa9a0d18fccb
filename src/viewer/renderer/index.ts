/** Draws spatial scenes with WebGL. three.js is used nowhere else. */
export type { Mark } from "./gpu-scene.js";
export { BrowserImageDecoder } from "./image-decoder.js";
export { type Camera, type Picked, Viewport, type ViewportOptions } from "./viewport.js";
