import type { AnyModel } from "@anywidget/types";
import type { ToView, ViewerState } from "./wire.js";

/** What our browser code uses of the model that anywidget hands to a view. `send` throws when the kernel is gone. */
export type ViewModel = Pick<AnyModel<ViewerState>, "get" | "on" | "off" | "send">;

/** Calls `listener` with each custom message of the kernel; returns the function that ends it. */
export function onCustomMessage(
  model: ViewModel,
  listener: (message: ToView, buffers: readonly Uint8Array[]) => void,
): () => void {
  const callback = (content: unknown, buffers: readonly DataView[] = []) => {
    if (typeof content !== "object" || content === null) return;
    listener(
      content as ToView,
      buffers.map((b) => new Uint8Array(b.buffer, b.byteOffset, b.byteLength)),
    );
  };
  model.on("msg:custom", callback);
  return () => model.off("msg:custom", callback);
}

/** An id that no other view of any page has. */
export function newViewId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
}
