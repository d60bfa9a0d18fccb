import type { JSX } from "preact";

/** Strokes on a 16 × 16 grid. */
const PATHS = {
  tree: "M3 3h4M3 3v10h4M3 8h4M9.5 3H13M9.5 8H13M9.5 13H13",
  panel: "M2.5 3h11v10h-11zM10 3v10",
  camera: "M2 5.2h2.4l1.1-1.7h5l1.1 1.7H14V13H2zM8 11.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  full: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  unfull: "M6 2.5V6H2.5M10 2.5V6h3.5M10 13.5V10h3.5M6 13.5V10H2.5",
  maximize: "M3 3h10v10H3zM3 5.5h10",
  restore: "M5.5 5.5V3H13v7.5h-2.5M3 5.5h7.5V13H3z",
  previous: "M10 4 6 8l4 4",
  next: "M6 4l4 4-4 4",
  loop: "M3 8a5 5 0 0 1 8.6-3.5L13 6M13 3v3h-3M13 8a5 5 0 0 1-8.6 3.5L3 10M3 13v-3h3",
  follow: "M3 8h8M7.8 4.5 11.3 8l-3.5 3.5M13.5 3.5v9",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  closedEye: "M2 6.5s2 3.3 6 3.3 6-3.3 6-3.3M8 9.8v2.4M4.3 8.7 3 10.7M11.7 8.7l1.3 2",
  entity: "M8 3.5 12.5 8 8 12.5 3.5 8z",
  twist: "M5.5 3l5 5-5 5",
  "3d": "M8 1.8l5.5 3v6.4L8 14.2l-5.5-3V4.8zM2.5 4.8 8 7.8l5.5-3M8 7.8v6.4",
  "2d": "M2 3h12v10H2zM2.5 11 6 7.5l3 3 2-2 2.5 2.5",
  "time-series": "M1.5 9c2-7 4-7 6.5 0s4.5 5 6.5-3",
  "text-log": "M2 4h12M2 8h9M2 12h11",
  "text-document": "M4 2h5.5L12 4.5V14H4zM6 7h4M6 9.5h4",
} as const;

const FILLED = {
  play: "M5 3.3 12.3 8 5 12.7z",
  pause: "M4.5 3.5h2.6v9H4.5zM8.9 3.5h2.6v9H8.9z",
} as const;

export type IconName = keyof typeof PATHS | keyof typeof FILLED;

/** A small drawing beside or instead of a word; never read aloud. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  const isFilled = name in FILLED;
  const path = isFilled ? FILLED[name as keyof typeof FILLED] : PATHS[name as keyof typeof PATHS];
  return (
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} fill={isFilled ? "currentColor" : "none"} />
    </svg>
  );
}
