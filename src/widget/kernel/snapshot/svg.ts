/** Pieces of SVG text. */
import type { Rgba } from "./values.js";

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const COLORS = { line: "#e0e3e6", text: "#1b1f23", muted: "#6a737d", surface: "#ffffff" } as const;

/** Text for XML: marks are written as references, what XML cannot hold becomes the replacement character. */
export function escapeXml(text: string): string {
  let out = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isControl = code < 32 && code !== 9 && code !== 10 && code !== 13;
    const isForbidden = isControl || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
    out += isForbidden ? "\ufffd" : "&<>\"'".includes(character) ? `&#${code};` : character;
  }
  return out;
}

/** With at most one decimal: the picture is measured in pixels. */
export function px(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 10) / 10) : "0";
}

export function css([r, g, b]: Rgba): string {
  return `#${[r, g, b]
    .map((v) =>
      Math.min(255, Math.max(0, Math.round(v)))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

export function textAt(
  x: number,
  y: number,
  text: string,
  options: { readonly color?: string; readonly weight?: number } = {},
): string {
  const weight = options.weight === undefined ? "" : ` font-weight="${options.weight}"`;
  return `<text x="${px(x)}" y="${px(y)}" fill="${options.color ?? COLORS.text}"${weight}>${escapeXml(text)}</text>`;
}

/** Cuts a line of small text to a width, by an average width of its letters. */
export function shorten(text: string, width: number): string {
  const flat = text.replaceAll(/\s+/g, " ");
  const max = Math.max(1, Math.floor(width / 6));
  return flat.length <= max ? flat : `${flat.slice(0, max - 1)}…`;
}

export function imageAt(rect: Rect, mediaType: string, bytes: Uint8Array): string {
  const data = Buffer.from(bytes).toString("base64");
  const place = `x="${px(rect.x)}" y="${px(rect.y)}" width="${px(rect.width)}" height="${px(rect.height)}"`;
  return `<image ${place} preserveAspectRatio="none" href="data:${mediaType};base64,${data}"/>`;
}
