import type { CatalogTx, Entry, NewLayer, OnDuplicate, TaskResult, TaskSpec } from "../catalog/catalog-store.js";
import type { Draft } from "../recordings/draft-layer.js";
import { MergedSchema, schemaFields } from "../recordings/merge-schemas.js";
import { reasonOf } from "../recordings/recording-index.js";
import { inParallel } from "./in-parallel.js";
import type { Platform } from "./platform.js";

/** Kind of the tasks that register a recording. */
export const REGISTER = "register";

export interface RegisterPayload {
  readonly dataset: string;
  readonly url: string;
  readonly object: string;
  readonly layer: string;
  readonly segment: string;
  readonly bytes: number;
  readonly version: string;
  readonly onDuplicate: OnDuplicate;
}

interface Job {
  readonly id: string;
  readonly payload: RegisterPayload;
}

interface Ready extends Job {
  readonly draft: Draft;
}

const BATCH = 1024;
const PARALLEL_FILES = 8;
const PROGRESS_MS = 1000;

/** Registers what tasks ask for until `signal` fires. */
export function registerTasks(platform: Platform, signal: AbortSignal): Promise<void> {
  const onError = (error: unknown): void => {
    platform.warn({ code: "TaskFailed", message: `A registration is tried again: ${reasonOf(error)}` });
  };
  return platform.catalog.work({ kinds: [REGISTER], batch: BATCH, signal, onError }, (tasks) =>
    registerBatch(platform, tasks, signal),
  );
}

/** Reads the indexes of the files first; then all that is to be known of them becomes part of the catalog at once. */
async function registerBatch(platform: Platform, tasks: readonly TaskSpec[], signal: AbortSignal): Promise<void> {
  const jobs = tasks.map((task): Job => ({ id: task.id, payload: JSON.parse(task.payload) as RegisterPayload }));
  const failures: TaskResult[] = [];
  const ready: Ready[] = [];
  await inParallel(PARALLEL_FILES, jobs, async (job) => {
    try {
      ready.push({ ...job, draft: await readDraft(platform, job, signal) });
    } catch (error) {
      signal.throwIfAborted();
      failures.push(failed(job, sourceFailure(job.payload.url, reasonOf(error))));
    }
  });
  const order = new Map(jobs.map(({ id }, index) => [id, index]));
  ready.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  const datasets = [...new Set(jobs.map(({ payload }) => payload.dataset))];
  await platform.catalog.write(datasets, async (tx) => {
    const states = await tx.tasks(ready.map(({ id }) => id));
    const running = new Set(states.filter(({ status }) => status === "running").map(({ id }) => id));
    const results = [...failures];
    for (const dataset of datasets) {
      const own = ready.filter(({ id, payload }) => payload.dataset === dataset && running.has(id));
      results.push(...(await putDrafts(platform, tx, dataset, own)));
    }
    await tx.finishTasks(results);
  });
}

async function readDraft(platform: Platform, { id, payload }: Job, signal: AbortSignal): Promise<Draft> {
  const { object, segment, bytes, version } = payload;
  const draft = await platform.drafts.draftOf(object, { bytes, version }, segment, {
    signal,
    onProgress: progressOf(platform, id),
  });
  if (draft.madeFooter !== undefined) await platform.objects.create(draft.layer.manifestObject, once(draft.madeFooter));
  return draft;
}

/** Tells how far a long reading is, once a second at most. */
function progressOf(platform: Platform, id: string): (done: number, total: number) => void {
  let last = performance.now();
  return (done, total) => {
    if (performance.now() - last < PROGRESS_MS) return;
    last = performance.now();
    const text = `read ${Math.floor((100 * done) / total)} % of ${total} bytes`;
    platform.catalog
      .write([], (tx) => tx.noteProgress([id], text))
      .catch((error: unknown) => {
        platform.warn({ code: "TaskFailed", message: `The progress of a registration was not noted: ${reasonOf(error)}` });
      });
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function putDrafts(platform: Platform, tx: CatalogTx, dataset: string, jobs: readonly Ready[]): Promise<TaskResult[]> {
  const entry = await tx.entry(dataset);
  if (entry === undefined) return jobs.map((job) => failed(job, layerFailure(job, "the dataset was deleted")));
  const merged = await mergedSchema(tx, dataset);
  const results: TaskResult[] = [];
  const known = new Set(await tx.schemaIds(dataset));
  const accepted: Ready[] = [];
  const now = platform.nowNs();
  for (const job of jobs) {
    const { layer, schema } = job.draft;
    const conflict = known.has(layer.schemaSha256) ? undefined : merged.conflict(schemaFields(schema));
    const problem = assetProblem(entry, job) ?? (conflict === undefined ? undefined : conflictFailure(job, conflict));
    if (problem !== undefined) {
      results.push(failed(job, problem));
      continue;
    }
    if (!known.has(layer.schemaSha256)) {
      merged.add(schemaFields(schema));
      known.add(layer.schemaSha256);
      await tx.putSchema(layer.schemaSha256, schema);
    }
    accepted.push(job);
  }
  for (const onDuplicate of ["error", "skip", "overwrite"] as const) {
    const group = accepted.filter(({ payload }) => payload.onDuplicate === onDuplicate);
    const outcomes = await tx.putLayers(
      group.map((job) => layerRow(job, now)),
      onDuplicate,
    );
    group.forEach((job, index) => {
      const isDuplicate = outcomes[index] === "exists";
      results.push(isDuplicate ? failed(job, layerFailure(job, "already exists")) : { id: job.id, status: "success" });
    });
  }
  return results;
}

function layerRow({ payload, draft }: Ready, now: bigint): NewLayer {
  return { ...draft.layer, dataset: payload.dataset, layer: payload.layer, registeredAtNs: now, updatedAtNs: now };
}

/** The columns of a dataset's recordings together. */
export async function mergedSchema(reads: Pick<CatalogTx, "schemaIds" | "schema">, dataset: string): Promise<MergedSchema> {
  const merged = new MergedSchema();
  for (const id of await reads.schemaIds(dataset)) {
    const schema = await reads.schema(id);
    if (schema !== undefined) merged.add(schemaFields(schema));
  }
  return merged;
}

function assetProblem(dataset: Entry, job: Ready): string | undefined {
  const { isAllStatic, layer } = job.draft;
  if (dataset.kind !== "assetDataset" || isAllStatic) return undefined;
  return layerFailure(job, `asset datasets only accept static chunks, but asset '${layer.segment}' contains temporal data`);
}

function failed(job: Job, message: string): TaskResult {
  return { id: job.id, status: "failed", message };
}

const HEAD = "Registration failed for the segments/layers listed below.";

function layerFailure({ payload }: Job, reason: string): string {
  return `${HEAD}\n- Segment "${payload.segment}", layer "${payload.layer}": ${reason}`;
}

function conflictFailure(job: Job, conflict: string): string {
  const { segment, layer } = job.payload;
  return layerFailure(job, `schema incompatibility on segment '${segment}', layer '${layer}': ${conflict}`);
}

/** The message of a task whose file is the problem. */
export function sourceFailure(url: string, reason: string): string {
  return `Registration failed for the source listed below.\n- ${url}: ${reason}`;
}
