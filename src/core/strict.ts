let strict = false;

/** Whether bad input throws (`true`) or warns and is left out (`false`, the default). */
export function isStrict(): boolean {
  return strict;
}

/** Chooses whether bad input throws or warns, for the whole program. */
export function setStrict(value: boolean): void {
  strict = value;
}
