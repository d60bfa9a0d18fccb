import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cac } from "cac";
import { isRerunError } from "../core/index.js";
import { addAuthCommand } from "./auth-command.js";
import { installKernelSpec } from "./jupyter-install.js";
import { addServerCommand } from "./server-command.js";

/** Exit code for a command line that cannot be understood, as the real `rerun` has it. */
const USAGE_ERROR = 2;

interface JupyterFlags {
  readonly sysPrefix?: boolean;
  readonly user?: boolean;
  readonly prefix?: string | number;
  readonly force?: boolean;
}

async function main(argv: string[]): Promise<void> {
  const cli = cac("rerun-ts");
  cli
    .command("jupyter <action>", "install: write the kernel specification that lets JupyterLab run TypeScript notebooks")
    .option("--sys-prefix", "Into the Python environment in use (default when one is active)")
    .option("--user", "For this user (default otherwise)")
    .option("--prefix <dir>", "Into DIR/share/jupyter")
    .option("--force", "Replace a different specification of that name")
    .example("rerun-ts jupyter install --sys-prefix")
    .action((action: string, flags: JupyterFlags) => jupyter(action, flags));
  addServerCommand(cli, packageVersion());
  addAuthCommand(cli);
  cli.help();
  cli.version(packageVersion());
  try {
    cli.parse(argv, { run: false });
    if (cli.matchedCommand !== undefined) await cli.runMatchedCommand();
    else if (!cli.options.help && !cli.options.version) usageError(cli.args[0]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    const isUsage = isRerunError(error, "InvalidArgument") || (error instanceof Error && error.name === "CACError");
    process.exitCode = isUsage ? USAGE_ERROR : 1;
    process.disconnect?.(); // a program that started this one is not waited for
  }
}

function jupyter(action: string, flags: JupyterFlags): void {
  if (action !== "install") {
    usageError(`jupyter ${action}`);
    return;
  }
  const { prefix, ...others } = flags;
  const report = installKernelSpec(prefix === undefined ? others : { ...others, prefix: String(prefix) });
  const said = { written: "Wrote", replaced: "Replaced", unchanged: "Already there:" };
  console.log(`${said[report.outcome]} ${report.file}`);
  for (const line of report.missing) console.error(line);
}

function usageError(what: string | undefined): void {
  console.error(what === undefined ? "No command was given." : `There is no command "${what}".`);
  console.error("All commands: rerun-ts --help");
  process.exitCode = USAGE_ERROR;
}

function packageVersion(): string {
  const manifest = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "package.json");
  return String((JSON.parse(readFileSync(manifest, "utf8")) as { version: unknown }).version);
}

void main(process.argv);
