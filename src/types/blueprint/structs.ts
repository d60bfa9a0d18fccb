import { type EnumTable, enumValue } from "../encode/enums.js";
import { isListLike } from "../encode/numbers.js";
import { BadInput, refuse } from "../encode/problem.js";
import { ComponentSourceKind, SortDirection, TextLogColumnKind } from "../gen/blueprint-enums.js";

type Members = Readonly<Record<string, unknown>>;

const SELECTOR = 'a column "/entity/path:Component" or { entityPath, component }';

/** A column of a component as the schema has it. @throws BadInput */
export function selectorOf(value: unknown): Members {
  const parts = typeof value === "string" ? splitSelector(value) : isMembers(value) ? value : undefined;
  return parts ?? refuse(SELECTOR, value);
}

/** A column that must hold a value. @throws BadInput */
export function filterIsNotNullOf(value: unknown): Members {
  if (isMembers(value) && "column" in value) return { active: value["active"] ?? true, column: selectorOf(value["column"]) };
  return { active: true, column: selectorOf(value) };
}

/** Two times: `[start, end]` or `{ start, end }`. @throws BadInput */
export function filterByRangeOf(value: unknown): Members {
  if (isListLike(value) && value.length === 2) return { start: value[0], end: value[1] };
  return isMembers(value) ? value : refuse("a range of times [start, end]", value);
}

/** Columns of times and of components. @throws BadInput */
export function selectedColumnsOf(value: unknown): Members {
  if (isMembers(value)) {
    const componentColumns = (value["componentColumns"] ?? value["component_columns"] ?? []) as readonly unknown[];
    const timeColumns = value["timeColumns"] ?? value["time_columns"] ?? [];
    return { timeColumns, componentColumns: componentColumns.map(selectorOf) };
  }
  if (!Array.isArray(value)) return refuse("a list of columns", value);
  const isTime = (column: unknown): boolean => typeof column === "string" && splitSelector(column) === undefined;
  return {
    timeColumns: value.filter(isTime),
    componentColumns: value.filter((column) => !isTime(column)).map(selectorOf),
  };
}

/** A column to sort by. @throws BadInput */
export function sortByOf(value: unknown): Members {
  if (typeof value === "string") return { column: value };
  if (!isMembers(value)) return refuse("a column or { column, direction }", value);
  const direction = value["direction"];
  return { column: value["column"], direction: direction == null ? null : memberOf(SortDirection, direction) };
}

/** A column of a text log. @throws BadInput */
export function textLogColumnOf(value: unknown): Members {
  const { kind, visible = true } = isMembers(value) ? value : { kind: value };
  return { kind: memberOf(TextLogColumnKind, kind), visible };
}

/** A column of times. @throws BadInput */
export function timelineColumnOf(value: unknown): Members {
  if (typeof value === "string") return { timeline: value, visible: true };
  return isMembers(value) ? { visible: true, ...value } : refuse("a timeline or { timeline, visible }", value);
}

/** A slider of a tensor. */
export function sliderOf(value: unknown): unknown {
  return typeof value === "number" ? { dimension: value } : value;
}

/** Where a visualizer takes a component from. @throws BadInput */
export function mappingOf(value: unknown): Members {
  if (!isMembers(value)) return refuse("{ target, sourceKind, … }", value);
  return { ...value, sourceKind: memberOf(ComponentSourceKind, value["sourceKind"] ?? value["source_kind"]) };
}

/** Entity paths of one list. @throws BadInput */
export function columnOrderOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return refuse("a list of entity paths", value);
  for (const path of value)
    if (typeof path !== "string") throw new BadInput(`expected entity paths as texts, got ${typeof path}`);
  return value as readonly string[];
}

/** Splits at the first colon that no backslash escapes; `undefined` where there is none. */
function splitSelector(text: string): Members | undefined {
  const [, entityPath, component] = /^((?:[^\\:]|\\.)*):(.+)$/s.exec(text) ?? [];
  return entityPath === undefined ? undefined : { entityPath, component };
}

/** The number of an enum's name. Within structs any number is taken, as in Python: it may be of a newer Rerun. */
function memberOf(table: EnumTable, value: unknown): number {
  return typeof value === "number" ? value : enumValue(table, value);
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !isListLike(value);
}
