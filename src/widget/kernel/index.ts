export { attachNotebook, type NotebookKernel } from "./attach.js";
export type { MimeBundle } from "./kernel-link.js";
export { NotebookViewer, type WaitOptions } from "./notebook-viewer.js";
export { makeRich, type RichDisplay, type RichOutput, setRichDisplay } from "./rich-display.js";
export { type ShowDatasetOptions, type ShowOptions, showDataset, showRecording } from "./show.js";
export type { ShownDataset } from "./shown-dataset.js";
export type { SelectedItem, ViewerEventName, ViewerEvents } from "./viewer-events.js";
