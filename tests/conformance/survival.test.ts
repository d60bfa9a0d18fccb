import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import { rerunPrint, rerunVerify } from "../support/rerun-compare.js";

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

function printed(path: string): string {
  return rerunPrint(path);
}

/** Rows of an entity, as the real program counts them. */
function rows(path: string, entity = "/s"): number {
  const lines = printed(path)
    .split("\n")
    .filter((line) => line.includes(` - ${entity} - `));
  return lines.reduce((sum, line) => sum + Number(/with (\d+) rows/.exec(line)?.[1] ?? 0), 0);
}

/** The start of a program that saves, in its own thread or with one for the file. */
function saving(path: string, threadAfterMillis: number): string {
  return `rr.init("survival"); rr.setSinks([new rr.FileSink(${JSON.stringify(path)}, { threadAfterMillis: ${threadAfterMillis} })]);\n`;
}

const BOTH = [
  ["in the program's thread", 1e9],
  ["in a thread of its own", -1],
] as const;

it.each(BOTH)("a program killed at any moment leaves a file with all that it flushed: %s", async (_, threadAfterMillis) => {
  for (let round = 0; round < 10; round++) {
    const path = join(folder, "killed.rrd");
    const source = `${saving(path, threadAfterMillis)}
      const noise = Float32Array.from({ length: 30000 }, Math.random);
      async function work() {
        for (let round = 1; ; round++) {
          for (let i = 0; i < 200; i++) rr.log("s", new rr.Scalars(i));
          rr.log("cloud", new rr.Points3D(noise));
          await rr.flush();
          require("fs").writeSync(1, round + "\\n");
        }
      }
      work();`;
    const child = spawn(process.execPath, [program("killed", source)], { stdio: ["ignore", "pipe", "inherit"] });
    const delay = Math.random() * 200;
    let told = "";
    child.stdout.on("data", (data: Buffer) => {
      if (told === "") setTimeout(() => child.kill("SIGKILL"), delay);
      told += data.toString();
    });
    const [, signal] = await once(child, "close");
    expect(signal).toBe("SIGKILL");
    const flushed = Number(told.trim().split("\n").at(-1));
    expect(rows(path), `${flushed} rounds, killed after ${delay} ms`).toBeGreaterThanOrEqual(200 * flushed);
    expect(rows(path, "/cloud")).toBeGreaterThanOrEqual(flushed);
  }
});

const ENDINGS = [
  ["runs to its end", ""],
  ["calls process.exit", "process.exit(0);"],
  ["throws", "throw new Error('on purpose');"],
] as const;

it.each(ENDINGS.flatMap((ending) => BOTH.map(([where, millis]) => [ending[0], where, ending[1], millis] as const)))(
  "a program that %s leaves everything it logged, with the footer: %s",
  async (name, _, end, threadAfterMillis) => {
    const path = join(folder, "ended.rrd");
    const source = `${saving(path, threadAfterMillis)}
      const noise = Float32Array.from({ length: 3000000 }, Math.random);
      for (let i = 0; i < 500; i++) rr.log("s", new rr.Scalars(i));
      for (let i = 0; i < 10; i++) rr.log("cloud", new rr.Points3D(noise));
      ${end}`;
    await once(spawn(process.execPath, [program(name.replaceAll(" ", "-"), source)], { stdio: "ignore" }), "exit");
    expect([rows(path), rows(path, "/cloud")]).toEqual([500, 10]);
    rerunVerify(path);
  },
);

it.each(BOTH)("what does not fit on the disk is counted, what fits later is written: %s", async (_, threadAfterMillis) => {
  const path = join(folder, "full.rrd");
  const source = `${saving(path, threadAfterMillis)}
    const noise = Float32Array.from({ length: 300000 }, Math.random);
    async function work() {
      const told = [];
      const flush = () => rr.flush().catch((error) => told.push([error.code, error.loss]));
      rr.log("s", new rr.Scalars(1)); await flush();
      for (let i = 0; i < 2; i++) rr.log("cloud", new rr.Points3D(noise));
      await flush();
      rr.log("s", new rr.Scalars(2)); await flush();
      await rr.close().catch((error) => told.push(error.message));
      console.log(JSON.stringify(told));
    }
    work();`;
  // A limit on the size of files stands for a disk that is full: 256 KiB.
  const limited = ["-c", 'ulimit -f 256; exec "$0" "$1"', process.execPath, program("full", source)];
  const child = spawn("bash", limited, { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (err += data.toString()));
  await once(child, "close");
  expect(JSON.parse(out)).toEqual([["SinkFailed", expect.objectContaining({ numRows: 2, reason: "EFBIG: file too large" })]]);
  expect(err.match(/Data of the recording were lost/g)).toHaveLength(1);
  expect(rows(path)).toBe(2);
  rerunVerify(path);
});

it("a program that logs faster than the disk takes it waits, and its memory stays within bounds", async () => {
  const source = `${saving(join(folder, "much.rrd"), -1)}
    const image = { data: new Uint8Array(1 << 22).map(() => Math.random() * 256), shape: [1024, 1024, 4] };
    for (let i = 0; i < 250; i++) { image.data[i] = i; rr.log("image", new rr.Image(image)); }
    console.log(process.resourceUsage().maxRSS / 1024);`;
  const child = spawn(process.execPath, [program("much", source)], { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  await once(child, "close");
  // A gigabyte was logged.
  expect(Number(out)).toBeLessThan(500);
  expect(rows(join(folder, "much.rrd"), "/image")).toBe(250);
});

it.each(BOTH)("an open recording does not keep the program alive, and no signal handler is registered: %s", async (_, millis) => {
  const source = `${saving(join(folder, "idle.rrd"), millis)}
    rr.log("s", new rr.Scalars(1));
    rr.flush().then(() => {
      rr.log("s", new rr.Scalars(2));
      if (process.listenerCount("SIGINT") + process.listenerCount("SIGTERM") > 0) process.exit(3);
    });`;
  const [code] = await once(spawn(process.execPath, [program("idle", source)], { stdio: "ignore", timeout: 20_000 }), "exit");
  expect(code).toBe(0);
  expect(rows(join(folder, "idle.rrd"))).toBe(2);
});

it("standard output carries a recording; when nobody reads on, the program does, and says what was lost", async () => {
  const source = `
    rr.init("survival"); rr.stdout();
    const noise = Float32Array.from({ length: 300000 }, Math.random);
    async function work() {
      for (let i = 0; i < 500; i++) rr.log("s", new rr.Scalars(i));
      if (process.argv[2] === "whole") return;
      await new Promise((resolve) => process.stdin.on("end", resolve).resume());
      for (let i = 0; i < 10; i++) rr.log("cloud", new rr.Points3D(noise));
      const error = await rr.flush().catch((error) => error);
      console.error("told:" + JSON.stringify(error));
    }
    work();`;
  const file = program("stdout", source);
  const path = join(folder, "stdout.rrd");
  execFileSync("bash", ["-c", '"$0" "$1" whole > "$2"', process.execPath, file, path]);
  expect(rows(path)).toBe(500);
  rerunVerify(path);
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdout.once("data", () => child.stdout.destroy());
  child.stdout.once("close", () => child.stdin.end());
  let err = "";
  child.stderr.on("data", (data: Buffer) => (err += data.toString()));
  const [code] = await once(child, "close");
  expect(code).toBe(0);
  const told = JSON.parse(/told:(.*)/.exec(err)?.[1] ?? "{}") as { code: string; loss: { numRows: number } };
  expect([told.code, told.loss.numRows]).toEqual(["SinkFailed", expect.toSatisfy((numRows: number) => numRows >= 10)]);
  expect(err.match(/Data of the recording were lost/g)).toHaveLength(1);
});

it("memory stays flat while ten million scalars are logged into a file", async () => {
  const source = `
    rr.init("survival"); rr.save(${JSON.stringify(join(folder, "flat.rrd"))});
    const paths = Array.from({ length: 10 }, (_, i) => "s/" + i);
    const mib = [];
    for (let i = 0; i < 1e7; i++) {
      if (i % 10 === 0) rr.setTime("frame", { sequence: i });
      rr.log(paths[i % 10], new rr.Scalars(i));
      if (i % 1e6 === 999999) {
        gc();
        const { heapUsed, external } = process.memoryUsage();
        mib.push([heapUsed / 2 ** 20, external / 2 ** 20]);
      }
    }
    console.log(JSON.stringify({ mib, rss: process.resourceUsage().maxRSS / 1024 }));`;
  const out = execFileSync(process.execPath, ["--expose-gc", program("flat", source)], { encoding: "utf8" });
  const { mib, rss } = JSON.parse(out) as { mib: [number, number][]; rss: number };
  const grown = [0, 1].map(
    (kind) => Math.max(...mib.slice(5).map((m) => m[kind] ?? 0)) - Math.max(...mib.slice(0, 2).map((m) => m[kind] ?? 0)),
  );
  // The index of the file's chunks grows: a few hundred bytes for some two thousand rows.
  expect(Math.max(...grown), JSON.stringify(mib)).toBeLessThan(16);
  expect(rss).toBeLessThan(350);
});
