import { VERSION } from "../core/index.js";

/** What files say of who wrote them. */
export const SOURCE: string = `rerun-ts ${VERSION}`;

/** Name and version of this package, and the version of Rerun whose formats it speaks. */
export function version(): string {
  return `${SOURCE} (Rerun 0.41.0)`;
}
