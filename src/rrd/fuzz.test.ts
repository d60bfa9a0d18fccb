import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { exerciseRrd, largestAllocation } from "../../tests/support/exercise-rrd.js";
import { MUTATIONS, mutateRrd, Random } from "../../tests/support/mutate-rrd.js";

const FIXTURES = new URL("../../tests/fixtures/rrd/", import.meta.url);
const files = readdirSync(FIXTURES)
  .filter((name) => name.endsWith(".rrd"))
  .map((name) => new Uint8Array(readFileSync(new URL(name, FIXTURES))))
  .filter((bytes) => bytes.length < 40_000);

// The long version of this is bench/fuzz.ts.
it.each(MUTATIONS)(
  "a file with damaged %s ends in a result or a clear error, and asks for no memory it cannot fill",
  (mutation) => {
    let numChunks = 0;
    for (let seed = 0; seed < 250; seed++) {
      const random = new Random(1_000_000 + seed);
      const bytes = mutateRrd(random.pick(files), mutation, random);
      const allocated = largestAllocation(() => {
        numChunks += exerciseRrd(bytes);
      });
      expect(allocated, `seed ${seed}`).toBeLessThan((1 << 20) + 255 * bytes.length);
    }
    expect(numChunks).toBeGreaterThan(100);
  },
);
