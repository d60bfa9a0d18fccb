import type { ViewerEvent } from "../../link/index.js";

/** What the user has picked in a viewer. */
export interface SelectedItem {
  readonly entityPath: string;
  /** Index of the point, box, … within the entity; absent = the whole entity. */
  readonly instance?: number;
  /** Where it was picked, in the view's space. */
  readonly position?: readonly [number, number, number];
}

/** Events of a viewer, by name. Times are sequence numbers or nanoseconds. */
export interface ViewerEvents {
  readonly selectionChange: { readonly items: readonly SelectedItem[] };
  readonly timeUpdate: { readonly timeline: string; readonly time: bigint };
  readonly timelineChange: { readonly timeline: string; readonly time: bigint };
  /** A recording is shown: the first one, or another segment of a dataset. */
  readonly recordingOpen: { readonly applicationId: string; readonly recordingId: string };
  readonly play: Record<never, never>;
  readonly pause: Record<never, never>;
}

export type ViewerEventName = keyof ViewerEvents;

export const VIEWER_EVENT_NAMES: readonly ViewerEventName[] = [
  "selectionChange",
  "timeUpdate",
  "timelineChange",
  "recordingOpen",
  "play",
  "pause",
];

/**
 * The event as listeners get it, from what a page sent; `undefined` for events that are not for listeners,
 * and for those that are not as they should be: a page is no trusted source.
 */
export function readEvent(event: ViewerEvent): { readonly [N in ViewerEventName]?: ViewerEvents[N] } | undefined {
  switch (event.type) {
    case "play":
      return { play: {} };
    case "pause":
      return { pause: {} };
    case "timeUpdate":
    case "timelineChange": {
      const { timeline, time } = event;
      if (typeof timeline !== "string" || typeof time !== "string" || !/^-?\d{1,19}$/.test(time)) return undefined;
      return { [event.type]: { timeline, time: BigInt(time) } };
    }
    case "recordingOpen": {
      const { applicationId, recordingId } = event;
      if (typeof applicationId !== "string" || typeof recordingId !== "string") return undefined;
      return { recordingOpen: { applicationId, recordingId } };
    }
    case "selectionChange":
      if (!Array.isArray(event.items)) return undefined;
      return { selectionChange: { items: event.items.filter((item) => typeof item?.entityPath === "string") } };
    default:
      return undefined;
  }
}
