export { drawSnapshot } from "./draw-snapshot.js";
