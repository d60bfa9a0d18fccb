import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryChunk } from "../../tests/support/arbitrary-chunk.js";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import { createTuidSource } from "../core/index.js";
import { chunksFromRecordBatch, chunkToRecordBatch } from "./arrow.js";

const none = (): void => undefined;
const options = { tuids: createTuidSource(), warn: none, leftOut: none };

it("a chunk's record batch is that chunk again, ids included", () => {
  fc.assert(
    fc.property(arbitraryChunk(), (chunk) => {
      fc.pre(chunk.components.size > 0);
      const [again, ...others] = chunksFromRecordBatch(chunkToRecordBatch(chunk), options);
      expect(others).toEqual([]);
      if (again === undefined) throw new Error("no chunk");
      expect([again.id, again.entityPath]).toEqual([chunk.id, chunk.entityPath]);
      expect(chunkRows(again)).toEqual(chunkRows(chunk));
    }),
  );
});
