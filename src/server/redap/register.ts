import { create } from "@bufbuild/protobuf";
import { textArray } from "../../chunk/index.js";
import { RerunError } from "../../core/index.js";
import {
  type DataSource,
  DataSourceKind,
  IfDuplicateBehavior,
  type RegisterWithDatasetRequest,
  type RegisterWithDatasetResponse,
  RegisterWithDatasetResponseSchema,
} from "../../protos/redap.js";
import type { Entry, OnDuplicate } from "../catalog/catalog-store.js";
import { reasonOf } from "../recordings/recording-index.js";
import { column, dataframe } from "./dataframe.js";
import { type CallHeaders, entryNotFound, entryOf, isDataset, required } from "./entry-ids.js";
import { inParallel } from "./in-parallel.js";
import type { Platform } from "./platform.js";
import { REGISTER, type RegisterPayload, sourceFailure } from "./register-work.js";

const DEFAULT_LAYER = "base";
/** Files that are opened at the same time. */
const PARALLEL_FILES = 16;

const ON_DUPLICATE: Readonly<Record<IfDuplicateBehavior, OnDuplicate>> = {
  [IfDuplicateBehavior.UNSPECIFIED]: "skip",
  [IfDuplicateBehavior.OVERWRITE]: "overwrite",
  [IfDuplicateBehavior.SKIP]: "skip",
  [IfDuplicateBehavior.ERROR]: "error",
};

/** A file that is to be registered. */
interface Source {
  readonly url: string;
  readonly object: string;
  readonly layer: string;
}

/** A recording in it, or why there is none. */
interface Found extends Source {
  readonly segment: string;
  readonly bytes: number;
  readonly version: string;
  readonly failure?: string;
}

/**
 * Looks into the files and makes a task for each of their recordings. What is wrong with the request as a whole is refused; what
 * is wrong with a file becomes that file's failed task, and the others are registered.
 */
export async function registerWithDataset(
  platform: Platform,
  request: RegisterWithDatasetRequest,
  { headers, signal }: { readonly headers: CallHeaders; readonly signal: AbortSignal },
): Promise<RegisterWithDatasetResponse> {
  const dataset = await entryOf(platform, headers);
  if (request.dataSources.length === 0) throw new RerunError("InvalidArgument", "no data sources to register");
  if (!isDataset(dataset)) throw entryNotFound(dataset.id);
  const sources: Source[] = [];
  for (const source of request.dataSources) sources.push(...(await sourcesOf(platform, source, signal)));
  const isSingle = request.dataSources.length === 1 && request.dataSources[0]?.prefix === false;
  const look = (source: Source): Promise<Found[]> => lookInto(platform, dataset, source, { isSingle, signal });
  const found = (await inParallel(PARALLEL_FILES, sources, look)).flat();
  checkUnique(found);
  const onDuplicate = ON_DUPLICATE[request.onDuplicate] ?? "skip";
  const ids = await enqueue(platform, dataset, found, onDuplicate);
  return create(RegisterWithDatasetResponseSchema, {
    data: dataframe(
      [
        column("rerun_segment_id", false, textArray(found.map(({ segment }) => segment))),
        column("rerun_segment_layer", false, textArray(found.map(({ layer }) => layer))),
        column("rerun_segment_type", false, textArray(found.map(() => "rrd"))),
        column("rerun_storage_url", false, textArray(found.map(({ url }) => url))),
        column("rerun_task_id", false, textArray(ids)),
      ],
      found.length,
    ),
  });
}

/**
 * Registers the files of a folder with a dataset: those that are new, and those that were changed. Gives the ids of the tasks.
 * A recording that another file has brought is a failed task.
 */
export async function registerFiles(platform: Platform, dataset: Entry, urls: readonly string[]): Promise<string[]> {
  const layers = new Map(
    (await platform.catalog.layers(dataset.id)).map((layer) => [JSON.stringify([layer.segment, layer.layer]), layer]),
  );
  const sources = urls.map((url): Source => ({ url, object: url, layer: DEFAULT_LAYER }));
  const found = (await inParallel(PARALLEL_FILES, sources, (source) => lookInto(platform, dataset, source))).flat();
  const [fresh, changed]: [Found[], Found[]] = [[], []];
  for (const each of found) {
    const known = layers.get(JSON.stringify([each.segment, each.layer]));
    if (known?.object !== each.object) fresh.push(each);
    else if (known.objectVersion !== each.version || known.objectBytes !== BigInt(each.bytes)) changed.push(each);
  }
  return [...(await enqueue(platform, dataset, fresh, "error")), ...(await enqueue(platform, dataset, changed, "overwrite"))];
}

async function sourcesOf(platform: Platform, source: DataSource, signal: AbortSignal): Promise<Source[]> {
  if (source.typ !== DataSourceKind.RRD) {
    throw new RerunError(
      "InvalidArgument",
      "invalid value for field 'rerun.manifest_registry.v1alpha1.DataSourceKind.: enum value unspecified'",
    );
  }
  const url = required(source.storageUrl, "DataSource.storage_url");
  const layer = source.layer || DEFAULT_LAYER;
  if (!source.prefix) return [{ url, object: platform.storage.objectOf(url) ?? url, layer }];
  const folder = platform.storage.objectOf(url.endsWith("/") ? url : `${url}/`);
  if (folder === undefined) throw new RerunError("InvalidArgument", `Directory not found: "${url}"`);
  await platform.storage.checkAllowed(folder);
  const sources: Source[] = [];
  if (!(await platform.storage.isFolder(folder, signal))) {
    throw new RerunError("InvalidArgument", `Directory not found: ${JSON.stringify(pathOf(url))}`);
  }
  for await (const { object } of platform.storage.list(folder, signal)) {
    if (object.endsWith(".rrd")) sources.push({ url: platform.storage.urlOf(object), object, layer });
  }
  return sources;
}

interface LookOptions {
  /** Whether the file is all of a request: that it is missing is the request's error then, as in the real server. Default: false. */
  readonly isSingle?: boolean;
  readonly signal?: AbortSignal;
}

/** The recordings of one file, or what is wrong with it. */
async function lookInto(
  platform: Platform,
  dataset: Entry,
  source: Source,
  { isSingle = false, signal }: LookOptions = {},
): Promise<Found[]> {
  const unknown = { ...source, segment: "", bytes: 0, version: "" };
  try {
    if (platform.storage.objectOf(source.url) === undefined) throw missing(source.url, "could not load URI");
    await platform.storage.checkAllowed(source.object);
    const file = await platform.drafts.peek(source.object, signal);
    if (file === undefined) throw missing(source.url, "file does not exist");
    const wantsBlueprints = dataset.kind === "blueprintDataset";
    const { bytes, version, recordings } = file;
    return recordings
      .filter(({ isBlueprint }) => isBlueprint === wantsBlueprints)
      .map(({ recordingId }) => ({ ...source, segment: recordingId, bytes, version }));
  } catch (error) {
    signal?.throwIfAborted();
    if (isSingle && isRefusal(error)) throw error;
    return [{ ...unknown, failure: sourceFailure(source.url, reasonOf(error)) }];
  }
}

function isRefusal(error: unknown): boolean {
  const { code } = error as Partial<RerunError>;
  return code === "NotFound" || code === "PermissionDenied";
}

function missing(url: string, why: string): RerunError {
  if (why === "could not load URI") return new RerunError("NotFound", `RRD file not found, ${why}: ${url}`);
  return new RerunError("NotFound", `RRD file not found, ${why}: ${JSON.stringify(pathOf(url))}`);
}

function pathOf(url: string): string {
  return url.startsWith("file://") ? decodeURIComponent(new URL(url).pathname) : url;
}

function checkUnique(found: readonly Found[]): void {
  const byKey = new Map<string, Found[]>();
  for (const each of found) {
    if (each.failure !== undefined) continue;
    const key = JSON.stringify([each.segment, each.layer]);
    byKey.set(key, [...(byKey.get(key) ?? []), each]);
  }
  const twice = [...byKey.values()].filter((each) => each.length > 1);
  if (twice.length === 0) return;
  const lines = twice.map((each) => {
    const urls = each.map(({ url }) => `    ${url}`);
    return [`  segment id: ${each[0]?.segment}, layer name: ${each[0]?.layer}`, ...urls].join("\n");
  });
  throw new RerunError("InvalidArgument", `duplicate segment layers in request:\n${lines.join("\n")}`);
}

async function enqueue(platform: Platform, dataset: Entry, found: readonly Found[], onDuplicate: OnDuplicate): Promise<string[]> {
  const tasks = found.map(({ url, object, layer, segment, bytes, version }) => {
    const payload: RegisterPayload = { dataset: dataset.id, url, object, layer, segment, bytes, version, onDuplicate };
    return { id: `task_${platform.newId()}`, kind: REGISTER, payload: JSON.stringify(payload) };
  });
  await platform.catalog.write([dataset.id], async (tx) => {
    await tx.enqueue(tasks);
    const failed = found.flatMap(({ failure }, index) =>
      failure === undefined ? [] : [{ id: tasks[index]?.id ?? "", status: "failed" as const, message: failure }],
    );
    await tx.finishTasks(failed);
  });
  return tasks.map(({ id }) => id);
}
