import { field, UTF8 } from "../core/index.js";
import { DataFrame, memorySource, textColumn } from "../dataset/index.js";
import type { Entry } from "./entry.js";

/** Entries as an HTML table. */
export function entryHtml(entries: readonly Entry[]): Promise<string> {
  const columns: readonly (readonly [string, (entry: Entry) => string])[] = [
    ["name", ({ name }) => name],
    ["kind", ({ kind }) => kind],
    ["id", ({ id }) => id],
    ["created_at", ({ createdAt }) => createdAt.toISOString()],
    ["updated_at", ({ updatedAt }) => updatedAt.toISOString()],
  ];
  const memory = {
    fields: columns.map(([name]) => field(name, UTF8, false)),
    metadata: new Map<string, string>(),
    batches:
      entries.length === 0
        ? []
        : [{ numRows: entries.length, columns: columns.map(([, textOf]) => textColumn(entries.map(textOf))) }],
  };
  return new DataFrame(memorySource(memory)).toHtml({ rows: entries.length });
}
