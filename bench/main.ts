/**
 * Measures this package against Rerun's Python SDK on this machine, and prints ratios. Nothing is asserted.
 *
 *   npm run bench -- [--json] [--repeats 3] [--scale 1] [WORKLOAD…]
 *   npm run bench -- --notebook [--json]     the way from kernel to page instead
 *   npm run bench -- --reading [--json] [--repeats 3] [--scale 1]     reading files instead
 *   npm run bench -- --dataframe [--json] [--repeats 3] [--scale 1]   dataframes instead
 *   npm run bench -- --store                 the chunk store alone, from 1 000 to 100 000 chunks
 *   npm run bench -- --client [--json]       Rerun's Python client on Rerun's server, and our client on it
 *   npm run bench -- --platform [--json]     Rerun's Python client on both servers instead
 *   npm run bench -- --load 60 [--json]      64 clients on our server for so many seconds instead
 *
 * `--scale 0.1` makes every workload a tenth as large: quicker, but then start-up and the compiler's warming up count.
 */
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { ROOT } from "../scripts/paths.mjs";
import { benchClient } from "./catalog-client.js";
import { benchDataframes, formatDataframes } from "./dataframe.js";
import { benchLogging, formatLogging } from "./logging.js";
import { benchNotebook, formatNotebook } from "./notebook.js";
import { benchPlatform, formatPlatform } from "./platform.js";
import { benchLoad } from "./platform-load.js";
import { benchReading, formatReading } from "./reading.js";
import { benchStore } from "./store.js";

const { values: options, positionals: only } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    notebook: { type: "boolean", default: false },
    reading: { type: "boolean", default: false },
    dataframe: { type: "boolean", default: false },
    platform: { type: "boolean", default: false },
    store: { type: "boolean", default: false },
    client: { type: "boolean", default: false },
    load: { type: "string" },
    repeats: { type: "string", default: "3" },
    scale: { type: "string", default: "1" },
  },
});

execFileSync(process.execPath, ["esbuild.config.mjs", "--quiet"], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}`;
if (options.notebook) {
  const notebook = await benchNotebook();
  console.log(options.json ? JSON.stringify({ machine, notebook }, undefined, 2) : `${machine}\n${formatNotebook(notebook)}`);
} else if (options.reading) {
  const reading = await benchReading({ repeats: Number(options.repeats), rows: Math.ceil(1e6 * Number(options.scale)) });
  console.log(options.json ? JSON.stringify({ machine, reading }, undefined, 2) : `${machine}\n${formatReading(reading)}`);
} else if (options.dataframe) {
  const frames = await benchDataframes({ repeats: Number(options.repeats), rows: Math.ceil(1e6 * Number(options.scale)) });
  console.log(options.json ? JSON.stringify({ machine, frames }, undefined, 2) : `${machine}\n${formatDataframes(frames)}`);
} else if (options.store) {
  console.log(machine);
  benchStore();
} else if (options.client) {
  const client = await benchClient();
  console.log(options.json ? JSON.stringify({ machine, client }, undefined, 2) : `${machine}\n${formatPlatform(client)}`);
} else if (options.platform) {
  const platform = await benchPlatform();
  console.log(options.json ? JSON.stringify({ machine, platform }, undefined, 2) : `${machine}\n${formatPlatform(platform)}`);
} else if (options.load !== undefined) {
  console.log(JSON.stringify({ machine, load: await benchLoad(Number(options.load)) }, undefined, 2));
} else {
  const logging = benchLogging({ repeats: Number(options.repeats), scale: Number(options.scale), only });
  console.log(options.json ? JSON.stringify({ machine, logging }, undefined, 2) : `${machine}\n${formatLogging(logging)}`);
}
