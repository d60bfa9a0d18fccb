export { chunks, contexts, loggers } from "./contexts.js";
export { images, mesh, scalars, text } from "./displays.js";
export { dataframes, dynamic, dynamicColumns } from "./dynamic.js";
export { anyValues, columns, paths, properties, staticAndCleared } from "./recordings.js";
export { annotationContext, boxes, lines, points, transforms } from "./spatial.js";
