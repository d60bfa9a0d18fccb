import type { JSX } from "preact";
import { formatTimeShort } from "../state/format-time.js";
import {
  chooseTimeline,
  currentTime,
  currentTimeline,
  follow,
  nextLoopMode,
  pause,
  play,
  SPEEDS,
} from "../state/time-control.js";
import { Icon, type IconName } from "./icons.js";
import { Menu } from "./menu.js";
import { TimeBox } from "./time-box.js";
import { TimeTrack } from "./time-track.js";
import { useViewer } from "./viewer-context.js";

const LOOP_LABELS = { off: "Loop: off", all: "Loop: all", selection: "Loop: selection" } as const;

/** Playing and moving in time, on one line. Draws nothing when there is no timeline. */
export function TimeBar(): JSX.Element | null {
  const { model } = useViewer();
  const state = model.time.value;
  const timeline = currentTimeline(state);
  const time = currentTime(state);
  if (timeline === undefined || time === undefined) return null;
  const button = (icon: IconName, label: string, act: () => void, isOn?: boolean, extra = ""): JSX.Element => (
    <button
      type="button"
      class={`btn ${isOn === true ? "on" : ""} ${extra}`}
      title={label}
      aria-label={label}
      aria-pressed={isOn}
      onClick={act}
    >
      <Icon name={icon} />
    </button>
  );
  const toggle = (): void => model.setTime(state.isPlaying ? pause(state) : play(state));
  return (
    <div class="bar bottom" role="toolbar" aria-label="Time">
      {button(state.isPlaying ? "pause" : "play", state.isPlaying ? "Pause" : "Play", toggle, undefined, "text")}
      {button("previous", "Previous data", () => model.step("previous"), undefined, "narrow")}
      {button("next", "Next data", () => model.step("next"), undefined, "narrow")}
      {button("loop", LOOP_LABELS[state.loop], () => model.setTime(nextLoopMode(state)), state.loop !== "off", "wide")}
      {model.index.value.isLive &&
        button(
          "follow",
          "Follow the newest data",
          () => model.setTime(follow(state, !state.isFollowing)),
          state.isFollowing,
          "wide",
        )}
      <Menu
        class=""
        label={`Timeline: ${timeline.name}`}
        entries={state.timelines.map(({ name, type }) => ({
          label: name,
          note: type,
          isChecked: name === timeline.name,
          choose: () => model.setTime(chooseTimeline(model.time.value, name)),
        }))}
      >
        {timeline.name} <span class="muted">▾</span>
      </Menu>
      <Menu
        class="wide"
        label="Speed"
        entries={SPEEDS.map((speed) => ({
          label: `${speed}×`,
          isChecked: speed === state.speed,
          choose: () => model.setTime({ ...model.time.value, speed }),
        }))}
      >
        {state.speed}×
      </Menu>
      <TimeTrack timeline={timeline} time={time} selection={state.selections.get(timeline.name)} />
      <TimeBox timeline={timeline} time={time} />
      <span class="sr" role="status">
        {state.isPlaying ? "" : formatTimeShort(time, timeline.type, timeline.range)}
      </span>
    </div>
  );
}
