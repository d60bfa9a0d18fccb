import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatTime } from "../../core/index.js";
import { formatTimeShort, parseTime } from "../state/format-time.js";
import { moveTo, type TimelineSpan } from "../state/time-control.js";
import { useViewer } from "./viewer-context.js";

const HINTS = {
  sequence: "a number, e.g. 59",
  duration: "a duration, e.g. 1.5 s or 2 min 3 s",
  timestamp: "a time in UTC, e.g. 13:52:59.55 or 2026-11-23 13:52",
} as const;

/** Shows the current time; another one can be typed. */
export function TimeBox({ timeline, time }: { readonly timeline: TimelineSpan; readonly time: bigint }): JSX.Element {
  const { model, leave } = useViewer();
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const [isBad, setBad] = useState(false);
  const shown = typed ?? formatTimeShort(time, timeline.type, timeline.range);
  const stop = (): void => {
    setTyped(undefined);
    setBad(false);
  };
  const enter = (): void => {
    if (typed === undefined) return;
    const parsed = parseTime(typed, timeline.type, time);
    if (parsed === undefined) setBad(true);
    else {
      stop();
      model.setTime(moveTo(model.time.value, parsed));
    }
  };
  return (
    <input
      class="time"
      style={{ width: `${Math.max(7, shown.length + 2)}ch` }}
      aria-label={`Time on ${timeline.name}`}
      aria-invalid={isBad}
      title={isBad ? `Not understood. Type ${HINTS[timeline.type]}` : formatTime(time, timeline.type)}
      value={shown}
      spellcheck={false}
      onFocus={(event) => event.currentTarget.select()}
      onInput={(event) => {
        setTyped(event.currentTarget.value);
        setBad(false);
      }}
      onBlur={stop}
      onKeyDown={(event) => {
        if (event.key === "Enter") enter();
        else if (event.key === "Escape") {
          stop();
          leave();
        }
        event.stopPropagation();
      }}
    />
  );
}
