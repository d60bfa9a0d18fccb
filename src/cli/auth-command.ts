import type { CAC } from "cac";
import { RerunError } from "../core/index.js";
import { mintToken, type Permission } from "../server/index.js";
import { readSecret } from "./server-command.js";

interface MintFlags {
  readonly secretFile?: string;
  readonly allowedHost?: string | readonly string[];
  readonly permission: string;
  readonly expiresIn: string | number;
  readonly subject?: string;
}

const UNITS_SEC: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const PERMISSIONS: readonly string[] = ["read", "read-write"];

/** `rerun-ts auth mint-token` */
export function addAuthCommand(cli: CAC): void {
  cli
    .command("auth <action>", "mint-token: print a token for a server that was started with --auth-secret-file")
    .option("--secret-file <file>", "The secret of the server")
    .option("--allowed-host <host>", "A host that clients may send the token to (several times)", { default: "127.0.0.1" })
    .option("--permission <permission>", "read or read-write", { default: "read" })
    .option("--expires-in <time>", "How long it is valid: 12h, 30d", { default: "30d" })
    .option("--subject <name>", "Whom it is for")
    .example("rerun-ts auth mint-token --secret-file secret --allowed-host localhost --permission read-write")
    .action((action: string, flags: MintFlags) => {
      if (action !== "mint-token")
        throw new RerunError("InvalidArgument", `There is no command "auth ${action}", there is: auth mint-token`);
      console.log(mint(flags, Math.floor(Date.now() / 1000)));
    });
}

function mint(flags: MintFlags, nowSec: number): string {
  if (flags.secretFile === undefined) throw new RerunError("InvalidArgument", "--secret-file is required");
  if (!PERMISSIONS.includes(flags.permission)) {
    throw new RerunError("InvalidArgument", `--permission takes read or read-write, got ${flags.permission}`);
  }
  const options = {
    allowedHosts: [flags.allowedHost ?? []].flat().map(String),
    permission: flags.permission as Permission,
    lifetimeSec: secondsOf(String(flags.expiresIn)),
    ...(flags.subject === undefined ? {} : { subject: String(flags.subject) }),
  };
  return mintToken(readSecret(String(flags.secretFile)), options, nowSec);
}

function secondsOf(text: string): number {
  const [, amount, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (amount === undefined) throw new RerunError("InvalidArgument", `--expires-in takes a number with s, m, h or d, got ${text}`);
  return Number(amount) * (UNITS_SEC[unit] ?? 1);
}
