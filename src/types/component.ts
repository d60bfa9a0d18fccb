import type { ComponentDescriptor, DataType } from "../core/index.js";
import { ComponentColumnList, columnOf } from "./columns.js";
import type { AsComponents, ComponentData, ComponentLayout } from "./component-batch.js";
import { encoderOf } from "./encode/encoders.js";
import type { Encoder } from "./encode/numbers.js";
import { emptyAfter } from "./encode/problem.js";
import { COMPONENT_TYPES } from "./gen/component-types.js";

/** A component of the schema. `Like` is what its instances may be given as. */
export interface Component<Like> {
  /** Full name: `rerun.components.Color`. */
  readonly name: string;
  /** Type of one instance. */
  readonly type: DataType;
  /** Makes data of instances, where the component is not one of recordings. */
  readonly encode?: Encoder;
  /** Only tells the type checker what instances may be given as. */
  readonly input?: Like;
}

/** The component of that name without `rerun.components.`. */
export function component<Like>(short: string): Component<Like> {
  return { name: `rerun.components.${short}`, type: COMPONENT_TYPES[short]?.type as DataType };
}

/** Instances of one component with a descriptor of their own: what `describedBatch` makes. */
export interface DescribedBatch extends AsComponents {
  /** The instances over many rows: one in each, or as `lengths` say. */
  columns(lengths?: readonly number[] | Uint32Array): ComponentColumnList;
}

/**
 * Instances of a component, to be logged under any descriptor.
 *
 * ```ts
 * rec.log("raw", rr.describedBatch(rr.components.Position3D, [[1, 2, 3]], { component: "custom:pos" }));
 * ```
 *
 * @param descriptor what is not given: `component` is the component's full name, `componentType` the component's
 * @throws RerunError `InvalidArgument` in strict mode
 */
export function describedBatch<Like>(
  type: Component<Like>,
  instances: Like,
  descriptor: Partial<ComponentDescriptor> = {},
): DescribedBatch {
  const encode: Encoder = type.encode ?? encoderOf(type.name.slice("rerun.components.".length));
  const layout: ComponentLayout = {
    descriptor: { component: type.name, componentType: type.name, ...descriptor },
    type: type.type,
  };
  const data = encoded(encode, instances, layout.descriptor.component);
  return {
    layouts: [layout],
    data: [data],
    columns: (lengths) => {
      const list = new ComponentColumnList([columnOf(layout, data)]);
      return lengths === undefined ? list : list.partition(lengths);
    },
  };
}

function encoded(encode: Encoder, instances: unknown, place: string): ComponentData {
  try {
    return encode(instances);
  } catch (error) {
    return emptyAfter(error, place);
  }
}
