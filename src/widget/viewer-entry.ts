/** Entry of the viewer's bundle for notebooks: what the loader imports. */
import { mountViewer } from "../viewer/index.js";
import { CommTransport } from "./comm-transport.js";
import type { ViewModel } from "./view-model.js";

/**
 * Shows the recording behind `model` in `el`.
 *
 * @returns the function that ends it and frees everything
 */
export function mount(el: HTMLElement, model: ViewModel): () => void {
  const transport = new CommTransport(model);
  const viewer = mountViewer(el, transport, model.get("viewer_options"));
  return () => {
    viewer.unmount();
    transport.close();
  };
}
