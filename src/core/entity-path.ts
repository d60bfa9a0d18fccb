import type { WarningReporter } from "./warnings.js";

const ALPHANUMERIC = /[\p{Alphabetic}\p{N}]/u;
const PLAIN_PART = /^[A-Za-z0-9_.-]+$/;
const ESCAPABLE = /[!-/:-@[-`{-~ ]/;
const WHITESPACE = /\s/u;
const UNICODE_ESCAPE = /^u\{([0-9a-fA-F]{1,6})\}/;

/**
 * The unescaped parts of a path, read forgivingly: empty parts fall away (so a leading, doubled or trailing `/` is
 * harmless and the empty text is the root), escapes are decoded, and what is not escaped but should be is kept and reported.
 */
export function parseEntityPath(text: string, warn?: WarningReporter): string[] {
  if (!text.includes("\\") && !WHITESPACE.test(text)) return text.split("/").filter((part) => part !== "");
  const problems = new Set<string>();
  const parts: string[] = [];
  let part = "";
  for (let i = 0; i < text.length; ) {
    const char = text[i] as string;
    if (char === "/") {
      if (part !== "") parts.push(part);
      part = "";
      i += 1;
    } else if (char === "\\") {
      const [decoded, used] = decodeEscape(text.slice(i + 1, i + 11), problems);
      part += decoded;
      i += 1 + used;
    } else {
      if (WHITESPACE.test(char)) problems.add("Unescaped whitespace");
      part += char;
      i += 1;
    }
  }
  if (part !== "") parts.push(part);
  if (warn !== undefined) {
    for (const problem of problems) {
      warn({ code: "InvalidPath", message: `${problem} in entity path "${text}": read as ${formatEntityPath(parts)}` });
    }
  }
  return parts;
}

/** What the text after a backslash stands for, and how many UTF-16 units of it were used. */
function decodeEscape(rest: string, problems: Set<string>): [decoded: string, used: number] {
  const char = rest[0];
  if (char === undefined) {
    problems.add("Trailing backslash");
    return ["\\", 0];
  }
  if (char === "n") return ["\n", 1];
  if (char === "r") return ["\r", 1];
  if (char === "t") return ["\t", 1];
  const unicode = UNICODE_ESCAPE.exec(rest);
  if (unicode !== null) {
    const code = Number.parseInt(unicode[1] as string, 16);
    if (code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) return [String.fromCodePoint(code), unicode[0].length];
  }
  if (!ESCAPABLE.test(char)) problems.add(`Unknown escape "\\${char}"`);
  return [char, 1];
}

/** One part as it stands in a canonical path: everything but letters, digits, `_`, `-` and `.` is escaped. */
export function escapeEntityPathPart(part: string): string {
  if (PLAIN_PART.test(part)) return part;
  let text = "";
  for (const char of part) {
    if (char === "_" || char === "-" || char === "." || ALPHANUMERIC.test(char)) text += char;
    else if (char === "\n") text += "\\n";
    else if (char === "\r") text += "\\r";
    else if (char === "\t") text += "\\t";
    else if (ESCAPABLE.test(char)) text += `\\${char}`;
    else text += `\\u{${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}}`;
  }
  return text;
}

/** Canonical text of unescaped parts, with a leading `/`; no parts give the root, `/`. */
export function formatEntityPath(parts: readonly string[]): string {
  if (parts.length === 0) return "/";
  let text = "";
  for (const part of parts) if (part !== "") text += `/${escapeEntityPathPart(part)}`;
  return text === "" ? "/" : text;
}

/** Canonical text of any path text. */
export function normalizeEntityPath(text: string, warn?: WarningReporter): string {
  return formatEntityPath(parseEntityPath(text, warn));
}

/**
 * Rerun's order of canonical paths: part by part, parts that start with `__` last, runs of digits as numbers,
 * without regard to case first and with it when still equal.
 */
export function compareEntityPaths(a: string, b: string): number {
  if (a === b) return 0;
  const left = parseEntityPath(a);
  const right = parseEntityPath(b);
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const order = compareParts(left[i] as string, right[i] as string);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareParts(a: string, b: string): number {
  if (a === b) return 0;
  const reserved = Number(a.startsWith("__")) - Number(b.startsWith("__"));
  return reserved || compareNatural(a.toLowerCase(), b.toLowerCase()) || (a < b ? -1 : 1);
}

const DIGITS = /\d+/y;

function compareNatural(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = digitsAt(a, i);
    const right = digitsAt(b, j);
    if (left !== "" && right !== "") {
      const order = compareNumbers(left, right);
      if (order !== 0) return order;
      i += left.length;
      j += right.length;
    } else {
      const difference = a.charCodeAt(i) - b.charCodeAt(j);
      if (difference !== 0) return difference;
      i += 1;
      j += 1;
    }
  }
  return a.length - i - (b.length - j);
}

function digitsAt(text: string, index: number): string {
  DIGITS.lastIndex = index;
  return DIGITS.exec(text)?.[0] ?? "";
}

function compareNumbers(a: string, b: string): number {
  const left = a.replace(/^0+/, "");
  const right = b.replace(/^0+/, "");
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}

/** The path above, or `undefined` for the root. */
export function parentPath(path: string): string | undefined {
  if (path === "/") return undefined;
  const slash = lastSlash(path);
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** Whether `path` is `ancestor` or lies below it. Both canonical. */
export function isAtOrBelow(path: string, ancestor: string): boolean {
  return ancestor === "/" || path === ancestor || path.startsWith(`${ancestor}/`);
}

/** The unescaped last part; the empty text for the root. */
export function lastPart(path: string): string {
  return parseEntityPath(path.slice(lastSlash(path)))[0] ?? "";
}

/** Index of the last `/` that is not escaped: in a canonical path a `/` inside a part follows an odd number of backslashes. */
function lastSlash(path: string): number {
  for (let i = path.length - 1; i >= 0; i--) {
    if (path[i] !== "/") continue;
    let backslashes = 0;
    while (path[i - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return i;
  }
  return 0;
}
