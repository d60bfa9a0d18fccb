import { currentTimeline, moveTo, pause, play } from "./time-control.js";
import type { ViewerModel } from "./viewer-model.js";

/** Moves in time as the key says. */
export function advanceTo(model: ViewerModel, key: " " | "ArrowLeft" | "ArrowRight" | "Home" | "End"): void {
  const state = model.time.value;
  const timeline = currentTimeline(state);
  if (timeline === undefined) return;
  if (key === " ") model.setTime(state.isPlaying ? pause(state) : play(state));
  else if (key === "ArrowLeft") model.step("previous");
  else if (key === "ArrowRight") model.step("next");
  else model.setTime(moveTo(state, key === "Home" ? timeline.range.min : timeline.range.max));
}
