import { describe, RerunError } from "../../../core/index.js";
import { Filter, negated } from "./filter.js";
import { numberText, quotedName, timestampText } from "./sql-text.js";
import { StringFilters } from "./string-filters.js";

/** The filters of a list's values. */
export type ListFilters = Omit<FilterColumn, "list">;

/**
 * Filters of one column, by the kind of its values: numbers (`eq`, `ge`, …), booleans (`isTrue`, …), texts (`str`), times (`before`,
 * `today`, …), lists (`list`). What is negated also selects null.
 *
 * The column's type is not known here: a filter of another kind is made as well, and the viewer tells when it does not fit.
 */
export class FilterColumn {
  readonly #name: string;
  readonly #column: string;
  readonly #isList: boolean;

  /** Made by `col`. @throws RerunError `InvalidArgument` for an empty name */
  constructor(name: string, options: { readonly isList?: boolean } = {}) {
    if (typeof name !== "string" || name === "") {
      throw new RerunError("InvalidArgument", `col: expected the name of a column, got ${describe(name)}`);
    }
    this.#name = name;
    this.#column = quotedName(name);
    this.#isList = options.isList ?? false;
  }

  /** The values of a column of lists: a row is selected when any of its values is. */
  get list(): ListFilters {
    return this.#isList ? this : new FilterColumn(this.#name, { isList: true });
  }

  /** Filters of texts. */
  get str(): StringFilters {
    return new StringFilters((predicate) => this.#where(predicate));
  }

  /** Rows whose number is `value`. @throws RerunError `InvalidArgument` for anything but a number; so do the other comparisons */
  eq(value: number | bigint): Filter {
    return this.#compare("eq", "=", value);
  }

  /** Rows whose number is not `value`, or null. */
  ne(value: number | bigint): Filter {
    return negated(this.#compare("ne", "=", value));
  }

  /** Rows whose number is less than `value`. */
  lt(value: number | bigint): Filter {
    return this.#compare("lt", "<", value);
  }

  /** Rows whose number is at most `value`. */
  le(value: number | bigint): Filter {
    return this.#compare("le", "<=", value);
  }

  /** Rows whose number is greater than `value`. */
  gt(value: number | bigint): Filter {
    return this.#compare("gt", ">", value);
  }

  /** Rows whose number is at least `value`. */
  ge(value: number | bigint): Filter {
    return this.#compare("ge", ">=", value);
  }

  /** Rows with true. */
  isTrue(): Filter {
    return this.#where((value) => `${value} = true`);
  }

  /** Rows with false. */
  isFalse(): Filter {
    return this.#where((value) => `${value} = false`);
  }

  /** Rows with false or null. */
  isNotTrue(): Filter {
    return negated(this.isTrue());
  }

  /** Rows with true or null. */
  isNotFalse(): Filter {
    return negated(this.isFalse());
  }

  /** Rows with null; of lists also empty ones and those with a null among their values. */
  isNull(): Filter {
    const filter = this.#where((value) => `${value} IS NULL`);
    if (!this.#isList) return filter;
    const isEmpty = `NOT ${this.#where(() => "true").sql}`;
    return new Filter(`${this.#column} IS NULL OR ${isEmpty} OR ${filter.sql}`);
  }

  /** Rows with a value; of lists those with values only. */
  isNotNull(): Filter {
    return negated(this.isNull());
  }

  /** Rows before `time`. @throws RerunError `InvalidArgument` for anything but a Date; so do the others with times */
  before(time: Date): Filter {
    const text = timestampText("before", time);
    return this.#where((value) => `${value} < ${text}`);
  }

  /** Rows at `time` or after it. */
  after(time: Date): Filter {
    const text = timestampText("after", time);
    return this.#where((value) => `${value} >= ${text}`);
  }

  /** Rows at `start` or after it, and before `end`. */
  between(start: Date, end: Date): Filter {
    return this.#range(timestampText("between", start), timestampText("between", end));
  }

  /** Rows that `between` does not select. */
  notBetween(start: Date, end: Date): Filter {
    return negated(this.#range(timestampText("notBetween", start), timestampText("notBetween", end)));
  }

  /** Rows of today, in the time zone of the viewer's queries; so are the days and weeks below. */
  today(): Filter {
    return this.#range(TODAY, `${TODAY} + INTERVAL '1 day'`);
  }

  /** Rows that `today` does not select. */
  notToday(): Filter {
    return negated(this.today());
  }

  /** Rows of yesterday. */
  yesterday(): Filter {
    return this.#range(`${TODAY} - INTERVAL '1 day'`, TODAY);
  }

  /** Rows that `yesterday` does not select. */
  notYesterday(): Filter {
    return negated(this.yesterday());
  }

  /** Rows of the last 24 hours. */
  last24Hours(): Filter {
    return this.#range("now() - INTERVAL '24 hours'", "now()");
  }

  /** Rows that `last24Hours` does not select. */
  notLast24Hours(): Filter {
    return negated(this.last24Hours());
  }

  /** Rows of this week. */
  thisWeek(): Filter {
    return this.#range(WEEK, `${WEEK} + INTERVAL '7 days'`);
  }

  /** Rows that `thisWeek` does not select. */
  notThisWeek(): Filter {
    return negated(this.thisWeek());
  }

  /** Rows of last week. */
  lastWeek(): Filter {
    return this.#range(`${WEEK} - INTERVAL '7 days'`, WEEK);
  }

  /** Rows that `lastWeek` does not select. */
  notLastWeek(): Filter {
    return negated(this.lastWeek());
  }

  #compare(call: string, operator: string, value: number | bigint): Filter {
    const text = numberText(call, value);
    return this.#where((each) => `${each} ${operator} ${text}`);
  }

  #range(low: string, high: string): Filter {
    return this.#where((value) => `${value} >= ${low} AND ${value} < ${high}`);
  }

  /** The viewer knows its own filters again by this text. */
  #where(predicate: (value: string) => string): Filter {
    return new Filter(this.#isList ? `any_match(${this.#column}, x -> ${predicate("x")})` : predicate(this.#column));
  }
}

const TODAY = "date_trunc('day', now())";
const WEEK = "date_trunc('week', now())";

/**
 * Begins a filter of a column.
 *
 * ```ts
 * const filters = [col("score").ge(3), col("task").str.contains("pick"), col("tags").list.str.doesNotContain("broken")];
 * ```
 * @param name the column's name in Arrow
 * @throws RerunError `InvalidArgument` for an empty name
 */
export function col(name: string): FilterColumn {
  return new FilterColumn(name);
}
