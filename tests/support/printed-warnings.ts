import { afterEach, beforeEach, vi } from "vitest";
import { resetWarnings, setStrict } from "../../src/core/index.js";

/** The warnings that the running test has caused, in place of being printed. Lenient mode is on again after each test. */
export function printedWarnings(): readonly string[] {
  const warnings: string[] = [];
  beforeEach(() => {
    warnings.length = 0;
    resetWarnings();
    vi.spyOn(console, "warn").mockImplementation((text: string) => {
      warnings.push(text);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    setStrict(false);
  });
  return warnings;
}
