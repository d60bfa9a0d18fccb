/** Images that are compressed here and by Rerun's Python SDK. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import { blobBytes } from "../../src/types/encode/blobs.js";

/** As `pixels` in python/check_compressed.py. */
function pixels(...shape: number[]): { data: Uint8Array; shape: number[] } {
  const length = shape.reduce((product, size) => product * size, 1);
  return { data: Uint8Array.from({ length }, (_, i) => Math.floor((i * 7) / 50) % 256), shape };
}

function fileOf({ layouts, data }: rr.AsComponents): Uint8Array {
  const index = layouts.findIndex(({ descriptor }) => descriptor.component.endsWith(":blob"));
  const [layout, blob] = [layouts[index], data[index]];
  if (layout === undefined || blob === undefined) throw new Error("the image was not compressed");
  return blobBytes(layout.type, blob) ?? new Uint8Array(0);
}

it("compressed images decode to the same pixels as Python's, and are about as large", async () => {
  const depth8 = pixels(30, 20);
  const depth16 = { data: Uint16Array.from(depth8.data, (value) => value * 257), shape: depth8.shape };
  const images = {
    gray: await new rr.Image(pixels(40, 60)).compress(),
    rgb: await new rr.Image(pixels(40, 60, 3)).compress({ jpegQuality: 80 }),
    bgr: await new rr.Image(pixels(40, 60, 3), { colorModel: "BGR" }).compress({ jpegQuality: 80 }),
    depth8: await new rr.DepthImage(depth8).compress(),
    depth16: await new rr.DepthImage(depth16).compress({ compressLevel: 9 }),
  };
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-compress-"));
  try {
    for (const [name, image] of Object.entries(images)) writeFileSync(join(folder, `${name}.bin`), fileOf(image));
    const script = join(ROOT, "tests", "conformance", "python", "check_compressed.py");
    const printed = execFileSync(testPython(), [script, folder], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    const results = JSON.parse(printed) as Record<string, { difference: number | string; theirs: number; ours: number }>;
    expect(Object.keys(results)).toEqual(Object.keys(images));
    for (const [name, { difference, theirs, ours }] of Object.entries(results)) {
      expect([name, difference]).toEqual([name, 0]);
      expect(ours).toBeLessThan(theirs * 1.1 + 100);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
