/** Where the messages of a recording begin and end, up to the end of the stream. */
export function rrdFrames(bytes: Uint8Array): { at: number; kind: number; end: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: { at: number; kind: number; end: number }[] = [];
  for (let at = 12; ; ) {
    const kind = Number(view.getBigUint64(at, true));
    const end = at + 16 + Number(view.getBigUint64(at + 8, true));
    found.push({ at, kind, end });
    if (kind === 0) return found;
    at = end;
  }
}

/** A copy of a recording in which these chunks cannot be decoded, by their numbers in the file. `at`: where their messages begin. */
export function damageChunks(bytes: Uint8Array, ...numbers: number[]): { bytes: Uint8Array; at: number[]; lostBytes: number } {
  const changed = new Uint8Array(bytes);
  const chunks = rrdFrames(bytes).filter(({ kind }) => kind === 2);
  const damaged = numbers.flatMap((number) => chunks[number] ?? []);
  for (const { at } of damaged) changed.fill(0xff, at + 100, at + 140);
  return {
    bytes: changed,
    at: damaged.map(({ at }) => at),
    lostBytes: damaged.reduce((sum, { at, end }) => sum + end - at, 0),
  };
}
