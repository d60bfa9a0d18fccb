import { pathToFileURL } from "node:url";
import { RerunError } from "../core/index.js";
import type { WaitOptions } from "../dataset/index.js";
import { DataSourceKind, IfDuplicateBehavior } from "../protos/redap.js";
import type { Connection } from "./connection.js";
import type { EntryId } from "./entry-id.js";
import { RegistrationOperation } from "./registration.js";
import { joinParts } from "./tables.js";

/** What happens when a layer of a segment is there already: it is a failure, the old one stays, the new one takes its place. */
export type OnDuplicateSegmentLayer = "error" | "skip" | "replace";

const BEHAVIORS: Readonly<Record<OnDuplicateSegmentLayer, IfDuplicateBehavior>> = {
  error: IfDuplicateBehavior.ERROR,
  skip: IfDuplicateBehavior.SKIP,
  replace: IfDuplicateBehavior.OVERWRITE,
};

export interface RegisterOptions extends WaitOptions {
  /** Name of the layer, or one for each file. Default: `base`. */
  readonly layerName?: string | readonly string[] | undefined;
  /** Default: `error`. */
  readonly onDuplicate?: OnDuplicateSegmentLayer | undefined;
  /** How the server reaches the storage, where its own setting is another. */
  readonly objectStoreConfig?: string | undefined;
}

export interface RegisterPrefixOptions extends Omit<RegisterOptions, "layerName"> {
  /** Name of the layer. Default: the server's. */
  readonly layerName?: string | undefined;
}

interface Source {
  readonly uri: string;
  readonly layer: string | undefined;
  /** A folder: all that is in it and below. */
  readonly prefix: boolean;
}

/** Asks the server to register these files, each with its layer. @throws RerunError `InvalidArgument` */
export function registerFiles(
  connection: Connection,
  dataset: EntryId,
  recordingUri: string | readonly string[],
  options: RegisterOptions,
): Promise<RegistrationOperation> {
  const uris = typeof recordingUri === "string" ? [recordingUri] : recordingUri;
  const { layerName = "base" } = options;
  if (typeof layerName !== "string" && layerName.length !== uris.length) {
    throw new RerunError("InvalidArgument", "`layerName` must be the same length as `recordingUri`");
  }
  const layerOf = (i: number): string | undefined => (typeof layerName === "string" ? layerName : layerName[i]);
  const sources = uris.map((uri, i) => ({ uri, layer: layerOf(i), prefix: false }));
  return registerSources(connection, dataset, sources, options);
}

/** Asks the server to register all that is in a folder. */
export function registerFolder(
  connection: Connection,
  dataset: EntryId,
  uri: string,
  options: RegisterPrefixOptions,
): Promise<RegistrationOperation> {
  return registerSources(connection, dataset, [{ uri, layer: options.layerName, prefix: true }], options);
}

/** Registers a file with a hidden dataset, in place of what had its name. @returns id of its segment, if it holds one */
export async function registerReplacing(
  connection: Connection,
  dataset: EntryId,
  uri: string,
  { objectStoreConfig, signal }: Pick<RegisterOptions, "objectStoreConfig" | "signal">,
): Promise<string | undefined> {
  const operation = await registerFiles(connection, dataset, uri, { objectStoreConfig, signal, onDuplicate: "replace" });
  return (await operation.wait({ signal })).segmentIds[0];
}

async function registerSources(
  connection: Connection,
  entry: EntryId,
  sources: readonly Source[],
  { onDuplicate = "error", objectStoreConfig, signal }: Omit<RegisterOptions, "layerName">,
): Promise<RegistrationOperation> {
  const behavior = BEHAVIORS[onDuplicate];
  if (behavior === undefined) {
    const got = JSON.stringify(onDuplicate);
    throw new RerunError("InvalidArgument", `onDuplicate: expected "error", "skip" or "replace", got ${got}`);
  }
  const dataSources = sources.map(({ uri, layer, prefix }) => ({
    storageUrl: uri.startsWith("/") ? pathToFileURL(uri).href : uri,
    typ: DataSourceKind.RRD,
    prefix,
    ...(layer !== undefined && { layer }),
    ...(objectStoreConfig !== undefined && { objectStoreConfig }),
  }));
  const request = { dataSources, onDuplicate: behavior };
  const settings = { entry, signal, changes: true };
  const { data } = await connection.call((client, call) => client.registerWithDataset(request, call), settings);
  return new RegistrationOperation(connection, joinParts([data]));
}
