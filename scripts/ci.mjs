// What .ci/run runs: `npm test`, `npm run check`, `npm start -- --check`. The last line is the sum of all tests and checks.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { say, secondsSince } from "./run.mjs";

const folder = join(ROOT, ".cache", "ci");
mkdirSync(folder, { recursive: true });

const start = performance.now();
const totals = { passed: 0, failed: 0 };

await part("npm test", ["test"], "RERUN_TS_TEST_TOTALS");
await part("npm run check", ["run", "check"], "RERUN_TS_CHECK_TOTALS");
await part("npm start -- --check", ["start", "--", "--check"]);

say(`\nAll of it took ${secondsSince(start)}.`);
say(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;

/** Runs one command with its output shown; its own totals count, or else its exit code as one. */
async function part(title, args, totalsVariable) {
  say(`\n=== ${title}`);
  const totalsFile = join(folder, `${totalsVariable ?? "none"}.json`);
  rmSync(totalsFile, { force: true });
  const partStart = performance.now();
  const code = await new Promise((resolve) => {
    const env = { ...process.env, ...(totalsVariable ? { [totalsVariable]: totalsFile } : {}) };
    const child = spawn("npm", ["--silent", ...args], { cwd: ROOT, env, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () => resolve(127));
    child.on("close", (exitCode) => resolve(exitCode ?? 1));
  });
  const counts = existsSync(totalsFile)
    ? JSON.parse(readFileSync(totalsFile, "utf8"))
    : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  if (totalsVariable === undefined) say(`${code === 0 ? "ok  " : "FAIL"} ${title} (${secondsSince(partStart)})`);
}
