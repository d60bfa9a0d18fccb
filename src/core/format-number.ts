/** Numbers as the viewer and tables show them. */

export const MINUS = "−";

/** Digits in groups of three: `1 204 113`. */
export function groupDigits(value: bigint | number | string): string {
  const text = value.toString();
  const digits = text.replace("-", "");
  const grouped = digits.length <= 4 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, " ");
  return text.startsWith("-") ? `${MINUS}${grouped}` : grouped;
}

/** A number in few characters: at most `digits` significant ones, a real minus sign. */
export function formatNumber(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return String(value).replace("-", MINUS);
  const size = Math.abs(value);
  let text: string;
  if (Number.isInteger(value) && size < 1e15) text = groupDigits(value);
  else if (size >= 1e7 || size < 1e-4)
    text = value
      .toExponential(3)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  else text = String(Number(value.toPrecision(digits)));
  return text.replace("-", MINUS);
}

/** `19.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 99.95 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
