/** The repository's root folder. */
export declare const ROOT: string;
/** The Python environment that `npm start` runs JupyterLab from. */
export declare const START_VENV: string;
/** The Python environment of the tests. */
export declare const TEST_VENV: string;
/** The path of a command inside a Python environment. */
export declare function venvCommand(venv: string, name: string): string;
/** The Python of the tests; `RERUN_TS_TEST_PYTHON` names another. */
export declare function testPython(): string;
/** The real `rerun` command of the tests; `RERUN_TS_TEST_RERUN` names another. */
export declare function testRerun(): string;
/** A command of the tests' Python environment, such as `jupyter`. */
export declare function testCommand(name: string): string;
/** The Chromium of this machine, or undefined; `RERUN_TS_CHROMIUM` names another. */
export declare function findChromium(): string | undefined;
