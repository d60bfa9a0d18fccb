import { totalmem } from "node:os";
import { expect, test } from "vitest";
import { memorySizeBytes } from "./memory-size.js";

test.each([
  [1000, 1000],
  ["0", 0],
  ["1GiB", 2 ** 30],
  ["1.5 gb", 1.5e9],
  ["500MB", 5e8],
  ["10 KiB", 10_240],
  ["50%", Math.floor(totalmem() / 2)],
])("%s of memory are %s bytes", (given, bytes) => {
  expect(memorySizeBytes(given)).toBe(bytes);
});

test.each(["", "lots", "-1GB", "1XB", "GiB", -1, Number.NaN])("%j is no amount of memory", (given) => {
  expect(() => memorySizeBytes(given)).toThrow('expected an amount of memory such as "4GiB" or "50%", got');
});
