/** Gets the viewer's code from the kernel: once per page, for all cells. */

import { newViewId, onCustomMessage, type ViewModel } from "./view-model.js";
import type { mount } from "./viewer-entry.js";
import type { FromView } from "./wire.js";

/** The viewer's module. */
export interface ViewerBundle {
  readonly mount: typeof mount;
}

/** The request is repeated when nothing came for this long: the kernel may be busy, or a message was lost. */
const REPEAT_MS = 5000;

/**
 * The viewer's code named `key`. The first view of a page asks its kernel; the others get the same module.
 *
 * @throws when the kernel is gone; the next view tries again
 */
export function loadBundle(model: ViewModel, key: string): Promise<ViewerBundle> {
  const symbol = Symbol.for(`rerun-ts.viewer-code.${key}`);
  const page = globalThis as unknown as Record<symbol, Promise<ViewerBundle> | undefined>;
  const known = page[symbol];
  if (known !== undefined) return known;
  const loading = fetchBundle(model).then(importModule);
  page[symbol] = loading;
  loading.catch(() => delete page[symbol]);
  return loading;
}

function fetchBundle(model: ViewModel): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const view = newViewId();
    const id = 1;
    const parts: Uint8Array[] = [];
    let numParts = Number.POSITIVE_INFINITY;
    const ask = () => {
      const message: FromView = { view, request: { kind: "bundle", id } };
      try {
        model.send(message);
      } catch (error) {
        finish(() => reject(error));
      }
    };
    let timer = setTimeout(repeat, REPEAT_MS);
    function repeat(): void {
      timer = setTimeout(repeat, REPEAT_MS);
      ask();
    }
    function finish(settle: () => void): void {
      clearTimeout(timer);
      stop();
      settle();
    }
    const stop = onCustomMessage(model, (content, buffers) => {
      if (!("message" in content) || content.view !== view || content.message.kind !== "reply") return;
      const { seq, last, error } = content.message;
      if (error !== undefined) return finish(() => reject(new Error(error.message)));
      clearTimeout(timer);
      timer = setTimeout(repeat, REPEAT_MS);
      if (buffers[0] !== undefined) parts[seq] = buffers[0];
      if (last) numParts = seq + 1;
      if (Object.keys(parts).length === numParts) finish(() => resolve(parts));
    });
    ask();
  });
}

async function importModule(parts: readonly Uint8Array[]): Promise<ViewerBundle> {
  const url = URL.createObjectURL(new Blob(parts as Uint8Array<ArrayBuffer>[], { type: "text/javascript" }));
  try {
    return (await import(url)) as ViewerBundle;
  } finally {
    URL.revokeObjectURL(url);
  }
}
