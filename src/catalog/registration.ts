import { describe, isRerunError, RerunError } from "../core/index.js";
import type { MemoryFrame, WaitOptions } from "../dataset/index.js";
import type { DataframePart } from "../protos/redap.js";
import type { Connection } from "./connection.js";
import { joinParts, textsOf } from "./tables.js";

/** How long to wait for a task. */
export interface TaskWaitOptions extends WaitOptions {
  /** Default: as long as it takes. */
  readonly timeoutSecs?: number | undefined;
}

/** What became of one source. */
export interface SegmentRegistrationResult {
  readonly uri: string;
  /** `undefined` when it is not known, as nothing could be read. */
  readonly segmentId: string | undefined;
  readonly error: string | undefined;
  readonly isSuccess: boolean;
  readonly isError: boolean;
}

/** What was registered, in the order of the sources. */
export class RegistrationResult implements Iterable<SegmentRegistrationResult> {
  readonly segmentIds: readonly string[];
  readonly results: readonly SegmentRegistrationResult[];

  /** @internal */
  constructor(results: readonly SegmentRegistrationResult[]) {
    this.results = results;
    this.segmentIds = results.flatMap(({ segmentId }) => segmentId ?? []);
  }

  [Symbol.iterator](): Iterator<SegmentRegistrationResult> {
    return this.results[Symbol.iterator]();
  }
}

interface Source {
  readonly uri: string;
  readonly segmentId: string;
  readonly taskId: string;
}

/** The longest time that is asked for at once, as Rerun's client does. */
const ASK_AGAIN_SEC = 3600;

/** The registration of some files, which goes on at the server. */
export class RegistrationOperation {
  readonly #connection: Connection;
  readonly #sources: readonly Source[];

  /** @internal */
  constructor(connection: Connection, frame: MemoryFrame) {
    const [uris, segments, tasks] = ["rerun_storage_url", "rerun_segment_id", "rerun_task_id"].map((name) =>
      textsOf(frame, name),
    );
    this.#connection = connection;
    this.#sources = (uris ?? []).map((uri, i) => ({ uri, segmentId: segments?.[i] ?? "", taskId: tasks?.[i] ?? "" }));
  }

  /** Number of sources. */
  get length(): number {
    return this.#sources.length;
  }

  /** What became of each source, as it gets known. @throws RerunError `Timeout` */
  async *iterResults(options: TaskWaitOptions = {}): AsyncGenerator<SegmentRegistrationResult, void, undefined> {
    const byTask = new Map<string, Source[]>();
    for (const source of this.#sources) byTask.set(source.taskId, [...(byTask.get(source.taskId) ?? []), source]);
    for await (const { id, error } of finishedTasks(this.#connection, [...byTask.keys()], options)) {
      const own = byTask.get(id) ?? [];
      byTask.delete(id);
      for (const { uri, segmentId } of own) {
        const known = segmentId === "" ? undefined : segmentId;
        yield { uri, segmentId: known, error, isSuccess: error === undefined, isError: error !== undefined };
      }
    }
  }

  /**
   * Waits for all.
   *
   * @param options `onProgress` hears of each source as it is done
   * @throws RerunError `InvalidArgument` that names each source that failed, `Timeout`
   */
  async wait(
    options: TaskWaitOptions & {
      readonly onProgress?: ((result: SegmentRegistrationResult, numDone: number, numTotal: number) => void) | undefined;
    } = {},
  ): Promise<RegistrationResult> {
    const byUri = new Map(this.#sources.map(({ uri }, i) => [uri, i]));
    const results: SegmentRegistrationResult[] = [];
    for await (const result of this.iterResults(options)) {
      results.push(result);
      options.onProgress?.(result, results.length, this.#sources.length);
    }
    const errors = [...new Set(results.flatMap(({ error }) => error ?? []))];
    if (errors.length > 0) throw new RerunError("InvalidArgument", errors.join("\n"));
    return new RegistrationResult(results.sort((a, b) => (byUri.get(a.uri) ?? 0) - (byUri.get(b.uri) ?? 0)));
  }

  /** Gives up what has not begun. Nothing happens when all is done. */
  async cancel(options: WaitOptions = {}): Promise<void> {
    await cancelTasks(this.#connection, [...new Set(this.#sources.map(({ taskId }) => taskId))], options);
  }
}

/** The removal of segments or layers, which goes on at the server. */
export class UnregistrationHandle {
  readonly #connection: Connection;
  readonly #taskIds: readonly string[];

  /** @internal */
  constructor(connection: Connection, taskIds: readonly string[]) {
    this.#connection = connection;
    this.#taskIds = taskIds;
  }

  /** @throws RerunError `InvalidArgument` with the server's text, `Timeout` */
  async wait(options: TaskWaitOptions = {}): Promise<void> {
    const errors: string[] = [];
    for await (const { error } of finishedTasks(this.#connection, this.#taskIds, options))
      errors.push(...(error === undefined ? [] : [error]));
    if (errors.length > 0) throw new RerunError("InvalidArgument", errors.join("\n"));
  }

  async cancel(options: WaitOptions = {}): Promise<void> {
    await cancelTasks(this.#connection, this.#taskIds, options);
  }
}

interface FinishedTask {
  readonly id: string;
  readonly error: string | undefined;
}

/** Tasks as they end. */
async function* finishedTasks(
  connection: Connection,
  taskIds: readonly string[],
  { timeoutSecs, signal }: TaskWaitOptions,
): AsyncGenerator<FinishedTask, void, undefined> {
  const timeout = durationOf(timeoutSecs ?? ASK_AGAIN_SEC);
  const waiting = new Set(taskIds);
  while (waiting.size > 0) {
    const request = { ids: Array.from(waiting, (id) => ({ id })), timeout };
    const parts = connection.stream((client, call) => client.queryTasksOnCompletion(request, call), { signal });
    try {
      for await (const { data } of parts) for (const task of tasksIn(data)) if (waiting.delete(task.id)) yield task;
      if (waiting.size > 0) throw new RerunError("Timeout", `${waiting.size} of ${taskIds.length} tasks have not ended`);
    } catch (error) {
      if (timeoutSecs !== undefined || !isRerunError(error, "Timeout")) throw error;
    }
  }
}

function tasksIn(part: DataframePart | undefined): FinishedTask[] {
  const frame = joinParts([part]);
  if (frame.batches.length === 0) return [];
  const [ids = [], states, messages] = ["task_id", "exec_status", "msgs"].map((name) => textsOf(frame, name));
  return ids.flatMap((id, row): FinishedTask[] => {
    const state = states?.[row] ?? "";
    if (state === "success") return [{ id, error: undefined }];
    const isOver = /^(failed|cancell?ed)$/.test(state);
    return isOver ? [{ id, error: messages?.[row] || `the task ended as "${state}"` }] : [];
  });
}

/** @throws RerunError `InvalidArgument` */
function durationOf(seconds: number): { readonly seconds: bigint; readonly nanos: number } {
  if (!(seconds >= 0 && seconds <= Number.MAX_SAFE_INTEGER)) {
    throw new RerunError("InvalidArgument", `timeoutSecs: expected a number of seconds, got ${describe(seconds)}`);
  }
  return { seconds: BigInt(Math.floor(seconds)), nanos: Math.floor((seconds % 1) * 1e9) };
}

async function cancelTasks(connection: Connection, taskIds: readonly string[], { signal }: WaitOptions): Promise<void> {
  const request = { ids: taskIds.map((id) => ({ id })) };
  await connection.call((client, options) => client.cancelTasks(request, options), { signal, changes: true });
}
