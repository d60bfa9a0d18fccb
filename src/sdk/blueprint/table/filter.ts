import { describe, RerunError } from "../../../core/index.js";

/**
 * Selects the rows of a table by an expression in SQL, in the dialect of DataFusion. `col` makes those that the viewer shows as
 * filters to be edited; any other is shown as text.
 */
export class Filter {
  readonly sql: string;

  /** @param sql tells true or false: `"task" ILIKE '%pick%'` @throws RerunError `InvalidArgument` when it is empty */
  constructor(sql: string) {
    if (typeof sql !== "string" || sql.trim() === "") {
      throw new RerunError("InvalidArgument", `Filter: expected an expression in SQL, got ${describe(sql)}`);
    }
    this.sql = sql;
  }

  toString(): string {
    return this.sql;
  }
}

/** The rows for which `filter` is false or null, as the viewer writes its negated filters. */
export function negated(filter: Filter): Filter {
  return new Filter(`(${filter.sql}) IS NOT TRUE`);
}
