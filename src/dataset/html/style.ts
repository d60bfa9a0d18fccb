/**
 * The style sheet of tables. Colours follow the page: its text colour, and mixtures of it. The name is repeated where the rules
 * of notebooks for tables have to be outdone.
 */
export const STYLE: string = `
.rerun-ts-df { width: fit-content; max-width: 100%; box-sizing: border-box; margin: 2px 0; border: 1px solid var(--rerun-line); border-radius: 4px; overflow: hidden; font: 13px/1.45 var(--jp-ui-font-family, system-ui, sans-serif); color: var(--jp-ui-font-color1, inherit); background: var(--jp-layout-color0, transparent); --rerun-line: color-mix(in srgb, currentColor 14%, transparent); }
.rerun-ts-df > div { overflow-x: auto; }
.rerun-ts-df table { border-collapse: collapse; border: 0; margin: 0; font-size: inherit; width: auto; table-layout: auto; }
.rerun-ts-df.rerun-ts-df :is(th, td) { padding: 4px 11px; text-align: right; vertical-align: top; border: 0; max-width: none; line-height: inherit; font-variant-numeric: tabular-nums; white-space: nowrap; }
.rerun-ts-df.rerun-ts-df.rerun-ts-df.rerun-ts-df tr { background: none; border: 0; }
.rerun-ts-df.rerun-ts-df.rerun-ts-df.rerun-ts-df tbody tr:hover { background: color-mix(in srgb, currentColor 5%, transparent); }
.rerun-ts-df.rerun-ts-df tr > * { border-bottom: 1px solid var(--rerun-line); }
.rerun-ts-df.rerun-ts-df tbody tr:last-child > * { border-bottom: 0; }
.rerun-ts-df.rerun-ts-df th { font-weight: 600; vertical-align: bottom; }
.rerun-ts-df small { display: block; font-size: 11px; font-weight: 400; color: color-mix(in srgb, currentColor 65%, transparent); }
.rerun-ts-df.rerun-ts-df .text { text-align: left; }
.rerun-ts-df .text > div { width: max-content; max-width: 40ch; white-space: pre-wrap; overflow-wrap: anywhere; }
.rerun-ts-df :is(.null, .more) { color: color-mix(in srgb, currentColor 60%, transparent); }
.rerun-ts-df > p { margin: 0; padding: 4px 11px; border-top: 1px solid var(--rerun-line); font-size: 12px; color: color-mix(in srgb, currentColor 65%, transparent); }
.rerun-ts-df .swatch { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 4px; vertical-align: -1px; box-shadow: inset 0 0 0 1px color-mix(in srgb, currentColor 20%, transparent); }
.rerun-ts-df img { display: block; margin: 1px 0 1px auto; max-width: 96px; max-height: 54px; border-radius: 2px; }
.rerun-ts-df code { font-size: 12px; background: none; color: inherit; padding: 0; }
`.trim();
