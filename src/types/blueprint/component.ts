import type { DataType } from "../../core/index.js";
import type { Component } from "../component.js";
import { BLUEPRINT_COMPONENT_TYPES } from "../gen/blueprint-component-types.js";
import { blueprintEncoderOf } from "./encoders.js";

/** The component of blueprints of that name without `rerun.blueprint.components.`. */
export function blueprintComponent<Like>(short: string): Component<Like> {
  return {
    name: `rerun.blueprint.components.${short}`,
    type: BLUEPRINT_COMPONENT_TYPES[short]?.type as DataType,
    encode: blueprintEncoderOf(short),
  };
}
