import { homedir } from "node:os";
import { join } from "node:path";

/** Where the platform keeps its data unless told otherwise: beside the user's other data. */
export function defaultDataFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  const name = join("rerun-ts", "server");
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), name);
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", name);
  return join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), name);
}
