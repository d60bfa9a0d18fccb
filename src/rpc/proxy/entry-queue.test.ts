import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryQueue, type QueueEntry } from "./entry-queue.js";

test("a queue answers as a sorted list does, whatever is removed", () => {
  const removals = fc.array(fc.nat(400), { maxLength: 300 });
  const looks = fc.array(fc.integer({ min: -1, max: 420 }), { maxLength: 20 });
  fc.assert(
    fc.property(removals, looks, (removed, seqs) => {
      const entries = Array.from({ length: 200 }, (_, i): QueueEntry => ({ seq: 2 * i, sizeBytes: i }));
      const queue = new EntryQueue<QueueEntry>();
      for (const entry of entries) queue.push(entry);
      const left = new Map(entries.map((entry) => [entry.seq, entry]));
      for (const seq of removed) {
        const entry = left.get(seq);
        if (entry !== undefined) queue.remove(entry);
        left.delete(seq);
      }
      const list = [...left.values()];
      expect([...queue]).toEqual(list);
      expect([queue.length, queue.sizeBytes]).toEqual([list.length, list.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)]);
      expect(queue.first()).toBe(list[0]);
      for (const seq of seqs) {
        expect(queue.after(seq)).toBe(list.find((entry) => entry.seq > seq));
        expect(queue.before(seq)).toBe(list.filter((entry) => entry.seq < seq).at(-1));
      }
    }),
  );
});
