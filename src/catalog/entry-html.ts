import { field, UTF8 } from "../core/index.js";
import { int64Column, type MemoryFrame, renderFrame, textColumn } from "../dataset/index.js";
import type { Entry } from "./entry.js";

const TIME = { kind: "timestamp", unit: "ns" } as const;

/** Entries as an HTML table. @param note stands below it beside their number: where they are */
export function entryHtml(entries: readonly Entry[], note = ""): string {
  const texts = (of: (entry: Entry) => string) => textColumn(entries.map(of));
  const times = (of: (entry: Entry) => Date) =>
    int64Column(
      TIME,
      entries.map((entry) => BigInt(of(entry).getTime()) * 1_000_000n),
    );
  const columns = [
    texts((e) => e.name),
    texts((e) => e.kind),
    texts((e) => e.id),
    times((e) => e.createdAt),
    times((e) => e.updatedAt),
  ];
  const frame: MemoryFrame = {
    fields: [
      ...["name", "kind", "id"].map((name) => field(name, UTF8, false)),
      ...["created_at", "updated_at"].map((name) => field(name, TIME, false)),
    ],
    metadata: new Map(),
    batches: entries.length === 0 ? [] : [{ numRows: entries.length, columns }],
  };
  return renderFrame(frame, { rows: entries.length }, { note });
}
