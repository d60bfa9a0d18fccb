import { effect } from "@preact/signals";
import type { ViewerModel } from "../state/viewer-model.js";

/** Opens the drawers as they were for this recording, and remembers what the user does. @returns the function that ends it */
export function rememberDrawers(model: ViewerModel): () => void {
  let key: string | undefined;
  return effect(() => {
    const { recordingId } = model.index.value.info;
    const open = `${model.isTreeOpen.value ? "t" : ""}${model.isSelectionOpen.value ? "s" : ""}`;
    if (recordingId === "") return;
    if (key === undefined) {
      key = `rerun-ts.drawers.${recordingId}`;
      const known = read(key);
      if (known !== null) {
        model.isTreeOpen.value = known.includes("t");
        model.isSelectionOpen.value = known.includes("s");
        return;
      }
    }
    write(key, open);
  });
}

// A page may forbid storage (a file, a sandbox): then nothing is remembered.
function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    if (value === "" && sessionStorage.getItem(key) === null) return;
    sessionStorage.setItem(key, value);
  } catch {
    return;
  }
}
