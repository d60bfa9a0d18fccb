/** What the protocol tests load into a kernel: the widget layer by itself, without recordings. */
export { attachNotebook, type NotebookKernel } from "../../src/widget/kernel/attach.js";
export { findTslab } from "../../src/widget/kernel/find-tslab.js";
export { makeRich, setRichDisplay } from "../../src/widget/kernel/rich-display.js";
