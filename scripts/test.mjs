// `npm test`: puts everything in place and runs every test project, two at a time, one line each.
//
//   npm test                   all projects
//   npm test -- unit kernel    only these
//   RERUN_TS_TEST_TOTALS=FILE  also writes { passed, failed } there
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "./paths.mjs";
import { lastLines, run, say, secondsSince, twoAtATime } from "./run.mjs";
import { ensureBuild, ensureChromium, ensureNodeModules, ensureTestVenv } from "./setup.mjs";

/** Every project, quick ones first, and what it needs beyond npm packages and the built package. */
const PROJECTS = {
  unit: [],
  architecture: [],
  kernel: [],
  compat: [],
  conformance: [ensureTestVenv, ensureChromium],
  notebooks: [ensureTestVenv],
  browser: [ensureTestVenv, ensureChromium],
};

/** No project may take longer, with another beside it; the whole run fits in 20 minutes. On a busy machine RERUN_TS_TEST_TIMEOUT_SEC gives more. */
const PROJECT_TIMEOUT_SEC = Number(process.env.RERUN_TS_TEST_TIMEOUT_SEC ?? 900);

/** How much of a failure's message is shown. */
const SHOWN_LINES = 15;
const SHOWN_WIDTH = 200;

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in PROJECTS));
if (unknown.length > 0) {
  console.error(`Unknown test project ${unknown.join(", ")}. There are: ${Object.keys(PROJECTS).join(", ")}.`);
  process.exit(2);
}
const chosen = names.length > 0 ? names : Object.keys(PROJECTS);

const start = performance.now();
const totals = { passed: 0, failed: 0 };
try {
  say("Setting up");
  await ensureNodeModules();
  const built = await attempt(ensureBuild);
  // What takes minutes on a new machine goes on while the tests run that do not need it.
  const inPlace = new Map();
  for (const ensure of chosen.flatMap((name) => PROJECTS[name])) {
    if (!inPlace.has(ensure)) inPlace.set(ensure, attempt(ensure));
  }
  say(`Ready after ${secondsSince(start)}\n`);
  await twoAtATime(chosen, async (name) => {
    if (!built && name !== "unit") return; // the others drive the built package
    const needs = await Promise.all(PROJECTS[name].map((ensure) => inPlace.get(ensure)));
    if (needs.includes(false)) return;
    const { passed, failed } = await runProject(name);
    totals.passed += passed;
    totals.failed += failed;
  });
} catch (error) {
  console.error(error.message);
  totals.failed += 1;
}
say(`\n${totals.passed} tests passed, ${totals.failed} failed in ${secondsSince(start)}`);
if (process.env.RERUN_TS_TEST_TOTALS) writeFileSync(process.env.RERUN_TS_TEST_TOTALS, JSON.stringify(totals));
process.exitCode = totals.failed > 0 ? 1 : 0;

/** Whether `work` succeeded; a failure counts as one failed test, and the rest goes on. */
async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    console.error(error.message);
    totals.failed += 1;
    return false;
  }
}

async function runProject(name) {
  const folder = join(ROOT, ".cache", "test");
  const report = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  const projectStart = performance.now();
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const args = [
    vitest,
    "run",
    "--project",
    name,
    "--passWithNoTests",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const { code, output } = await run(process.execPath, args, { env: { NO_COLOR: "1" }, timeoutSec: PROJECT_TIMEOUT_SEC });
  writeFileSync(join(folder, `${name}.log`), output);
  const counts = countTests(report, code);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  say(
    `${counts.failed > 0 ? "FAIL" : "ok  "} ${name}: ${counts.passed} passed, ${counts.failed} failed${skipped} (${secondsSince(projectStart)})`,
  );
  if (counts.failed > 0) {
    const details = failures(report) || lastLines(output);
    say(`${indent(details)}\n  All of it: ${relative(ROOT, join(folder, `${name}.log`))}\n`);
  }
  return counts;
}

/** The failed tests with the beginning of their messages. */
function failures(report) {
  if (!existsSync(report)) return "";
  const shorten = (text) =>
    text
      .split("\n")
      .slice(0, SHOWN_LINES)
      .map((line) => line.slice(0, SHOWN_WIDTH))
      .join("\n");
  return JSON.parse(readFileSync(report, "utf8"))
    .testResults.flatMap((file) => {
      const place = relative(ROOT, file.name);
      const failed = file.assertionResults.filter((test) => test.status === "failed");
      if (file.status === "failed" && failed.length === 0) return [`${place}: ${shorten(file.message)}`];
      return failed.map((test) => `${place}: ${test.fullName}\n${indent(shorten(test.failureMessages.join("\n")))}`);
    })
    .join("\n");
}

/** A run that ends badly without a failed test (a file that does not load, a time-out) counts as one failure. */
function countTests(report, code) {
  const json = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
  const passed = json.numPassedTests ?? 0;
  const brokenFiles = (json.testResults ?? []).filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  const failed = (json.numFailedTests ?? 0) + brokenFiles;
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped: json.numPendingTests ?? 0 };
}

function indent(text) {
  return text.replaceAll(/^/gm, "  ");
}
