import { effect } from "@preact/signals";
import type { ViewerEvent } from "../../link/client.js";
import type { Connection } from "../state/connection.js";
import type { ViewerModel } from "../state/viewer-model.js";

/** Times on the way to the kernel while playing or dragging: not more often than this. */
const TIME_EVENT_MS = 100;

/** Sends what happens to the kernel; times while something moves not more often than it can matter. */
export function forwardEvents(model: ViewerModel, connection: Connection): () => void {
  let waiting: ViewerEvent | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = (event: ViewerEvent): void => connection.send({ kind: "event", id: 0, event });
  const flush = (): void => {
    timer = undefined;
    if (waiting === undefined) return;
    send(waiting);
    waiting = undefined;
    timer = setTimeout(flush, TIME_EVENT_MS);
  };
  const end = model.onEvent((event) => {
    if (event.type !== "timeUpdate") {
      if (waiting !== undefined) send(waiting);
      waiting = undefined;
      send(event);
      return;
    }
    waiting = event;
    if (timer === undefined) flush();
  });
  let wasReady = false;
  const endReady = effect(() => {
    if (wasReady || !model.isReady.value) return;
    wasReady = true;
    model.emit({ type: "ready" });
  });
  return () => {
    end();
    endReady();
    clearTimeout(timer);
  };
}
