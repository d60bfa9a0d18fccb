/**
 * How long a view may be out of the document before it frees what it holds. Notebooks take out cells that are scrolled away and
 * put them back, and time and camera should then be as they were; this is for views that a host dropped without saying so.
 */
const ABSENCE_MS = 30 * 60_000;

/**
 * Follows whether `el` is in the document. A host does not always say when it drops a view.
 *
 * @param onChange called with true when `el` is in the document (again, or has another size), with false when it was out of it
 *   for half an hour
 * @returns the function that ends it
 */
export function watchPresence(
  el: HTMLElement,
  onChange: (isPresent: boolean) => void,
  absenceMs: number = ABSENCE_MS,
): () => void {
  let isPresent = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    timer = undefined;
    if (el.isConnected) {
      isPresent = true;
      onChange(true);
    } else if (isPresent) {
      timer = setTimeout(() => {
        if (el.isConnected) return;
        isPresent = false;
        onChange(false);
      }, absenceMs);
    }
  };
  // Also called when the element enters or leaves the document: its size becomes something or nothing.
  const observer = new ResizeObserver(look);
  observer.observe(el);
  look();
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}
