import { create } from "@bufbuild/protobuf";
import { binaryArray, numberArray, textArray } from "../../chunk/index.js";
import { RerunError, UINT8 } from "../../core/index.js";
import {
  type CancelTasksRequest,
  type CancelTasksResponse,
  CancelTasksResponseSchema,
  type DataframePart,
  type QueryTasksOnCompletionRequest,
  type QueryTasksOnCompletionResponse,
  QueryTasksOnCompletionResponseSchema,
  type QueryTasksRequest,
  type QueryTasksResponse,
  QueryTasksResponseSchema,
  type TaskId,
} from "../../protos/redap.js";
import type { TaskState } from "../catalog/catalog-store.js";
import { column, dataframe, TIMESTAMP } from "./dataframe.js";
import type { Platform } from "./platform.js";

const MAX_WAIT_MS = 3_600_000;
/** Rows of one answer. */
const MAX_ROWS = 1000;

export async function queryTasks(platform: Platform, { ids }: QueryTasksRequest): Promise<QueryTasksResponse> {
  const states = await statesOf(platform, uniqueIds(ids));
  return create(QueryTasksResponseSchema, { data: taskTable(states) });
}

/** Gives tasks as they end, several at a time. */
export async function* queryTasksOnCompletion(
  platform: Platform,
  { ids, timeout }: QueryTasksOnCompletionRequest,
  signal: AbortSignal,
): AsyncGenerator<QueryTasksOnCompletionResponse> {
  const asked = timeout === undefined ? MAX_WAIT_MS : Number(timeout.seconds) * 1000 + timeout.nanos / 1e6;
  for await (const ended of endedTasks(platform, uniqueIds(ids), Math.min(asked, MAX_WAIT_MS), signal)) {
    for (let at = 0; at < ended.length; at += MAX_ROWS) {
      yield create(QueryTasksOnCompletionResponseSchema, { data: taskTable(ended.slice(at, at + MAX_ROWS)) });
    }
  }
}

/**
 * Tasks that have ended, all that have at a time, until none is left.
 * @throws RerunError `Timeout`, `NotFound` for an id that no task has
 */
export async function* endedTasks(
  platform: Platform,
  ids: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): AsyncGenerator<readonly TaskState[]> {
  const endMs = performance.now() + timeoutMs;
  let open = ids;
  let seen = 0;
  while (open.length > 0) {
    const leftMs = endMs - performance.now();
    // What is committed while the tasks are looked at must wake the waiting below.
    seen = await platform.catalog.changed(Number.MAX_SAFE_INTEGER, 0, signal);
    const states = await statesOf(platform, open);
    const ended = states.filter(({ status }) => status !== "pending" && status !== "running");
    if (ended.length > 0) yield ended;
    const done = new Set(ended.map(({ id }) => id));
    open = open.filter((id) => !done.has(id));
    if (open.length === 0) return;
    if (leftMs <= 0) throw new RerunError("Timeout", `${open.length} tasks have not ended yet, the first of them: ${open[0]}`);
    await platform.catalog.changed(seen, leftMs, signal);
    signal.throwIfAborted();
  }
}

export async function cancelTasks(platform: Platform, { ids }: CancelTasksRequest): Promise<CancelTasksResponse> {
  await platform.catalog.write([], (tx) => tx.cancelTasks(uniqueIds(ids)));
  return create(CancelTasksResponseSchema);
}

function uniqueIds(ids: readonly TaskId[]): string[] {
  return [...new Set(ids.map(({ id }) => id))];
}

async function statesOf(platform: Platform, ids: readonly string[]): Promise<TaskState[]> {
  const states = await platform.catalog.tasks(ids);
  if (states.length === ids.length) return states;
  const known = new Set(states.map(({ id }) => id));
  throw new RerunError("NotFound", `Task '${ids.find((id) => !known.has(id))}' not found`);
}

/** The schema is the real server's. */
function taskTable(tasks: readonly TaskState[]): DataframePart {
  const columns = [
    column("task_id", false, textArray(tasks.map(({ id }) => id))),
    column("kind", true, textArray(tasks.map(({ kind }) => kind))),
    column("data", true, textArray(tasks.map(({ payload }) => payload))),
    column("exec_status", false, textArray(tasks.map(({ status }) => status))),
    column("msgs", true, textArray(tasks.map(({ message }) => message))),
    column("blob", true, binaryArray(tasks.map(() => null))),
    column("lease_owner", true, textArray(tasks.map(({ leaseOwner }) => leaseOwner))),
    column(
      "lease_expiration",
      true,
      numberArray(
        TIMESTAMP,
        tasks.map(({ leaseUntilNs }) => leaseUntilNs),
      ),
    ),
    column(
      "attempts",
      false,
      numberArray(
        UINT8,
        tasks.map(({ attempts }) => Math.min(attempts, 255)),
      ),
    ),
    column(
      "creation_time",
      true,
      numberArray(
        TIMESTAMP,
        tasks.map(({ createdAtNs }) => createdAtNs),
      ),
    ),
    column(
      "last_update_time",
      true,
      numberArray(
        TIMESTAMP,
        tasks.map(({ updatedAtNs }) => updatedAtNs),
      ),
    ),
  ];
  return dataframe(columns, tasks.length);
}
