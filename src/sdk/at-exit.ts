/** Something that must be finished, synchronously, before the process ends. */
export interface Closable {
  closeSync(): void;
}

const open = new Set<Closable>();
let isRegistered = false;

/**
 * Has `closable` closed when the process ends (`exit`: also at a notebook kernel's shutdown).
 * No signal handlers: they would change how a kernel reacts to an interrupt.
 */
export function closeAtExit(closable: Closable): void {
  open.add(closable);
  if (isRegistered) return;
  isRegistered = true;
  process.on("exit", () => {
    for (const each of [...open]) each.closeSync();
  });
}

/** No longer needs to be closed at the end. */
export function forgetAtExit(closable: Closable): void {
  open.delete(closable);
}
