import type { DataframeQueryFields } from "../gen/blueprint-fields.js";

/** The fields of a query, with what is always said: cells are not filled and the table does not follow the time, unless told. */
export function dataframeQueryFields(options: DataframeQueryFields): DataframeQueryFields {
  return { ...options, applyLatestAt: options.applyLatestAt ?? false, autoScroll: options.autoScroll ?? false };
}
