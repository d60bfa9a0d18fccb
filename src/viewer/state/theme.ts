export type Theme = "light" | "dark";
export type ThemeOption = Theme | "auto";

/** What the page tells about its theme. */
export interface ThemeHints {
  /** JupyterLab's attribute `data-jp-theme-light` (`true` or `false`), when there is one. */
  readonly jupyterLight: string | null;
  /** Computed `--jp-layout-color1`, when there is one. */
  readonly jupyterSurface: string;
  /** Whether the system prefers dark colours. */
  readonly prefersDark: boolean;
}

/** The theme to use: the option, else JupyterLab's, else the system's. */
export function resolveTheme(option: ThemeOption, hints: ThemeHints): Theme {
  if (option !== "auto") return option;
  if (hints.jupyterLight !== null) return hints.jupyterLight === "false" ? "dark" : "light";
  const luminance = luminanceOf(hints.jupyterSurface);
  if (luminance !== undefined) return luminance < 0.4 ? "dark" : "light";
  return hints.prefersDark ? "dark" : "light";
}

/** Relative luminance (0 … 1) of `#rgb`, `#rrggbb` or `rgb(…)`; `undefined` for any other text. */
export function luminanceOf(color: string): number | undefined {
  const rgb = parseColor(color.trim());
  if (rgb === undefined) return undefined;
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function parseColor(color: string): readonly number[] | undefined {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color)?.[1];
  if (hex !== undefined) {
    const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
    return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16));
  }
  const rgb = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(color);
  return rgb === null ? undefined : [Number(rgb[1]), Number(rgb[2]), Number(rgb[3])];
}
