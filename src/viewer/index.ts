/** The viewer as an application: draw it into an element, over any transport. */
export { type MountedViewer, mountViewer, type ViewerOptions } from "./ui/mount-viewer.js";
