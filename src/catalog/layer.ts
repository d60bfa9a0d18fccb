import { valueAt } from "../core/index.js";
import type { DatasetOptions, WaitOptions } from "../dataset/index.js";
import type { Connection } from "./connection.js";
import { SEGMENT_ID, scanSegments } from "./segment-scan.js";
import { columnOf, textsOf } from "./tables.js";

const LAYER_NAMES = "rerun_layer_names";

/** One layer of a dataset: of each segment that has it, the data that was registered under its name. */
export class Layer<D extends { readonly id: string } = { readonly id: string }> {
  readonly name: string;
  readonly dataset: D;
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection, dataset: D, name: string) {
    this.#connection = connection;
    this.dataset = dataset;
    this.name = name;
  }

  /** Ids of the segments that have the layer, sorted. */
  async segmentIds(options: DatasetOptions = {}): Promise<string[]> {
    return [...(await layersBySegment(this.#connection, this.dataset.id, options))].flatMap(([id, names]) =>
      names.includes(this.name) ? [id] : [],
    );
  }

  /** @internal Names of all layers of the dataset, sorted. */
  async allNames(options: DatasetOptions = {}): Promise<string[]> {
    const bySegment = await layersBySegment(this.#connection, this.dataset.id, options);
    return [...new Set([...bySegment.values()].flat())].sort();
  }

  toString(): string {
    return `Layer('${this.name}')`;
  }
}

/** Names of the layers of each segment. */
export async function layersBySegment(
  connection: Connection,
  entry: string,
  { signal, segmentIds }: WaitOptions & { readonly segmentIds?: readonly string[] },
): Promise<Map<string, string[]>> {
  const frame = await scanSegments(connection, entry, { columns: [SEGMENT_ID, LAYER_NAMES], segmentIds, signal });
  if (frame.batches.length === 0) return new Map();
  const names = columnOf(frame, LAYER_NAMES);
  return new Map(
    textsOf(frame, SEGMENT_ID).map((id, row) => {
      const own = valueAt(names, row);
      return [id, Array.isArray(own) ? own.map(String) : []];
    }),
  );
}
