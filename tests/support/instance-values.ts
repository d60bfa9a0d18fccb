import { type DataType, type PlainValue, plainValues } from "../../src/core/index.js";
import type { ComponentData } from "../../src/types/component-batch.js";
import { instancesToArray } from "../../src/types/encode/instances.js";

/** The instances of a component as plain values, whatever form its data has. */
export function instanceValues(type: DataType, data: ComponentData): readonly PlainValue[] {
  return plainValues(instancesToArray(type, data));
}
