// Prints the names that `import` and `require` do not share: there must be none.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const different = [];
let shared = 0;
for (const entry of ["rerun-ts", "rerun-ts/store", "rerun-ts/rrd"]) {
  const imported = await import(entry);
  const required = require(entry);
  for (const name of new Set([...Object.keys(required), ...Object.keys(imported)])) {
    if (name === "default" || name === "__esModule" || name === "module.exports") continue;
    if (imported[name] === required[name]) shared++;
    else different.push(`${entry}: ${name}`);
  }
}
console.log(JSON.stringify({ different, shared }));
