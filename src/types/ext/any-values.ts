import { type ArrayData, type ComponentDescriptor, compareDescriptors, type DataType, dataTypeKey } from "../../core/index.js";
import { ComponentColumnList, columnOf } from "../columns.js";
import type { AsComponents, ComponentBatch, ComponentColumn, ComponentData, ComponentLayout } from "../component-batch.js";
import { type ArrowVector, arrayOfVector, isArrowVector, listElements } from "../encode/arrow-vector.js";
import { encoderOf } from "../encode/encoders.js";
import { encodeAs, inferType, isBytes } from "../encode/infer.js";
import { BadInput, reportProblem } from "../encode/problem.js";
import { componentType } from "../layouts.js";

/**
 * A value of `AnyValues`: a number is a 64-bit float, a bigint a 64-bit integer, a `Uint8Array` bytes; other typed arrays keep their
 * element type; a `Vector` of apache-arrow keeps its type, whatever the name had before; a list is several instances; `undefined`
 * is left out; `null` is no instance, when the type is known from before.
 */
export type AnyValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | ArrayBufferView
  | ArrayBuffer
  | ArrowVector
  | AsComponents
  | readonly AnyValue[]
  | { readonly [member: string]: AnyValue };

/** Names with their values. */
export type AnyValueMap = Readonly<Record<string, AnyValue>>;

/** Types by component name: the first value of a name decides, as in Python. */
const rememberedTypes = new Map<string, DataType>();
const sharedLayouts = new Map<string, readonly ComponentLayout[]>();
const MAX_SHARED_LAYOUTS = 4096;

/** Values under names of one's own, without a schema: `new AnyValues({ confidence: 0.5, note: "good" })`. */
export class AnyValues implements AsComponents {
  readonly layouts: readonly ComponentLayout[];
  readonly data: readonly ComponentData[];

  /** @throws RerunError `InvalidArgument` in strict mode, when a value fits no type or not the type its name had before */
  constructor(values: AnyValueMap) {
    const { layouts, data } = arranged(batchesOf("AnyValues", undefined, values));
    this.layouts = layouts;
    this.data = data;
  }

  /** Columns of the names: one value per row; lists in a list are rows of several values. */
  static columns(values: AnyValueMap): ComponentColumnList {
    return columnsOf("AnyValues", undefined, values);
  }

  /** The same and a value that says it is of a known component type: `rerun.components.Scalar`. */
  withComponentOverride(name: string, type: string, value: AnyValue): AnyValues {
    return withBatch(this, AnyValues.prototype, overrideOf("AnyValues", undefined, name, type, value));
  }

  /** The same and one more value. */
  withComponentFromData(name: string, value: AnyValue): AnyValues {
    return withBatch(this, AnyValues.prototype, batchOf("AnyValues", undefined, name, value));
  }
}

/** Values under the name of an archetype of one's own: components are called `name:field`. */
export class DynamicArchetype implements AsComponents {
  readonly layouts: readonly ComponentLayout[];
  readonly data: readonly ComponentData[];
  readonly archetype: string;

  /** @throws RerunError `InvalidArgument` in strict mode, as `AnyValues` */
  constructor(archetype: string, options: { readonly components?: AnyValueMap | undefined } = {}) {
    const { layouts, data } = arranged(batchesOf("DynamicArchetype", archetype, options.components ?? {}));
    this.layouts = layouts;
    this.data = data;
    this.archetype = archetype;
  }

  /** Columns of the fields: one value per row; lists in a list are rows of several values. */
  static columns(archetype: string, options: { readonly components: AnyValueMap }): ComponentColumnList {
    return columnsOf("DynamicArchetype", archetype, options.components);
  }

  /** The same and a field that says it is of a known component type: `rerun.components.Scalar`. */
  withComponentOverride(field: string, type: string, value: AnyValue): DynamicArchetype {
    const batch = overrideOf("DynamicArchetype", this.archetype, field, type, value);
    return Object.assign(withBatch(this, DynamicArchetype.prototype, batch), { archetype: this.archetype });
  }

  /** The same and one more field. */
  withComponentFromData(field: string, value: AnyValue): DynamicArchetype {
    const batch = batchOf("DynamicArchetype", this.archetype, field, value);
    return Object.assign(withBatch(this, DynamicArchetype.prototype, batch), { archetype: this.archetype });
  }
}

/**
 * One value under any descriptor, without a schema.
 *
 * ```ts
 * rec.log("a", new rr.AnyBatchValue({ component: "mine:size", archetype: "mine" }, [1.5, 2.5]));
 * ```
 */
export class AnyBatchValue implements AsComponents {
  readonly layouts: readonly ComponentLayout[];
  readonly data: readonly ComponentData[];

  /**
   * @param descriptor or the component's name alone
   * @throws RerunError `InvalidArgument` in strict mode, as `AnyValues`
   */
  constructor(descriptor: string | ComponentDescriptor, value: AnyValue) {
    const batch = describedValue("AnyBatchValue", descriptorFrom(descriptor), value);
    const { layouts, data } = arranged(batch === undefined ? [] : [batch]);
    this.layouts = layouts;
    this.data = data;
  }

  /** A column of the value: one instance in each row; lists in a list are rows of several. */
  static column(descriptor: string | ComponentDescriptor, value: AnyValue): ComponentColumnList {
    return new ComponentColumnList(columnFrom("AnyBatchValue", descriptorFrom(descriptor), value));
  }
}

/** Forgets the types that names had. */
export function resetAnyValueTypes(): void {
  rememberedTypes.clear();
}

function batchesOf(place: string, archetype: string | undefined, values: AnyValueMap): ComponentBatch[] {
  const batches: ComponentBatch[] = [];
  for (const name of Object.keys(values)) {
    const batch = batchOf(place, archetype, name, values[name]);
    if (batch !== undefined) batches.push(batch);
  }
  return batches;
}

function batchOf(place: string, archetype: string | undefined, name: string, value: unknown): ComponentBatch | undefined {
  return describedValue(`${place}.${name}`, descriptorOf(archetype, name), value);
}

/** `undefined` is no value; `null` and an empty list are none of a known type, which clears what was logged. */
function describedValue(place: string, descriptor: ComponentDescriptor, value: unknown): ComponentBatch | undefined {
  if (value === undefined) return undefined;
  if (isOneBatch(value)) {
    const [layout] = value.layouts as [ComponentLayout];
    const [data] = value.data as [ComponentData];
    return { layout: { descriptor, type: layout.type }, data };
  }
  return attempt(place, () => {
    if (isArrowVector(value)) return arrayBatch(descriptor, arrayOfVector(value));
    const given = value ?? [];
    const type = typeFor(descriptor.component, given);
    return type === undefined ? undefined : { layout: { descriptor, type }, data: encodeAs(type, given) };
  });
}

function arrayBatch(descriptor: ComponentDescriptor, array: ArrayData): ComponentBatch {
  return { layout: { descriptor, type: array.type }, data: array };
}

function overrideOf(
  place: string,
  archetype: string | undefined,
  name: string,
  type: string,
  value: unknown,
): ComponentBatch | undefined {
  if (value === null || value === undefined) return undefined;
  const descriptor = { ...descriptorOf(archetype, name), componentType: type };
  return attempt(`${place}.${name}`, () => {
    const known = componentType(type);
    if (known !== undefined) {
      return { layout: { descriptor, type: known }, data: encoderOf(type.replace("rerun.components.", ""))(value) };
    }
    const inferred = typeFor(descriptor.component, value);
    return inferred === undefined ? undefined : { layout: { descriptor, type: inferred }, data: encodeAs(inferred, value) };
  });
}

function columnsOf(place: string, archetype: string | undefined, values: AnyValueMap): ComponentColumnList {
  const columns = Object.keys(values).flatMap((name) =>
    columnFrom(`${place}.${name}`, descriptorOf(archetype, name), values[name]),
  );
  return new ComponentColumnList(columns.sort((a, b) => compareDescriptors(a.layout.descriptor, b.layout.descriptor)));
}

function columnFrom(place: string, descriptor: ComponentDescriptor, value: unknown): readonly ComponentColumn[] {
  if (isArrowVector(value)) return vectorColumn(place, descriptor, value);
  const rows =
    Array.isArray(value) && value.some(isRow) ? value.map((row: unknown) => (isRow(row) ? Array.from(row) : [row])) : undefined;
  const batch = describedValue(place, descriptor, rows === undefined ? value : rows.flat(1));
  if (batch === undefined) return [];
  return [
    columnOf(
      batch.layout,
      batch.data,
      rows?.map((row) => row.length),
    ),
  ];
}

/** A vector of lists is rows of several values, as lists in a list are. */
function vectorColumn(place: string, descriptor: ComponentDescriptor, vector: ArrowVector): readonly ComponentColumn[] {
  const batch = describedValue(place, descriptor, vector);
  if (batch === undefined) return [];
  const lists = listElements(batch.data as ArrayData);
  if (lists === undefined) return [columnOf(batch.layout, batch.data)];
  const layout = { ...batch.layout, type: lists.array.type };
  return [columnOf(layout, lists.array, lists.lengths)];
}

function isRow(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !isBytes(value));
}

function descriptorOf(archetype: string | undefined, name: string): ComponentDescriptor {
  return archetype === undefined ? { component: name } : { component: `${archetype}:${name}`, archetype };
}

function descriptorFrom(descriptor: string | ComponentDescriptor): ComponentDescriptor {
  return typeof descriptor === "string" ? { component: descriptor } : descriptor;
}

/** The type that the name had before, else what the value tells. @throws BadInput */
function typeFor(component: string, value: unknown): DataType | undefined {
  const known = rememberedTypes.get(component);
  if (known !== undefined) return known;
  const type = inferType(value);
  if (type !== undefined) rememberedTypes.set(component, type);
  return type;
}

function attempt(place: string, make: () => ComponentBatch | undefined): ComponentBatch | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    reportProblem(place, `${error.message}. The value is left out (the first value of a name decides its type)`);
    return undefined;
  }
}

function isOneBatch(value: unknown): value is AsComponents {
  if (typeof value !== "object" || value === null) return false;
  const { layouts, data } = value as Partial<AsComponents>;
  return Array.isArray(layouts) && Array.isArray(data) && layouts.length === 1 && data[0] !== undefined;
}

function withBatch<T extends object>(
  before: { readonly layouts: readonly ComponentLayout[]; readonly data: readonly ComponentData[] },
  prototype: T,
  batch: ComponentBatch | undefined,
): T {
  const batches = before.layouts.map((layout, i) => ({ layout, data: before.data[i] as ComponentData }));
  const kept =
    batch === undefined
      ? batches
      : [...batches.filter((each) => each.layout.descriptor.component !== batch.layout.descriptor.component), batch];
  return Object.assign(Object.create(prototype) as T, arranged(kept));
}

/** Layouts in the order of a file; the same names and types give the same list, which the logging path relies on to be quick. */
function arranged(batches: readonly ComponentBatch[]): {
  readonly layouts: readonly ComponentLayout[];
  readonly data: readonly ComponentData[];
} {
  const sorted = [...batches].sort((a, b) => compareDescriptors(a.layout.descriptor, b.layout.descriptor));
  const key = JSON.stringify(sorted.map(({ layout }) => [...Object.values(layout.descriptor), dataTypeKey(layout.type)]));
  let layouts = sharedLayouts.get(key);
  if (layouts === undefined) {
    layouts = sorted.map((batch) => batch.layout);
    if (sharedLayouts.size < MAX_SHARED_LAYOUTS) sharedLayouts.set(key, layouts);
  }
  return { layouts, data: sorted.map((batch) => batch.data) };
}
