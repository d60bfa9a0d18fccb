import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Chunk } from "../../chunk/index.js";
import { formatBytes } from "../../core/index.js";
import { formatTimeShort } from "../state/format-time.js";
import { currentTimeline, moveTo } from "../state/time-control.js";
import { LOG_TEXT, type LogLine, levelsOf, lineAt, sortedLines, timeWidthCh } from "../views/text-log.js";
import { useElementSize } from "./element-size.js";
import type { ViewProps } from "./view-props.js";
import { useViewer } from "./viewer-context.js";

const LINE_PX = 18;
/** Text beyond this is not fetched: the newest part is shown. */
const MAX_BYTES: number = 64 * 1024 * 1024;

/** All log lines by time; follows the time cursor. Only the lines that can be seen are in the page. */
export function TextLogView(props: ViewProps): JSX.Element {
  const { spec, query, hasFocus, noData, onStateLine, onFirstFrame, onSelect } = props;
  const { model } = useViewer();
  const timeline = currentTimeline(model.time.value);
  const [search, setSearch] = useState("");
  const [offLevels, setOffLevels] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  const { height } = useElementSize(list);
  const [scroll, setScroll] = useState(0);

  const { chunks, skippedBytes, isComplete } = useLogChunks(props);
  const lines = useMemo(() => sortedLines(chunks, query.timeline), [chunks, query.timeline]);
  const levels = useMemo(() => levelsOf(lines), [lines]);
  const needle = search.trim().toLowerCase();
  const shown = useMemo(
    () =>
      lines.filter(
        (line) =>
          !offLevels.has(line.level) &&
          query.isVisible(line.entityPath) &&
          (needle === "" || line.text.toLowerCase().includes(needle) || line.entityPath.toLowerCase().includes(needle)),
      ),
    [lines, offLevels, needle, model.hidden.value],
  );
  const now = query.time === undefined ? shown.length - 1 : lineAt(shown, query.time);

  useEffect(() => {
    const box = list.current;
    if (box === null || height === 0) return;
    const top = now * LINE_PX;
    if (top < box.scrollTop || top + LINE_PX > box.scrollTop + height) box.scrollTop = top - height / 2;
  }, [now, height > 0, shown.length === 0]);
  useEffect(() => {
    if (lines.length > 0) onFirstFrame();
  }, [lines.length > 0]);
  const isEmpty = isComplete && (lines.length === 0 || !lines.some((line) => query.isVisible(line.entityPath)));
  const state = isEmpty
    ? noData
    : shown.length === 0 && lines.length > 0
      ? "No line passes the filter"
      : skippedBytes > 0
        ? `${formatBytes(skippedBytes)} of older text not shown`
        : undefined;
  useEffect(() => onStateLine(state), [state]);

  const first = Math.max(0, Math.floor(scroll / LINE_PX) - 4);
  const last = Math.min(shown.length, Math.ceil((scroll + height) / LINE_PX) + 4);
  const timeText = (line: LogLine): string =>
    line.time === undefined || timeline === undefined ? "static" : formatTimeShort(line.time, timeline.type, timeline.range);
  const widestCh = useMemo(
    () => shown.slice(-200).reduce((most, line) => Math.max(most, timeWidthCh(timeText(line))), 4),
    [shown, timeline],
  );
  const hasEntities = spec.entities.length > 1;
  const widths = { "--log-time": `${widestCh.toFixed(1)}ch`, "--log-level": levels.some((level) => level !== "") ? "52px" : "0" };

  return (
    <div class="logwrap" style={widths}>
      {lines.length > 0 && (
        <LogBar levels={levels} offLevels={offLevels} search={search} setOffLevels={setOffLevels} setSearch={setSearch} />
      )}
      <div
        class={`log ${hasFocus ? "focus" : ""}`}
        ref={list}
        role="log"
        aria-live="off"
        aria-label={spec.name}
        onScroll={(event) => setScroll(event.currentTarget.scrollTop)}
      >
        <div style={{ height: `${shown.length * LINE_PX}px` }}>
          {shown.slice(first, last).map((line, i) => (
            <LogRow
              key={line.key}
              line={line}
              at={first + i}
              now={now}
              time={timeText(line)}
              hasEntity={hasEntities}
              onClick={(event) => {
                if (line.time !== undefined) model.setTime(moveTo(model.time.value, line.time));
                onSelect({ entityPath: line.entityPath }, event.ctrlKey || event.metaKey);
              }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** What lines are shown: a button for each level, and a search. */
function LogBar(props: {
  readonly levels: readonly string[];
  readonly offLevels: ReadonlySet<string>;
  readonly search: string;
  setOffLevels(levels: ReadonlySet<string>): void;
  setSearch(text: string): void;
}): JSX.Element {
  const { levels, offLevels, search, setOffLevels, setSearch } = props;
  return (
    <div class={`logbar ${search !== "" || offLevels.size > 0 ? "active" : ""}`}>
      {levels.map((level) => (
        <button
          type="button"
          key={level}
          class={levelClass(level)}
          aria-pressed={!offLevels.has(level)}
          title={offLevels.has(level) ? "Show these lines" : "Hide these lines"}
          onClick={() => {
            const next = new Set(offLevels);
            if (!next.delete(level)) next.add(level);
            setOffLevels(next);
          }}
        >
          {level === "" ? "no level" : level}
        </button>
      ))}
      <input
        class="search"
        type="search"
        placeholder="Filter"
        aria-label="Filter log lines"
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => event.stopPropagation()}
      />
    </div>
  );
}

/** One line at its place; those after the current one are pale. */
function LogRow(props: {
  readonly line: LogLine;
  /** Index of the line, and of the current one. */
  readonly at: number;
  readonly now: number;
  readonly time: string;
  readonly hasEntity: boolean;
  onClick(event: MouseEvent): void;
}): JSX.Element {
  const { line, at, now, time, hasEntity, onClick } = props;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the time bar does the same from the keyboard
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div
      class={`line ${hasEntity ? "wide4" : ""} ${at === now ? "now" : ""} ${at > now ? "future" : ""}`}
      style={{ top: `${at * LINE_PX}px` }}
      title={`${line.entityPath}\n${line.text}`}
      onClick={onClick}
    >
      <span class="muted">{time}</span>
      <span class={levelClass(line.level)}>{line.level}</span>
      {hasEntity && <span class="muted mono">{line.entityPath}</span>}
      <span>
        {line.color !== undefined && <span class="swatch" style={{ background: line.color }} />}
        {line.text}
      </span>
    </div>
  );
}

/** The bodies of all log chunks that are here; the others are fetched, newest first, up to a limit. */
function useLogChunks(props: ViewProps): {
  readonly chunks: readonly Chunk[];
  readonly skippedBytes: number;
  /** Whether no chunk is on its way. */
  readonly isComplete: boolean;
} {
  const { model } = useViewer();
  const kept = useRef<readonly Chunk[]>([]);
  const byId = new Map(kept.current.map((chunk) => [chunk.id, chunk]));
  const { timeline } = props.query;
  const summaries = props.spec.entities
    .flatMap((entityPath) => [...model.recording.chunksOf(entityPath, LOG_TEXT)])
    .filter((summary) => summary.timelines.size === 0 || (timeline !== undefined && summary.timelines.has(timeline)))
    .sort((a, b) => {
      const [endA, endB] = [a, b].map((summary) => (timeline === undefined ? undefined : summary.timelines.get(timeline)?.max));
      return endA === endB ? 0 : endA === undefined || (endB !== undefined && endA > endB) ? -1 : 1;
    });
  let bytes = 0;
  let skippedBytes = 0;
  let numWanted = 0;
  const chunks: Chunk[] = [];
  for (const summary of summaries) {
    bytes += summary.sizeBytes;
    if (bytes > MAX_BYTES) {
      skippedBytes += summary.sizeBytes;
      continue;
    }
    numWanted++;
    const chunk = byId.get(summary.id) ?? model.recording.chunk(summary.id);
    if (chunk !== undefined) chunks.push(chunk);
  }
  // While successors of merged chunks are on their way the old ones are shown on, so that no line disappears meanwhile.
  const isMissing = chunks.length < numWanted && chunks.length <= kept.current.length;
  const isSame = chunks.length === kept.current.length && chunks.every((chunk, i) => chunk === kept.current[i]);
  if (!isSame && !isMissing) kept.current = chunks;
  return { chunks: kept.current, skippedBytes, isComplete: chunks.length === numWanted };
}

function levelClass(level: string): string {
  return `lv-${level.toLowerCase().replace(/[^a-z]/g, "")}`;
}
