import { type Field, RerunError, type Timeline } from "../core/index.js";
import { type FrameSchema, frameSchema, StoreContents } from "../store/index.js";
import type { CallSettings, Connection } from "./connection.js";
import { fieldsOf, sorbetMetadata } from "./tables.js";

/** The columns of a dataset, and the metadata of its schema. */
export interface ReadSchema {
  readonly schema: FrameSchema;
  readonly metadata: ReadonlyMap<string, string>;
}

/** The columns of all segments of a dataset together. @throws RerunError with the server's text */
export async function readDatasetSchema(connection: Connection, settings: CallSettings): Promise<ReadSchema> {
  const { schema } = await connection.call((client, options) => client.getDatasetSchema({}, options), settings);
  const { fields, metadata } = fieldsOf(schema);
  return {
    schema: schemaOfFields(fields),
    metadata: sorbetMetadata(metadata),
  };
}

/** Timelines and components that fields with Rerun's metadata stand for. */
export function schemaOfFields(fields: readonly Field[]): FrameSchema {
  const { timelines, entities } = StoreContents.ofColumns({ timelines: fields.flatMap(timelineOf), fields });
  const source = { entries: [], timelines, entities, fetch: async () => [], close: async () => undefined };
  return frameSchema([{ id: "", origin: "the dataset", source }]);
}

function timelineOf({ name, type, metadata }: Field): Timeline[] {
  if (metadata?.get("rerun:kind") !== "index") return [];
  const timeline = metadata.get("rerun:index_name") ?? name;
  if (type.kind === "timestamp" || type.kind === "duration") return [{ name: timeline, type: type.kind }];
  if (type.kind === "int") return [{ name: timeline, type: "sequence" }];
  throw new RerunError("InvalidData", `the dataset's index '${timeline}' has the unknown type ${type.kind}`);
}
