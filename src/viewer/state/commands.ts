import type { ViewerCommand } from "../../link/client.js";
import { chooseTimeline, moveTo, pause, play } from "./time-control.js";
import type { ViewerModel } from "./viewer-model.js";

/** Does what code in a cell asks for; `screenshot` is left to whoever can draw. @returns whether it was done */
export function runCommand(model: ViewerModel, command: ViewerCommand): boolean {
  switch (command.kind) {
    case "setTime": {
      const chosen = chooseTimeline(model.time.value, command.timeline);
      const isKnown = chosen.timeline === command.timeline;
      if (isKnown) model.setTime(command.time === undefined ? chosen : moveTo(chosen, BigInt(command.time)));
      return isKnown;
    }
    case "play":
      model.setTime(play(model.time.value));
      return true;
    case "pause":
      model.setTime(pause(model.time.value));
      return true;
    case "select":
      if (command.entityPath === null) model.select([]);
      else {
        const { entityPath, instance } = command;
        model.select([instance === undefined ? { entityPath } : { entityPath, instance }]);
      }
      return true;
    case "focus":
      model.focusEntity(command.entityPath);
      return true;
    case "setRecording":
      model.segments.value?.choose(command.recordingId);
      return true;
    case "screenshot":
      return false;
  }
}
