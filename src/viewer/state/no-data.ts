import type { ChunkSummary } from "../../link/client.js";
import type { ViewClass, ViewQuery, ViewSpec } from "./view-query.js";

/** What such a view is about, where that is one component: without it the rest, styles for instance, shows nothing. */
const MAIN_COMPONENTS: { readonly [viewClass in ViewClass]?: string } = {
  "time-series": "Scalars:scalars",
  "text-log": "TextLog:text",
  "text-document": "TextDocument:text",
};

/** What a view says that has nothing to show: all of it is hidden, is not on the timeline, or is of other times. */
export function noDataText(
  spec: ViewSpec,
  query: Pick<ViewQuery, "timeline" | "isVisible">,
  chunksOf: (entityPath: string, component: string | undefined) => readonly ChunkSummary[],
): string {
  const { timeline } = query;
  if (!spec.entities.some((entityPath) => query.isVisible(entityPath))) return "Everything here is hidden";
  const component = MAIN_COMPONENTS[spec.viewClass];
  const isOnTimeline = ({ timelines }: ChunkSummary): boolean =>
    timelines.size === 0 || (timeline !== undefined && timelines.has(timeline));
  const hasAny = spec.entities.some((entityPath) => chunksOf(entityPath, component).some(isOnTimeline));
  return timeline === undefined || hasAny ? "No data at this time" : `No data on ${timeline}`;
}
