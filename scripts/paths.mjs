// Where things lie in this repository, and which programs its tools and tests use. Needs nothing installed.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Python environment that `npm start` runs JupyterLab from. */
export const START_VENV = join(ROOT, ".venv");

/** The Python environment of the tests: the real Rerun SDK, JupyterLab and the photos of scikit-image. */
export const TEST_VENV = join(ROOT, ".cache", "test-venv");

const BIN = process.platform === "win32" ? "Scripts" : "bin";

/**
 * The path of a command inside a Python environment.
 *
 * @param {string} venv
 * @param {string} name such as `python` or `jupyter`
 */
export function venvCommand(venv, name) {
  return join(venv, BIN, process.platform === "win32" ? `${name}.exe` : name);
}

/** The Python of the tests; `RERUN_TS_TEST_PYTHON` names another. */
export function testPython() {
  return process.env.RERUN_TS_TEST_PYTHON || venvCommand(TEST_VENV, "python");
}

/** The real `rerun` command of the tests; `RERUN_TS_TEST_RERUN` names another. */
export function testRerun() {
  return process.env.RERUN_TS_TEST_RERUN || testCommand("rerun");
}

/**
 * A command of the tests' Python environment, such as `jupyter`: it lies beside `testPython()`.
 *
 * @param {string} name
 */
export function testCommand(name) {
  return join(dirname(testPython()), process.platform === "win32" ? `${name}.exe` : name);
}

const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The Chromium of this machine, or undefined; `RERUN_TS_CHROMIUM` names another. */
export function findChromium() {
  if (process.env.RERUN_TS_CHROMIUM) return process.env.RERUN_TS_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(":").filter(Boolean);
  for (const name of CHROMIUM_NAMES) {
    for (const folder of folders) {
      const file = join(folder, name);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}
