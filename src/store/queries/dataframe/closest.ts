const MAX_NAMED = 12;

/** The names that are there, those like `wanted` first, as part of a message. */
export function listClosest(wanted: string, names: readonly string[]): string {
  if (names.length === 0) return "there are none";
  const byDistance = names
    .map((name) => ({ name, distance: distance(wanted.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  const named = byDistance.slice(0, MAX_NAMED).map(({ name }) => `"${name}"`);
  const rest = names.length - named.length;
  return `there are ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** How many letters have to be changed, put in or taken out. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (before[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]);
      row.push(Math.min(change, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = row;
  }
  return before[b.length] ?? 0;
}
