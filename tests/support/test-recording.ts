import { ChunkBuilder, chunkFromColumns } from "../../src/chunk/index.js";
import { createTuidSource, normalizeEntityPath, type Timeline } from "../../src/core/index.js";
import { ChunkStore } from "../../src/store/index.js";
import type { AsComponents, ComponentColumn } from "../../src/types/index.js";

/** A time on a timeline of a test. */
export type TestTimes = readonly (readonly [Timeline, bigint])[];

/** A recording made in the page: logs straight into a store, one chunk a row (the store merges them). */
export class TestRecording {
  readonly store: ChunkStore = new ChunkStore();
  readonly #tuids = createTuidSource();

  log(path: string, archetype: AsComponents, times: TestTimes = []): void {
    const sorted = [...times].sort(([a], [b]) => (a.name < b.name ? -1 : 1));
    const builder = new ChunkBuilder({
      entityPath: normalizeEntityPath(path),
      timelines: sorted.map(([timeline]) => timeline),
      tuids: this.#tuids,
    });
    const row = builder.beginRow();
    sorted.forEach(([, time], i) => {
      builder.setTime(i, row, Number(BigInt.asIntN(32, time >> 32n)), Number(BigInt.asIntN(32, time)));
    });
    archetype.data.forEach((data, i) => {
      const layout = archetype.layouts[i];
      if (data !== undefined && layout !== undefined) builder.column(layout).append(row, data);
    });
    this.store.insert(builder.finish());
  }

  sendColumns(path: string, timeline: Timeline, times: BigInt64Array, columns: Iterable<ComponentColumn>): void {
    this.store.insert(
      chunkFromColumns({
        entityPath: normalizeEntityPath(path),
        times: [{ timeline, times }],
        columns: [...columns],
        tuids: this.#tuids,
      }),
    );
  }
}
