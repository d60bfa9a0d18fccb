// What .ci/run runs: `npm test`, then `npm run check` and `npm start -- --check` side by side.
// The last line is the sum of all tests and checks.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { run, say, secondsSince } from "./run.mjs";

const folder = join(ROOT, ".cache", "ci");
mkdirSync(folder, { recursive: true });

const start = performance.now();
const totals = { passed: 0, failed: 0 };

await part("npm test", ["test"], "RERUN_TS_TEST_TOTALS");
await Promise.all([
  part("npm run check", ["run", "check"], "RERUN_TS_CHECK_TOTALS", { isShownAtEnd: true }),
  part("npm start -- --check", ["start", "--", "--check"], undefined, { isShownAtEnd: true }),
]);

say(`\nAll of it took ${secondsSince(start)}.`);
say(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;

/** Runs one command and shows its output; its own totals count, or else its exit code as one. */
async function part(title, args, totalsVariable, { isShownAtEnd = false } = {}) {
  const totalsFile = join(folder, `${totalsVariable ?? "none"}.json`);
  rmSync(totalsFile, { force: true });
  const env = totalsVariable ? { [totalsVariable]: totalsFile } : {};
  const partStart = performance.now();
  if (!isShownAtEnd) say(`\n=== ${title}`);
  const { code, output } = await run("npm", ["--silent", ...args], { env, isShown: !isShownAtEnd });
  if (isShownAtEnd) say(`\n=== ${title}\n${output.trimEnd()}`);
  const counts = existsSync(totalsFile)
    ? JSON.parse(readFileSync(totalsFile, "utf8"))
    : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  if (totalsVariable === undefined) say(`${code === 0 ? "ok  " : "FAIL"} ${title} (${secondsSince(partStart)})`);
}
