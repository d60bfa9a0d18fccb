import { describe, RerunError } from "../../../core/index.js";
import { type Column, distinctColumns } from "./column.js";

/** A table's records as rows and columns. */
export class TableLayout {
  readonly columns: readonly Column[];

  /** @param options `columns`: those to set up, in their order; the others follow. @throws RerunError `InvalidArgument` when one comes twice */
  constructor(options: { readonly columns?: readonly Column[] | undefined } = {}) {
    this.columns = distinctColumns("TableLayout.columns", options.columns);
  }
}

export interface CardLayoutOptions {
  /** Column of the cards' titles. Default: the first visible column of texts. */
  readonly title?: string | undefined;
  /** Column of what opens when a card is chosen. Default: the first visible one with previews. */
  readonly link?: string | undefined;
  /** Columns that are shown, in their order; the others are not. */
  readonly fields?: readonly Column[] | undefined;
}

/** A table's records as cards. */
export class CardLayout {
  readonly title: string | undefined;
  readonly link: string | undefined;
  readonly fields: readonly Column[];

  /** @throws RerunError `InvalidArgument` when a column comes twice, or has an empty name */
  constructor(options: CardLayoutOptions = {}) {
    this.title = nameOf("CardLayout.title", options.title);
    this.link = nameOf("CardLayout.link", options.link);
    this.fields = distinctColumns("CardLayout.fields", options.fields);
  }
}

/** The name of a column, when there is one. @throws RerunError `InvalidArgument` */
export function nameOf(place: string, name: string | undefined): string | undefined {
  if (name === undefined || (typeof name === "string" && name !== "")) return name;
  throw new RerunError("InvalidArgument", `${place}: expected the name of a column, got ${describe(name)}`);
}
