/** Numbers as tables show them. */

const THIN_SPACE = "\u2009";

/** `1 204 113`. */
export function formatCount(count: number | bigint): string {
  const digits = String(count);
  return digits.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** `84.9 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Up to five significant digits, with a proper minus sign. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value))
    return value === Number.NEGATIVE_INFINITY ? "−∞" : value === Number.POSITIVE_INFINITY ? "∞" : "NaN";
  const size = Math.abs(value);
  const text =
    Number.isInteger(value) && size < 1e15
      ? String(value)
      : size !== 0 && (size < 1e-4 || size >= 1e15)
        ? value.toExponential(3)
        : String(Number(value.toPrecision(Math.max(5, Math.ceil(Math.log10(size)) + 2))));
  return text.replace(/^-/, "−").replace(/e-/, "e−");
}

/** UTC time of nanoseconds since 1970, without what is zero at its end. */
export function formatTimestamp(nanos: bigint): string {
  const millis = nanos / 1_000_000n - (nanos % 1_000_000n < 0n ? 1n : 0n);
  const date = new Date(Number(millis));
  if (Number.isNaN(date.getTime())) return `${nanos} ns`;
  const fraction = (((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  const [day, time] = date.toISOString().slice(0, 19).split("T");
  return `${day} ${time}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Seconds of nanoseconds, exact. */
export function formatDuration(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = (size % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return `${nanos < 0n ? "−" : ""}${size / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`} s`;
}
