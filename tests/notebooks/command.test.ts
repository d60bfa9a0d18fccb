import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly version: string };

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "dist", "cli", "main.cjs"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("the command rerun-ts", () => {
  it("says its version", () => {
    const { status, stdout, stderr } = run("--version");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^rerun-ts/${version.replaceAll(".", "\\.")} .*node-v\\d+.*\\n$`));
  });

  it("lists its commands and the options of each", () => {
    expect(run("--help")).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("jupyter <action>") });
    expect(run("jupyter", "--help")).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("--sys-prefix") });
  });

  it.each([
    { args: [], said: "No command was given." },
    { args: ["nope"], said: 'There is no command "nope".' },
    { args: ["jupyter"], said: "missing required args" },
    { args: ["jupyter", "nope"], said: 'There is no command "jupyter nope".' },
    { args: ["jupyter", "install", "--bad"], said: "Unknown option `--bad`" },
    { args: ["jupyter", "install", "--user", "--sys-prefix"], said: "Only one place can be given, got --sys-prefix and --user." },
  ])("ends with 2 for a command line it does not understand: $args", ({ args, said }) => {
    expect(run(...args)).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining(said) });
  });

  it("ends with 1 when it cannot do what was asked", () => {
    const prefix = mkdtempSync(join(tmpdir(), "rerun-ts-command-"));
    try {
      const folder = join(prefix, "share", "jupyter", "kernels", "tslab");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "kernel.json"), JSON.stringify({ argv: ["another"] }));
      const said = "There is another kernel specification of that name, which starts: another\nTo replace it: ";
      expect(run("jupyter", "install", "--prefix", prefix)).toMatchObject({
        status: 1,
        stdout: "",
        stderr: expect.stringContaining(said),
      });
    } finally {
      rmSync(prefix, { recursive: true });
    }
  });
});
