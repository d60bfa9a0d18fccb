import { sliceArray } from "../../chunk/index.js";
import { type ArrayData, type Field, formatBytes, groupDigits } from "../../core/index.js";
import { batchBytes } from "../../store/index.js";
import type { MemoryFrame } from "../frame-source.js";
import { escapeHtml, renderCell } from "./cell.js";
import { type CellFormat, cellFormat } from "./cell-format.js";
import { STYLE } from "./style.js";
import { typeName } from "./type-name.js";

export interface HtmlOptions {
  /** Rows that are shown. Default: 10. */
  readonly rows?: number | undefined;
}

/** What is known of the whole frame, of which the table shows the first rows. */
export interface WholeFrame {
  /** Its rows, when they were counted. */
  readonly numRows?: number | undefined;
  readonly sizeBytes?: number | undefined;
  /** What is told below the table in place of columns and size; the columns then explain themselves, and have no types. */
  readonly note?: string | undefined;
}

/** Columns beyond these are counted, not drawn. */
const MAX_COLUMNS = 40;

const NULL = '<span class="null">null</span>';

/** A longer type stands in the heading's title. */
const MAX_MEMBERS = 2;

/** The first rows of a table as HTML that can stand in any page: everything from data is escaped. */
export function renderFrame(frame: MemoryFrame, options: HtmlOptions, whole: WholeFrame = {}): string {
  const held = frame.batches.reduce((sum, batch) => sum + batch.numRows, 0);
  const rows = firstRows(frame, Math.max(0, options.rows ?? 10));
  const fields = frame.fields.slice(0, MAX_COLUMNS);
  const formats = fields.map((field, i) =>
    cellFormat(
      field,
      rows.flatMap((row) => row[i] ?? []),
    ),
  );
  const head = fields.map((field) => renderHeader(field, whole.note === undefined)).join("");
  const body = rows.map((row) => {
    const other = (name: string): ArrayData | undefined => row[frame.fields.findIndex((field) => field.name === name)];
    return `<tr>${fields.map((field, i) => renderValue(field, row[i], formats[i], other)).join("")}</tr>`;
  });
  const foot = escapeHtml(summary(frame, held, rows.length, whole));
  const table = `<table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`;
  return `<style>${STYLE}</style><div class="rerun-ts-df"><div>${table}</div><p>${foot}</p></div>`;
}

/** Each column of a row as an array of one element. */
function firstRows({ batches }: MemoryFrame, limit: number): ArrayData[][] {
  const rows: ArrayData[][] = [];
  for (const { numRows, columns } of batches) {
    for (let row = 0; row < numRows && rows.length < limit; row++) {
      rows.push(columns.map((column) => sliceArray(column, row, 1)));
    }
  }
  return rows;
}

function summary(frame: MemoryFrame, held: number, shown: number, whole: WholeFrame): string {
  const total = whole.numRows ?? (whole.sizeBytes === undefined ? held : undefined);
  const rows =
    total === undefined
      ? `first ${groupDigits(shown)} rows`
      : total === shown
        ? `${groupDigits(total)} ${total === 1 ? "row" : "rows"}`
        : `${groupDigits(shown)} of ${groupDigits(total)} rows`;
  const count = frame.fields.length;
  const columns = `${groupDigits(count)} ${count === 1 ? "column" : "columns"}${count > MAX_COLUMNS ? `, ${MAX_COLUMNS} shown` : ""}`;
  if (whole.note !== undefined) return whole.note === "" ? rows : `${rows} · ${whole.note}`;
  const bytes = whole.sizeBytes ?? frame.batches.reduce((sum, batch) => sum + batchBytes(batch), 0);
  return [rows, columns, formatBytes(bytes)].join(" · ");
}

/** Entity in bold, component and type below; of other columns the name and the type. */
function renderHeader(field: Field, hasType: boolean): string {
  const entity = field.metadata?.get("rerun:entity_path");
  const component = field.metadata?.get("rerun:component");
  const type = field.metadata?.get("rerun:kind") === "index" ? indexKind(field) : typeName(field.type, MAX_MEMBERS);
  const details = [component ?? [], type, field.metadata?.get("rerun:is_static") === "true" ? "static" : []].flat();
  const title = `${field.name}: ${typeName(field.type)}`;
  const attributes = `${isText(field) ? ' class="text"' : ""} title="${escapeHtml(title)}"`;
  const name = component === undefined ? field.name : (entity ?? field.name);
  const below = hasType ? `<small>${escapeHtml(details.join(" · "))}</small>` : "";
  return `<th${attributes}>${escapeHtml(name)}${below}</th>`;
}

function indexKind({ type }: Field): string {
  return type.kind === "int" ? "sequence" : type.kind === "timestamp" ? "timestamp · UTC" : typeName(type);
}

function renderValue(
  field: Field,
  array: ArrayData | undefined,
  format: CellFormat | undefined,
  other: (name: string) => ArrayData | undefined,
): string {
  const html = array === undefined || format === undefined ? undefined : renderCell(field, array, format, other);
  if (html === undefined) return `<td${isText(field) ? ' class="text"' : ""}>${NULL}</td>`;
  // The element inside has a width of its own: a cell would shrink to one letter beside wide columns.
  return isText(field) ? `<td class="text"><div>${html}</div></td>` : `<td>${html}</td>`;
}

function isText({ type }: Field): boolean {
  return type.kind === "utf8" || (type.kind === "list" && type.item.type.kind === "utf8");
}
