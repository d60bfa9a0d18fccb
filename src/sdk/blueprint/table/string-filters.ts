import { describe, RerunError } from "../../../core/index.js";
import { type Filter, negated } from "./filter.js";
import { quotedText } from "./sql-text.js";

/** Makes a filter from what must hold for a value, given the value's name in SQL. */
export type FilterMaker = (predicate: (value: string) => string) => Filter;

/** Filters of a column of texts, which are compared as they are, whatever their case. */
export class StringFilters {
  readonly #where: FilterMaker;

  constructor(where: FilterMaker) {
    this.#where = where;
  }

  /** Rows whose text has `text` in it. @throws RerunError `InvalidArgument` for an empty text */
  contains(text: string): Filter {
    return this.#like("contains", text, "%", "%");
  }

  /** Rows whose text does not have `text` in it, or is null; of lists: in none of their texts. @throws as `contains` */
  doesNotContain(text: string): Filter {
    return negated(this.#like("doesNotContain", text, "%", "%"));
  }

  /** Rows whose text begins with `text`. @throws as `contains` */
  startsWith(text: string): Filter {
    return this.#like("startsWith", text, "", "%");
  }

  /** Rows whose text ends with `text`. @throws as `contains` */
  endsWith(text: string): Filter {
    return this.#like("endsWith", text, "%", "");
  }

  #like(call: string, text: string, before: string, after: string): Filter {
    if (typeof text !== "string" || text === "") {
      throw new RerunError("InvalidArgument", `${call}: expected a text that is not empty, got ${describe(text)}`);
    }
    const escaped = text.replaceAll(/[%_\\]/g, (character) => `\\${character}`);
    const clause = escaped === text ? "" : ` ESCAPE ${quotedText("\\")}`;
    return this.#where((value) => `${value} ILIKE ${quotedText(before + escaped + after)}${clause}`);
  }
}
