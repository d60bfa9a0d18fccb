import type { Chunk } from "../../chunk/index.js";
import { compareTuids, valueAt } from "../../core/index.js";

export const LOG_TEXT = "TextLog:text";
const LOG_LEVEL = "TextLog:level";
const LOG_COLOR = "TextLog:color";

/** Levels in order of weight; any other text is a level of its own. */
export const KNOWN_LEVELS: readonly string[] = ["CRITICAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

/** One line of the log. */
export interface LogLine {
  /** `undefined` = static. */
  readonly time: bigint | undefined;
  readonly level: string;
  readonly entityPath: string;
  readonly text: string;
  /** CSS colour, when one was logged. */
  readonly color?: string;
  /** Chunk and row. */
  readonly key: string;
}

/** Lines of the chunk on that timeline (static ones always), in no order. A chunk without the timeline has none. */
export function linesOf(chunk: Chunk, timeline: string | undefined): readonly LogLine[] {
  const texts = chunk.components.get(LOG_TEXT)?.list;
  const times = timeline === undefined ? undefined : chunk.timelines.get(timeline)?.times;
  if (texts === undefined || (chunk.timelines.size > 0 && times === undefined)) return [];
  const lines: LogLine[] = [];
  for (let row = 0; row < chunk.numRows; row++) {
    const text = valueAt(texts, row);
    if (!Array.isArray(text) || typeof text[0] !== "string") continue;
    const color = firstOf(chunk, LOG_COLOR, row);
    const line = {
      time: times?.[row],
      level: String(firstOf(chunk, LOG_LEVEL, row) ?? ""),
      entityPath: chunk.entityPath,
      text: text[0],
      key: `${chunk.id}:${row}`,
    };
    lines.push(typeof color === "number" ? { ...line, color: `#${color.toString(16).padStart(8, "0")}` } : line);
  }
  return lines;
}

/** All lines by time, static ones first; at one time in the order they were logged. */
export function sortedLines(chunks: readonly Chunk[], timeline: string | undefined): readonly LogLine[] {
  const rows: { readonly line: LogLine; readonly chunk: Chunk; readonly row: number }[] = [];
  for (const chunk of chunks) {
    for (const line of linesOf(chunk, timeline)) rows.push({ line, chunk, row: Number(line.key.slice(33)) });
  }
  rows.sort((a, b) => {
    const timeA = a.line.time;
    const timeB = b.line.time;
    if (timeA !== timeB) return timeA === undefined ? -1 : timeB === undefined ? 1 : timeA < timeB ? -1 : 1;
    return compareTuids(a.chunk.rowIds, a.row * 16, b.chunk.rowIds, b.row * 16);
  });
  return rows.map(({ line }) => line);
}

/** Index of the last line at or before `time`, -1 when there is none. `lines` as `sortedLines` gives them. */
export function lineAt(lines: readonly LogLine[], time: bigint): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = lines[middle]?.time;
    if (at === undefined || at <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Levels that occur, heaviest first, unknown ones last. */
export function levelsOf(lines: readonly LogLine[]): readonly string[] {
  const rank = (level: string): number => {
    const at = KNOWN_LEVELS.indexOf(level.toUpperCase());
    return at < 0 ? KNOWN_LEVELS.length : at;
  };
  return [...new Set(lines.map(({ level }) => level))].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** How wide a time is drawn, in digits of the font (CSS `ch`): signs and spaces are narrower than digits, `#` is wider. */
export function timeWidthCh(text: string): number {
  let width = 0;
  for (const char of text) width += char === "#" ? 1.4 : /[\p{P}\p{Z}]/u.test(char) ? 0.6 : 1;
  return width;
}

function firstOf(chunk: Chunk, component: string, row: number): unknown {
  const list = chunk.components.get(component)?.list;
  if (list === undefined) return undefined;
  const cell = valueAt(list, row);
  return Array.isArray(cell) ? cell[0] : undefined;
}
