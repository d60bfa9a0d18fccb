// One logging workload with the built package, as python_sdk.py does it with Rerun's: node logging-workload.mjs NAME N OUT.rrd
// Prints one line of JSON: seconds until the calls returned and until all was flushed, bytes of the file, peak memory, processor time of both.
import { statSync } from "node:fs";
import * as rr from "rerun-ts";

const [name, count, out] = process.argv.slice(2);
const n = Number(count);

const random = (length) => Float64Array.from({ length }, Math.random);

/** Prepares the input; what it gives is measured. */
const workloads = {
  scalars() {
    const values = random(n);
    return () => {
      for (let i = 0; i < n; i++) {
        if (i % 600 === 0) rr.setTime("frame", { sequence: i / 600 });
        rr.log(`scalar_${i % 600}`, new rr.Scalars(values[i]));
      }
    };
  },
  transforms() {
    const translations = new Float32Array(random(n * 3));
    const matrices = new Float32Array(random(n * 9));
    return () => {
      for (let i = 0; i < n; i++) {
        if (i % 10 === 0) rr.setTime("frame", { sequence: i / 10 });
        const translation = translations.subarray(i * 3, i * 3 + 3);
        const mat3x3 = matrices.subarray(i * 9, i * 9 + 9);
        rr.log(`transform_${i % 10}`, new rr.Transform3D({ translation, mat3x3 }));
      }
    };
  },
  points1() {
    const positions = new Float32Array(random(n * 3));
    return () => {
      for (let i = 0; i < n; i++) {
        rr.setTime("frame", { sequence: i });
        rr.log("single_point", new rr.Points3D(positions.subarray(i * 3, i * 3 + 3), { colors: [0xff0000ff], radii: [0.1] }));
      }
    };
  },
  batch() {
    const positions = new Float32Array(random(n * 3));
    const colors = Uint32Array.from({ length: n }, (_, i) => i);
    return () => rr.log("batch", new rr.Points3D(positions, { colors }));
  },
  image() {
    const data = Uint8Array.from({ length: 1024 * 1024 * 4 }, () => Math.random() * 16);
    return () => {
      for (let i = 0; i < n; i++) {
        data[i] = 255;
        rr.log("image", new rr.Image({ data, shape: [1024, 1024, 4] }));
      }
    };
  },
  columns() {
    const scalars = random(n);
    const sequence = BigInt64Array.from({ length: n }, (_, i) => BigInt(i));
    return () => rr.sendColumns("s", [new rr.TimeColumn("frame", { sequence })], rr.Scalars.columns({ scalars }));
  },
};

rr.init("bench");
rr.save(out);
const run = workloads[name]();
const cpuBefore = process.cpuUsage();
const start = performance.now();
run();
const calls = (performance.now() - start) / 1000;
await rr.flush();
const flushed = (performance.now() - start) / 1000;
const cpu = process.cpuUsage(cpuBefore);
rr.disconnect();
const rssMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ calls, flushed, bytes: statSync(out).size, rssMiB, cpuSec: (cpu.user + cpu.system) / 1e6 }));
