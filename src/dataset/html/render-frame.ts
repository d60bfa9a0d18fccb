import { sliceArray } from "../../chunk/index.js";
import type { ArrayData, Field } from "../../core/index.js";
import { batchBytes } from "../../store/index.js";
import type { MemoryFrame } from "../frame-source.js";
import { escapeHtml, renderCell } from "./cell.js";
import { formatBytes, formatCount } from "./format.js";
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
}

/** Columns beyond these are counted, not drawn. */
const MAX_COLUMNS = 40;

/** Colours follow the page: its text colour, and mixtures of it. */
const STYLE = `
.rerun-ts-df { border-collapse: collapse; font: 13px/1.45 system-ui, sans-serif; color: var(--jp-ui-font-color1, inherit); margin: 2px 0; }
.rerun-ts-df th, .rerun-ts-df td { padding: 4px 10px; text-align: right; vertical-align: top; background: none; border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); font-variant-numeric: tabular-nums; white-space: nowrap; }
.rerun-ts-df th { font-weight: 600; vertical-align: bottom; }
.rerun-ts-df small { display: block; font-size: 11px; font-weight: 400; opacity: .65; }
table.rerun-ts-df tr .text.text { text-align: left; }
.rerun-ts-df .text > div { width: max-content; max-width: 40ch; white-space: pre-wrap; overflow-wrap: anywhere; }
.rerun-ts-df .null, .rerun-ts-df .more { opacity: .55; }
.rerun-ts-df .foot td { text-align: left; border-bottom: 0; opacity: .65; }
.rerun-ts-df .swatch { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
.rerun-ts-df img { display: block; margin-left: auto; max-width: 96px; max-height: 48px; image-rendering: auto; }
.rerun-ts-df code { font-size: 12px; }
`.trim();

/** The first rows of a table as HTML that can stand in any page: everything from data is escaped. */
export function renderFrame(frame: MemoryFrame, options: HtmlOptions, whole: WholeFrame = {}): string {
  const limit = Math.max(0, options.rows ?? 10);
  const held = frame.batches.reduce((sum, batch) => sum + batch.numRows, 0);
  const shown = Math.min(limit, held);
  const fields = frame.fields.slice(0, MAX_COLUMNS);
  const head = fields.map(renderHeader).join("");
  const rows: string[] = [];
  for (const batch of frame.batches) {
    for (let row = 0; row < batch.numRows && rows.length < shown; row++) {
      const one = batch.columns.map((column) => sliceArray(column, row, 1));
      rows.push(`<tr>${fields.map((field, i) => renderValue(field, one[i], frame.fields, one)).join("")}</tr>`);
    }
  }
  const foot = `<tr class="foot"><td colspan="${Math.max(1, fields.length)}">${escapeHtml(summary(frame, held, shown, whole))}</td></tr>`;
  return `<style>${STYLE}</style><table class="rerun-ts-df"><thead><tr>${head}</tr></thead><tbody>${rows.join("")}${foot}</tbody></table>`;
}

function summary(frame: MemoryFrame, held: number, shown: number, whole: WholeFrame): string {
  const total = whole.numRows ?? (whole.sizeBytes === undefined ? held : undefined);
  const rows =
    total === undefined
      ? `first ${formatCount(shown)} rows`
      : total === shown
        ? `${formatCount(total)} ${total === 1 ? "row" : "rows"}`
        : `${formatCount(shown)} of ${formatCount(total)} rows`;
  const count = frame.fields.length;
  const columns = `${formatCount(count)} ${count === 1 ? "column" : "columns"}${count > MAX_COLUMNS ? `, ${MAX_COLUMNS} shown` : ""}`;
  const bytes = whole.sizeBytes ?? frame.batches.reduce((sum, batch) => sum + batchBytes(batch), 0);
  return [rows, columns, formatBytes(bytes)].join(" · ");
}

/** Entity in bold, component and type below; of other columns the name and the type. */
function renderHeader(field: Field): string {
  const entity = field.metadata?.get("rerun:entity_path");
  const component = field.metadata?.get("rerun:component");
  const kind = typeName(field.type);
  const [name, detail] =
    entity === undefined || component === undefined ? [field.name, kind] : [entity, `${component} · ${kind}`];
  const isStatic = field.metadata?.get("rerun:is_static") === "true" ? " · static" : "";
  return `<th${isText(field) ? ' class="text"' : ""}>${escapeHtml(name)}<small>${escapeHtml(detail + isStatic)}</small></th>`;
}

function renderValue(
  field: Field,
  array: ArrayData | undefined,
  fields: readonly Field[],
  row: readonly (ArrayData | undefined)[],
): string {
  const html =
    array === undefined ? undefined : renderCell(field, array, (name) => row[fields.findIndex((each) => each.name === name)]);
  if (html === undefined) return '<td class="null">null</td>';
  // The element inside has a width of its own: a cell would shrink to one letter beside wide columns.
  return isText(field) ? `<td class="text"><div>${html}</div></td>` : `<td>${html}</td>`;
}

function isText({ type }: Field): boolean {
  return type.kind === "utf8" || (type.kind === "list" && type.item.type.kind === "utf8");
}
