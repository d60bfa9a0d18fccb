import type { DataType } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { type Elements, type Encoder, fixedWidth, numbersEncoder } from "./numbers.js";
import { BadInput } from "./problem.js";

/** Directions of three axes as numbers 1..6, or from `ViewCoordinates` constants. */
export function viewCoordinatesEncoder(type: DataType): Encoder {
  const encode = numbersEncoder(3, fixedWidth(type)?.elements as Elements);
  return (value) => {
    const list =
      Array.isArray(value) && value.length > 0 && typeof value[0] !== "number" ? value.map(directionsOf) : directionsOf(value);
    const directions = encode(list);
    for (const direction of directions as readonly number[]) {
      if (direction < 1 || direction > 6) {
        throw new BadInput(`expected directions 1..6 (up, down, right, left, forward, back), got number ${direction}`);
      }
    }
    return directions;
  };
}

/** The data of a `ViewCoordinates` archetype, anything else as it is. */
function directionsOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("layouts" in value) || !("data" in value)) return value;
  return (value.data as readonly (ComponentData | undefined)[])[0];
}
