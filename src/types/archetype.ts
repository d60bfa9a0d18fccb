import { ComponentColumnList, columnOf } from "./columns.js";
import type { ComponentColumn, ComponentData, ComponentLayout } from "./component-batch.js";
import { encoderOf } from "./encode/encoders.js";
import { camelCase } from "./encode/nested.js";
import type { Encoder } from "./encode/numbers.js";
import { emptyAfter, reportProblem } from "./encode/problem.js";
import { encodeRows } from "./encode/rows.js";
import { type ArchetypeField, archetypeFields } from "./layouts.js";
import type { IntegerArray } from "./likes.js";

/** How `fromFields` treats the fields that are not given. */
export interface FromFieldsOptions {
  /** Empty them, instead of leaving them as they were logged before. Default: false. */
  readonly clearUnset?: boolean | undefined;
}

/** Values of one field for many rows. */
export type ColumnLike<T> = T | readonly T[] | (number extends T ? IntegerArray : never);

/** Fields of an archetype, each for many rows. */
export type ColumnsOf<Fields> = { readonly [Key in keyof Fields]?: ColumnLike<Exclude<Fields[Key], undefined>> | undefined };

/** What all instances of one archetype class share. */
export interface ArchetypeInfo {
  readonly name: string;
  /** In the order of a file. */
  readonly layouts: readonly ComponentLayout[];
  readonly fields: readonly EncodedField[];
}

interface EncodedField {
  /** Name in options: `halfSizes`. */
  readonly key: string;
  /** Name in messages: `Boxes3D.halfSizes`. */
  readonly place: string;
  readonly layout: ComponentLayout;
  readonly encode: Encoder;
  /** Data of the cleared field: no instances. (As in Python, a tensor is one without elements, an annotation context one without classes.) */
  readonly cleared: ComponentData;
}

/** Fields and encoders of a known archetype. */
export function archetypeOf(name: string): ArchetypeInfo {
  const known = archetypeFields(name);
  if (known === undefined) throw new Error(`unknown archetype ${name}`);
  return archetypeInfo(name, known, encoderOf);
}

/** What all instances of an archetype class share, from its fields and their components' encoders. */
export function archetypeInfo(
  name: string,
  known: readonly ArchetypeField[],
  encoderOf: (component: string) => Encoder,
): ArchetypeInfo {
  const fields = known.map((field) => {
    const key = camelCase(field.name);
    const encode = encoderOf(field.component);
    return { key, place: `${name}.${key}`, layout: field.layout, encode, cleared: encode([]) };
  });
  return { name, layouts: fields.map((field) => field.layout), fields };
}

/** The data of field `index`: nothing when none is given, empty when it is bad. @throws RerunError `InvalidArgument` in strict mode */
export function encodeAt(info: ArchetypeInfo, index: number, value: unknown): ComponentData | undefined {
  if (value === undefined || value === null) return undefined;
  const field = info.fields[index] as EncodedField;
  try {
    return field.encode(value, field.place);
  } catch (error) {
    return emptyAfter(error, field.place);
  }
}

/** An instance with these fields only, made without the constructor of its class. */
export function fieldsOnly<T extends object>(info: ArchetypeInfo, prototype: T, fields: object, options: FromFieldsOptions): T {
  const values = fields as Readonly<Record<string, unknown>>;
  reportUnknown(info, values);
  const data = info.fields.map(
    (field, index) => encodeAt(info, index, values[field.key]) ?? (options.clearUnset === true ? field.cleared : undefined),
  );
  return instanceOf(prototype, info, data);
}

/** An instance with every field empty. */
export function clearedFields<T extends object>(info: ArchetypeInfo, prototype: T): T {
  return instanceOf(
    prototype,
    info,
    info.fields.map((field) => field.cleared),
  );
}

/** Columns of the fields given. */
export function columnsOf(info: ArchetypeInfo, fields: object): ComponentColumnList {
  const values = fields as Readonly<Record<string, unknown>>;
  const columns: ComponentColumn[] = [];
  reportUnknown(info, values);
  for (const field of info.fields) {
    const value = values[field.key];
    if (value === undefined || value === null) continue;
    try {
      const { data, lengths } = encodeRows(field.layout.type, value, (row) => field.encode(row, field.place));
      columns.push(columnOf(field.layout, data, lengths));
    } catch (error) {
      columns.push(columnOf(field.layout, emptyAfter(error, field.place)));
    }
  }
  return new ComponentColumnList(columns);
}

/** A misspelled field would be lost without a word. @throws RerunError `InvalidArgument` in strict mode */
function reportUnknown(info: ArchetypeInfo, values: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(values)) {
    if (info.fields.some((field) => field.key === key)) continue;
    const known = info.fields.map((field) => field.key).join(", ");
    reportProblem(`${info.name}.${key}`, `expected one of ${known}, got ${key}. The field is left out`);
  }
}

function instanceOf<T extends object>(prototype: T, info: ArchetypeInfo, data: readonly (ComponentData | undefined)[]): T {
  return Object.assign(Object.create(prototype) as T, { layouts: info.layouts, data });
}
