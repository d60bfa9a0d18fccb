export { drawPlaceholder, drawSnapshot } from "./draw-snapshot.js";
