import type * as arrow from "apache-arrow";
import { componentColumnName, isPropertyPath, rowIdField, timelineColumnField } from "../chunk/index.js";
import { field, getHost, normalizeEntityPath, RerunError, type Timeline, UTF8 } from "../core/index.js";
import { type FrameColumn, type FrameSchema, listClosest, schemaFields } from "../store/index.js";
import { arrowSchema } from "./arrow-table.js";
import { textColumn } from "./columns.js";
import { renderFrame } from "./html/render-frame.js";
import { typeName } from "./html/type-name.js";

/** A timeline as a column. */
export interface IndexColumnDescriptor {
  readonly name: string;
  readonly type: Timeline["type"];
}

/** A component of an entity as a column. */
export interface ComponentColumnDescriptor {
  readonly name: string;
  readonly entityPath: string;
  readonly component: string;
  readonly componentType: string | undefined;
  readonly archetype: string | undefined;
  readonly isStatic: boolean;
  readonly isProperty: boolean;
}

export interface ColumnsForOptions {
  readonly entityPath?: string | undefined;
  /** Full or short: `rerun.archetypes.Points3D`, `Points3D`. */
  readonly archetype?: string | undefined;
  readonly componentType?: string | undefined;
  /** Default: false. */
  readonly includeProperties?: boolean | undefined;
}

/** A cell shows so many columns. */
const MAX_SHOWN = 200;

/** What a dataset holds: the timelines and components of all segments together. */
export class Schema {
  readonly #schema: FrameSchema;
  readonly #metadata: ReadonlyMap<string, string>;

  /** @internal */
  constructor(schema: FrameSchema, metadata: ReadonlyMap<string, string>) {
    this.#schema = schema;
    this.#metadata = metadata;
    getHost()?.makeRich?.(this, { text: () => this.toString(), html: () => schemaHtml(this.#schema) });
  }

  /** Timelines by name. */
  indexColumns(): IndexColumnDescriptor[] {
    return this.#schema.timelines.map(({ name, type }) => ({ name, type }));
  }

  /** Components by entity path, archetype and name, properties included. */
  componentColumns(): ComponentColumnDescriptor[] {
    return this.#schema.columns.map(describeColumn);
  }

  /** Full names of all archetypes, sorted. */
  archetypes(options: { readonly includeProperties?: boolean } = {}): string[] {
    return distinct(this.columnsFor(options).map(({ archetype }) => archetype));
  }

  /** Full names of all component types, sorted. */
  componentTypes(options: { readonly includeProperties?: boolean } = {}): string[] {
    return distinct(this.columnsFor(options).map(({ componentType }) => componentType));
  }

  entityPaths(options: { readonly includeProperties?: boolean } = {}): string[] {
    return [...new Set(this.columnsFor(options).map(({ entityPath }) => entityPath))];
  }

  /** The column of a component, if there is one. */
  columnFor(entityPath: string, component: string): ComponentColumnDescriptor | undefined {
    const name = componentColumnName(normalizeEntityPath(entityPath), component);
    return this.componentColumns().find((column) => column.name === name);
  }

  /** The column called `/entity/path:component`. @throws RerunError `NotFound`, with the names that are like it */
  columnForSelector(selector: string): ComponentColumnDescriptor {
    const columns = this.componentColumns();
    const found = columns.find(({ name }) => name === selector || name === `/${selector}`);
    if (found !== undefined) return found;
    const names = columns.map(({ name }) => name);
    throw new RerunError("NotFound", `Column "${selector}" does not exist: ${listClosest(selector, names)}`);
  }

  columnsFor(options: ColumnsForOptions = {}): ComponentColumnDescriptor[] {
    const { archetype, componentType, includeProperties = false } = options;
    const path = options.entityPath === undefined ? undefined : normalizeEntityPath(options.entityPath);
    return this.componentColumns().filter(
      (column) =>
        (includeProperties || !column.isProperty) &&
        (path === undefined || column.entityPath === path) &&
        (archetype === undefined || [archetype, `rerun.archetypes.${archetype}`].includes(column.archetype ?? "")) &&
        (componentType === undefined ||
          [componentType, `rerun.components.${componentType}`].includes(column.componentType ?? "")),
    );
  }

  columnNamesFor(options: ColumnsForOptions = {}): string[] {
    return this.columnsFor(options).map(({ name }) => name);
  }

  /** Timelines and components. */
  columnNames(): string[] {
    return [...this.#schema.timelines.map(timelineColumnField), ...this.componentColumns()].map(({ name }) => name);
  }

  /** With row ids, if there is anything, and all of Rerun's metadata. */
  toArrow(): arrow.Schema {
    const fields = schemaFields(this.#schema);
    return arrowSchema(fields.length === 0 ? [] : [rowIdField(false), ...fields], this.#metadata);
  }

  toString(): string {
    return this.columnNames().join("\n");
  }
}

/** A row for each column: what it is called, where it is from, what it holds. */
function schemaHtml({ timelines, columns }: FrameSchema): string {
  const rows = [
    ...timelines.map(({ name, type }) => [name, "index", "", "", type]),
    ...columns.map((column) => {
      const { name, entityPath, isStatic, descriptor } = column;
      const kind = isPropertyPath(entityPath) ? "property" : isStatic ? "static" : "component";
      return [name, kind, short(descriptor.archetype), short(descriptor.componentType), typeName(column.type, 2)];
    }),
  ];
  const fields = ["column", "kind", "archetype", "component type", "type"].map((name) => field(name, UTF8, false));
  const memory = {
    fields,
    metadata: new Map<string, string>(),
    batches:
      rows.length === 0
        ? []
        : [{ numRows: rows.length, columns: fields.map((_, i) => textColumn(rows.map((row) => row[i] ?? ""))) }],
  };
  return renderFrame(memory, { rows: MAX_SHOWN }, { note: `${timelines.length} timelines, ${columns.length} components` });
}

function short(fullName: string | undefined): string {
  return fullName === undefined ? "" : fullName.slice(fullName.lastIndexOf(".") + 1);
}

function describeColumn({ name, entityPath, descriptor, isStatic }: FrameColumn): ComponentColumnDescriptor {
  const { component, componentType, archetype } = descriptor;
  return { name, entityPath, component, componentType, archetype, isStatic, isProperty: isPropertyPath(entityPath) };
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.flatMap((name) => name ?? []))].sort();
}
