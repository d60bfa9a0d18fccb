import type { ComponentType } from "preact";
import type { ViewClass } from "../state/view-query.js";
import { SpatialView } from "./spatial-view.js";
import { TextDocumentView } from "./text-document-view.js";
import { TextLogView } from "./text-log-view.js";
import { TimeSeriesView } from "./time-series-view.js";
import type { ViewProps } from "./view-props.js";

/** What draws each class of view. */
export const VIEW_COMPONENTS: Readonly<Record<ViewClass, ComponentType<ViewProps>>> = {
  "3d": SpatialView,
  "2d": SpatialView,
  "time-series": TimeSeriesView,
  "text-log": TextLogView,
  "text-document": TextDocumentView,
};
