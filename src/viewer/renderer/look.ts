/** Colours of a view that are no data, as shares 0 … 1 of red, green, blue. */
export type Rgb = readonly [number, number, number];

export interface Look {
  /** Background of 3D views, top and bottom. */
  readonly space: readonly [Rgb, Rgb];
  /** Background of 2D views. */
  readonly flat: Rgb;
  readonly grid: Rgb;
  /** Selected things take on this colour. */
  readonly accent: Rgb;
  /** Hovered things take on some of this. */
  readonly hover: Rgb;
}

export const LOOKS: Readonly<Record<"light" | "dark", Look>> = {
  light: {
    space: [rgb(0xf5f7f9), rgb(0xe4e9ee)],
    flat: rgb(0xffffff),
    grid: rgb(0xb4bdc6),
    accent: rgb(0x1a66d6),
    hover: rgb(0x0b1d36),
  },
  dark: {
    space: [rgb(0x0d1011), rgb(0x171c20)],
    flat: rgb(0x0d1011),
    grid: rgb(0x3a434c),
    accent: rgb(0x5aa0ff),
    hover: rgb(0xffffff),
  },
};

function rgb(hex: number): Rgb {
  return [((hex >> 16) & 255) / 255, ((hex >> 8) & 255) / 255, (hex & 255) / 255];
}
