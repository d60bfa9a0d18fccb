/**
 * Reads damaged recordings: bits, lengths, cuts, protobuf, IPC, LZ4, footers. Says which ended in anything but a result or an
 * error of this package, took more than a second, or asked for more memory than allowed.
 *
 * Run: node scripts/run-ts.mjs bench/fuzz.ts [CASES] [SEED]
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ROOT } from "../scripts/paths.mjs";
import { exerciseRrd, largestAllocation } from "../tests/support/exercise-rrd.js";
import { MUTATIONS, mutateRrd, Random } from "../tests/support/mutate-rrd.js";

const [numCases = 100_000, firstSeed = 1] = process.argv.slice(2).map(Number);
const MAX_MS = 1000;
/** What LZ4 can make of a byte, and a free share: no file may ask for more at once. */
const MAX_BYTES_PER_BYTE = 255;
const FREE_BYTES = 1 << 20;

const folder = join(ROOT, "tests", "fixtures", "rrd");
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".rrd"))
  .map((name) => new Uint8Array(readFileSync(join(folder, name))))
  .filter((bytes) => bytes.length < 40_000);

// A case that never ends is told by another thread.
const shared = new Int32Array(new SharedArrayBuffer(4));
const watchdog = new Worker(
  `const { workerData } = require("node:worker_threads");
   let last = -1;
   setInterval(() => {
     const now = Atomics.load(workerData, 0);
     if (now === last) { require("node:fs").writeSync(2, "case of seed " + now + " hangs\\n"); process.kill(process.pid, "SIGKILL"); }
     last = now;
   }, 20000);`,
  { eval: true, workerData: shared },
);

const slowest = { ms: 0, seed: 0 };
const largest = { bytes: 0, seed: 0 };
const found: string[] = [];
const counts = new Map<string, number>();
for (let seed = firstSeed; seed < firstSeed + numCases; seed++) {
  Atomics.store(shared, 0, seed);
  const random = new Random(seed);
  const mutation = random.pick(MUTATIONS);
  const bytes = mutateRrd(random.pick(files), mutation, random);
  const start = process.cpuUsage();
  try {
    const allocated = largestAllocation(() => {
      counts.set(mutation, (counts.get(mutation) ?? 0) + exerciseRrd(bytes));
    });
    if (allocated > largest.bytes) Object.assign(largest, { bytes: allocated, seed });
    if (allocated > FREE_BYTES + MAX_BYTES_PER_BYTE * bytes.length) {
      found.push(`seed ${seed} (${mutation}): ${allocated} bytes at once for a file of ${bytes.length}`);
    }
  } catch (error) {
    found.push(`seed ${seed} (${mutation}): ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  // Of the processor: on a busy machine a case may wait for long.
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000;
  if (ms > slowest.ms) Object.assign(slowest, { ms, seed });
  if (ms > MAX_MS) found.push(`seed ${seed} (${mutation}): ${ms.toFixed(0)} ms`);
}
await watchdog.terminate();
console.log(
  `${numCases} files from seed ${firstSeed} on; whole chunks by kind of damage: ${JSON.stringify(Object.fromEntries(counts))}`,
);
console.log(
  `slowest ${slowest.ms.toFixed(0)} ms (seed ${slowest.seed}); largest piece ${largest.bytes} bytes (seed ${largest.seed})`,
);
for (const line of found) console.log(line);
console.log(`${found.length} found`);
process.exitCode = found.length === 0 ? 0 : 1;
