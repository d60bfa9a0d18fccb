/** Kept where a second loaded copy of the package finds it too: there is one global recording in a program. */
const KEY: unique symbol = Symbol.for("rerun-ts.globalRecording") as never;
const holder = globalThis as { [KEY]?: object | undefined };

/** The global recording, when there is one. */
export function getGlobal(): object | undefined {
  return holder[KEY];
}

/** Makes `recording` the global one. @returns the one before */
export function setGlobal(recording: object | undefined): object | undefined {
  const before = holder[KEY];
  holder[KEY] = recording;
  return before;
}
