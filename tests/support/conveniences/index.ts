export { ANY } from "./any-values.js";
export { BOXES } from "./boxes.js";
export type { ConvenienceCase } from "./case.js";
export { COLORS } from "./colors.js";
export { IMAGES } from "./images.js";
export { MESHES } from "./meshes.js";
export { TENSORS } from "./tensors.js";
export { TEXTS } from "./texts.js";
export { TRANSFORMS } from "./transforms.js";
