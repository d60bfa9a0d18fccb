// `npm run check`: everything that is true of the sources without running them. All checks run, two at a time, one line each.
//
//   npm run check              all checks
//   npm run check -- types     only these
//   RERUN_TS_CHECK_TOTALS=FILE also writes { passed, failed } there
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "./paths.mjs";
import { lastLines, run, say, secondsSince, twoAtATime } from "./run.mjs";
import { ensureNodeModules } from "./setup.mjs";

const bin = (name) => join(ROOT, "node_modules", ".bin", name);

/** Not by its name in .bin: tslab's own compiler has the same one. */
const TSC = [process.execPath, join(ROOT, "node_modules", "typescript", "bin", "tsc"), "-p"];

/** Each check gives the text of what is wrong, or nothing. */
const CHECKS = {
  types: () => all([...TSC, "tsconfig.json"], [...TSC, "tsconfig.node.json"], [...TSC, "tsconfig.browser.json"]),
  lint: () => all([bin("biome"), "ci", "--colors=off", "--error-on-warnings", "--max-diagnostics=40"]),
  layers: () => all([bin("depcruise"), "--config", ".dependency-cruiser.cjs", "src"]),
  "dead code": () => all([bin("knip"), "--no-progress", "--no-config-hints"]),
  "generated code": checkGenerated,
  size: () => all([process.execPath, "scripts/size.mjs"]),
};

const names = process.argv.slice(2);
const totals = { passed: 0, failed: 0 };
await ensureNodeModules();
mkdirSync(join(ROOT, ".cache", "tsc"), { recursive: true });
await twoAtATime(Object.entries(CHECKS), async ([name, check]) => {
  if (names.length > 0 && !names.includes(name)) return;
  const start = performance.now();
  let fault;
  try {
    fault = await check();
  } catch (error) {
    fault = error.message;
  }
  totals[fault === undefined ? "passed" : "failed"] += 1;
  say(`${fault === undefined ? "ok  " : "FAIL"} ${name} (${secondsSince(start)})`);
  if (fault !== undefined) say(`${lastLines(fault).replaceAll(/^/gm, "  ")}\n`);
});
say(`\n${totals.passed} checks passed, ${totals.failed} failed`);
if (process.env.RERUN_TS_CHECK_TOTALS) writeFileSync(process.env.RERUN_TS_CHECK_TOTALS, JSON.stringify(totals));
process.exitCode = totals.failed > 0 ? 1 : 0;

async function all(...commands) {
  const faults = [];
  await twoAtATime(commands, async ([command, ...args]) => {
    const { code, output } = await run(command, args, { env: { NO_COLOR: "1" } });
    if (code !== 0) faults.push(output.trim() || `${command} ended with ${code}`);
    else if (args[0] === "scripts/size.mjs") say(output.trimEnd());
  });
  return faults.length > 0 ? faults.join("\n") : undefined;
}

/** Generated code is up to date when making it again changes nothing. */
async function checkGenerated() {
  const before = hashGenerated();
  const { code, output } = await run("npm", ["run", "--silent", "codegen"]);
  if (code !== 0) return output;
  const after = hashGenerated();
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
  return changed.length > 0 ? `npm run codegen changed:\n${changed.sort().join("\n")}` : undefined;
}

function hashGenerated() {
  const hashes = new Map();
  const visit = (folder, generated) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path, generated || entry.name === "gen");
      else if (generated) hashes.set(relative(ROOT, path), createHash("sha256").update(readFileSync(path)).digest("hex"));
    }
  };
  visit(join(ROOT, "src"), false);
  return hashes;
}
