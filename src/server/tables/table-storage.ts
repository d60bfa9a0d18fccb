/**
 * Where the rows of user tables lie, as an interface. Schemas and rows go in and out as Arrow IPC streams. A table has the id of
 * its entry and the place where it lies: a URL that users gave, or a plain name for one of the server's own places, which means the
 * same wherever the server keeps its data. Both stand in the catalog, nothing is remembered here.
 */
export interface TableStorage {
  /** The place of a table that its creator gave none. */
  ownPlace(id: string): string;
  /** What users call a place. */
  urlOf(place: string): string;
  /** Makes an empty table. @throws RerunError `AlreadyExists` when there is one in that place */
  create(id: string, place: string, schema: Uint8Array): Promise<void>;
  /** Makes an existing table known by an id. @throws RerunError `NotFound` when there is none */
  attach(id: string, place: string): Promise<void>;
  /** @throws RerunError `FailedPrecondition` when the table is not in its place any more, here and below */
  schema(id: string, place: string): Promise<Uint8Array>;
  /** All rows as they were when it began, batch by batch. */
  scan(id: string, place: string): AsyncGenerator<Uint8Array, void, undefined>;
  /**
   * Done when it is committed, whole or not at all; one after the other for each table.
   * @throws RerunError `InvalidArgument` for rows that do not fit
   */
  write(id: string, place: string, write: TableWrite): Promise<void>;
  /** Forgets an id. The table stays in its place. */
  detach(id: string): Promise<void>;
  /** Forgets an id whose creation failed, with a table in the place that nobody gave. */
  discard(id: string): Promise<void>;
  /** Removes what creations left behind an hour ago or more that were never acknowledged, because a server ended meanwhile. */
  reconcile(known: ReadonlySet<string>): Promise<void>;
}

/**
 * What becomes of rows: `append` adds them, `overwrite` puts them, with their columns, in the place of all; by the index columns,
 * `update` changes rows that are there, `replace` does and adds the others.
 */
export type InsertMode = "append" | "overwrite" | "replace" | "update";

export interface TableWrite {
  readonly mode: InsertMode;
  readonly rows: Uint8Array;
}
