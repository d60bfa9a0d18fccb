/** Looking at the stack costs some 10 µs: after this many of one cause, no more are made. */
const MAX_LOOKUPS = 1000;
const MAX_CAUSES = 1000;
const lookups = new Map<string, number>();

/**
 * The line of the program that called this package, as the stack names it; empty when there is none.
 *
 * @param cause what the line is wanted for
 * @returns `undefined` after many look-ups for one cause
 */
export function callSite(cause: string): string | undefined {
  const count = lookups.get(cause) ?? 0;
  if (count >= MAX_LOOKUPS) return undefined;
  if (lookups.size >= MAX_CAUSES) lookups.clear();
  lookups.set(cause, count + 1);
  const frames = stackFrames(new Error().stack ?? "");
  const own = ownPlace(frames[0] ?? "");
  return frames.find((frame) => !frame.startsWith(own) && !frame.startsWith("node:")) ?? "";
}

/** `file:line:column` of each frame of a stack. */
export function stackFrames(stack: string): readonly string[] {
  return stack.split("\n").flatMap((line) => {
    const match = /^\s*at (?:async )?(?:.*\()?(.+:\d+:\d+)\)?$/.exec(line);
    return match?.[1] === undefined ? [] : [match[1]];
  });
}

/** What the places of this package begin with: its folder, or the file it is bundled into. */
export function ownPlace(frame: string): string {
  const file = frame.replace(/:\d+:\d+$/, "");
  return file.replace(/types[/\\]encode[/\\]call-site\.[cm]?[jt]s$/, "");
}
