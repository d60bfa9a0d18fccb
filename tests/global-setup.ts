import { build } from "../esbuild.config.mjs";

/** Tests that drive the built package get the one of the present sources; a build that is up to date takes milliseconds. */
export default async function setup(): Promise<void> {
  await build({ log: (line) => console.log(line) });
}
