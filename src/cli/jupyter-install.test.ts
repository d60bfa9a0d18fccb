import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installKernelSpec } from "./jupyter-install.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-install-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const around = (env: Record<string, string> = {}) => ({ env: { HOME: folder, ...env }, platform: "linux" as const });
const specFile = () => join(folder, "share", "jupyter", "kernels", "tslab", "kernel.json");
const install = (more: object = {}) => installKernelSpec({ prefix: folder, around: around(), ...more });

describe("jupyter install", () => {
  it("writes a specification whose programs have absolute paths that exist", () => {
    expect(install()).toMatchObject({ file: specFile(), outcome: "written" });
    const spec = JSON.parse(readFileSync(specFile(), "utf8"));
    expect(spec).toMatchObject({ display_name: "TypeScript", language: "typescript" });
    expect(spec.argv.slice(2)).toEqual(["kernel", "--config-path", "{connection_file}"]);
    for (const path of spec.argv.slice(0, 2)) expect([path, isAbsolute(path), existsSync(path)]).toEqual([path, true, true]);
  });

  it("leaves the same specification alone", () => {
    install();
    expect(install().outcome).toBe("unchanged");
  });

  it("never overwrites another one without force, and shows what that one starts", () => {
    mkdirSync(join(specFile(), ".."), { recursive: true });
    writeFileSync(specFile(), '{"argv": ["tslab", "kernel"]}');
    expect(() => install()).toThrow(/which starts: tslab kernel\n.*--force/);
    expect(readFileSync(specFile(), "utf8")).toBe('{"argv": ["tslab", "kernel"]}');
    expect(install({ force: true }).outcome).toBe("replaced");
  });

  it("installs for the user where Jupyter looks", () => {
    const data = join(folder, "data");
    const report = installKernelSpec({ user: true, around: around({ JUPYTER_DATA_DIR: data }) });
    expect(report.file).toBe(join(data, "kernels", "tslab", "kernel.json"));
    const byDefault = installKernelSpec({ around: around({ JUPYTER_DATA_DIR: data }) });
    expect(byDefault).toMatchObject({ file: report.file, outcome: "unchanged" });
  });

  it("asks the Python in use for its prefix", () => {
    const python = join(folder, "python");
    writeFileSync(python, `#!/bin/sh\necho ${folder}\n`);
    chmodSync(python, 0o755);
    expect(installKernelSpec({ sysPrefix: true, around: around({ RERUN_TS_PYTHON: python }) }).file).toBe(specFile());
    const broken = around({ RERUN_TS_PYTHON: join(folder, "none") });
    expect(() => installKernelSpec({ sysPrefix: true, around: broken })).toThrow(/Python cannot be run: .*none/);
  });

  it("refuses two places at once", () => {
    expect(() => install({ user: true })).toThrow(/Only one place can be given, got --user and --prefix/);
  });

  it("says what is missing and the command that mends it", () => {
    expect(install().missing).toEqual([
      `JupyterLab was not found in ${folder}. To install it: ${join(folder, "bin", "pip")} install jupyterlab anywidget`,
    ]);
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin", "jupyter-lab"), "");
    expect(install().missing).toEqual([
      `JupyterLab has no anywidget extension, so viewers stay empty. To install it: ${join(folder, "bin", "pip")} install anywidget`,
    ]);
    mkdirSync(join(folder, "share", "jupyter", "labextensions", "anywidget"), { recursive: true });
    expect(install().missing).toEqual([]);
  });
});
