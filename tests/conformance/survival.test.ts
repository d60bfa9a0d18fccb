import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ROOT, testRerun } from "../../scripts/paths.mjs";

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-survival-"));
const rerunTs = createRequire(join(ROOT, "package.json")).resolve("rerun-ts");

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A Node program that logs with the built package. */
function program(name: string, body: string): string {
  const file = join(folder, `${name}.cjs`);
  writeFileSync(file, `const rr = require(${JSON.stringify(rerunTs)});\n${body}`);
  return file;
}

function rows(path: string): number {
  const printed = execFileSync(testRerun(), ["rrd", "print", path], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return [...printed.matchAll(/with (\d+) rows .* - \/s - /g)].reduce((sum, match) => sum + Number(match[1]), 0);
}

it("a killed program leaves a file that can be read up to the last flush", async () => {
  const path = join(folder, "killed.rrd");
  const source = `
    rr.init("survival"); rr.save(${JSON.stringify(path)});
    for (let i = 0; i < 500; i++) rr.log("s", new rr.Scalars(i));
    rr.flush().then(() => {
      for (let i = 0; i < 100; i++) rr.log("s", new rr.Scalars(i));
      process.kill(process.pid, "SIGKILL");
    });`;
  const [, signal] = await once(spawn(process.execPath, [program("killed", source)]), "exit");
  expect(signal).toBe("SIGKILL");
  expect(rows(path)).toBe(500);
});

it.each([
  ["runs to its end", ""],
  ["calls process.exit", "process.exit(0);"],
  ["throws", "throw new Error('on purpose');"],
])("a program that %s leaves everything it logged, with the footer", async (name, end) => {
  const path = join(folder, "ended.rrd");
  const source = `
    rr.init("survival"); rr.save(${JSON.stringify(path)});
    for (let i = 0; i < 500; i++) rr.log("s", new rr.Scalars(i));
    ${end}`;
  await once(spawn(process.execPath, [program(name.replaceAll(" ", "-"), source)], { stdio: "ignore" }), "exit");
  expect(rows(path)).toBe(500);
  execFileSync(testRerun(), ["rrd", "verify", path], { stdio: "pipe" });
});

it("an open recording does not keep the program alive, and no signal handler is registered", async () => {
  const source = `
    rr.init("survival"); rr.save(${JSON.stringify(join(folder, "idle.rrd"))});
    rr.log("s", new rr.Scalars(1));
    if (process.listenerCount("SIGINT") + process.listenerCount("SIGTERM") > 0) process.exit(3);`;
  const [code] = await once(spawn(process.execPath, [program("idle", source)], { stdio: "ignore", timeout: 20_000 }), "exit");
  expect(code).toBe(0);
});
