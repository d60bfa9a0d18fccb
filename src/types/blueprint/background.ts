import { RerunError } from "../../core/index.js";
import { BackgroundKind, type BackgroundKindLike } from "../gen/blueprint-enums.js";
import type { BackgroundFields } from "../gen/blueprint-fields.js";
import type { Rgba32Like } from "../likes.js";

/** A colour, or the name of a kind of background (numbers 1 to 3 are kinds too: as colours they would be invisible). */
export type ColorOrKindLike = Rgba32Like | BackgroundKindLike;

/** The same under their names. */
export interface BackgroundOptions {
  /** Default: `SolidColor` with a colour, else `GradientDark`. */
  readonly kind?: BackgroundKindLike | undefined;
  /** Shown for the kind `SolidColor`. */
  readonly color?: Rgba32Like | undefined;
}

/** The fields of a background. @throws RerunError `InvalidArgument` when something is given twice */
export function backgroundFields(colorOrKind: ColorOrKindLike | undefined, options: BackgroundOptions): BackgroundFields {
  if (colorOrKind === undefined) return withKind(options);
  if (options.kind !== undefined || options.color !== undefined) {
    throw new RerunError("InvalidArgument", "Background: expected colorOrKind or { color, kind }, got both");
  }
  return isKind(colorOrKind) ? { kind: colorOrKind } : withKind({ color: colorOrKind });
}

function withKind({ kind, color }: BackgroundOptions): BackgroundFields {
  return { kind: kind ?? (color === undefined ? "GradientDark" : "SolidColor"), color };
}

function isKind(value: ColorOrKindLike): value is BackgroundKindLike {
  return typeof value === "string" || Object.values<unknown>(BackgroundKind).includes(value);
}
