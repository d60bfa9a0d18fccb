import type { JSX } from "preact";
import type { SeriesSpec } from "../views/time-series.js";

/** The names of a plot's series with their colours; a click shows or hides one. */
export function Legend(props: {
  readonly series: readonly SeriesSpec[];
  isOff(series: SeriesSpec): boolean;
  toggle(id: string): void;
}): JSX.Element {
  return (
    <div class="legend">
      {props.series.map((one) => (
        <button
          type="button"
          key={one.id}
          aria-pressed={!props.isOff(one)}
          title={`${one.entityPath}: click to ${props.isOff(one) ? "show" : "hide"}`}
          onClick={() => props.toggle(one.id)}
        >
          <i style={{ background: one.color }} />
          <span>{one.name}</span>
        </button>
      ))}
    </div>
  );
}
