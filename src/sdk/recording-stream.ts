import { randomUUID } from "node:crypto";
import { isatty as isTerminal } from "node:tty";
import { type Chunk, chunkFromColumns } from "../chunk/index.js";
import {
  type Clock,
  clockNanos,
  createClock,
  createTuidSource,
  describe,
  getHost,
  isRerunError,
  isStrict,
  RerunError,
  type StoreId,
  type TimeSpec,
  type TuidSource,
  warnOnce,
} from "../core/index.js";
import { DEFAULT_PROXY_PORT } from "../rpc/index.js";
import type { ChunkStore } from "../store/index.js";
import type { AsComponents, ComponentColumn } from "../types/index.js";
import { normalizeApplicationId } from "./application-id.js";
import {
  type ChunksLike,
  chunksOf,
  chunksOfDataframe,
  type DataframeLike,
  type RecordBatchLike,
  type SendDataframeOptions,
} from "./arrow-input.js";
import { runInContext, timesHere } from "./async-context.js";
import { Batcher, type EntityRows } from "./batcher.js";
import { batcherConfig, environmentFlag } from "./batcher-config.js";
import type { BlueprintLike } from "./blueprint/blueprint.js";
import type { SendBlueprintOptions } from "./blueprint/message.js";
import { isAsComponents, mergeBundles } from "./bundles.js";
import { canonicalPath } from "./canonical-path.js";
import { checkFilePath, listOf } from "./check-arguments.js";
import { writeRrd } from "./export-rrd.js";
import { setGlobal } from "./global-holder.js";
import { type FileTarget, type LogFileOptions, logFileFromContents, logFileFromPath } from "./importers/log-file.js";
import { LastReading } from "./last-reading.js";
import { nameProperty, RECORDING_PROPERTIES_PATH, startTimeChunk, startTimeProperty } from "./properties.js";
import type {
  ExportOptions,
  FlushOptions,
  Loggable,
  LogOptions,
  LogPath,
  RecordingStreamOptions,
  SaveOptions,
  SendColumnsOptions,
  ServeGrpcOptions,
  SinkOptions,
} from "./recording-options.js";
import { RecordingOutput } from "./recording-output.js";
import { BinaryStream } from "./sinks/binary-stream.js";
import { FileSink } from "./sinks/file-sink.js";
import { GrpcServerSink } from "./sinks/grpc-server-sink.js";
import { GrpcSink } from "./sinks/grpc-sink.js";
import { MemoryRecording } from "./sinks/memory-sink.js";
import { STDOUT } from "./sinks/output-file.js";
import type { Sink, StoreMessage } from "./sinks/sink.js";
import { throwJoined } from "./sinks/sink-group.js";
import { StdoutSink } from "./sinks/stdout-sink.js";
import { type SpawnOptions, spawnViewer } from "./spawn.js";
import type { TimeColumn } from "./time-column.js";
import { AutomaticTimes, STATIC_ROW, Timepoint } from "./timepoint.js";
import { within } from "./within.js";

const MAX_REMEMBERED_PATHS = 50_000;

// Long, because it is the one object that users call: its methods check their arguments and hand on to the modules beside it.

/**
 * A recording: takes what is logged, collects it into chunks, and hands these to its sinks.
 *
 * Until a sink is chosen it holds everything (in a notebook kernel always, up to `memoryLimit`).
 * When a call returns, the values are copied: the caller may reuse its buffers.
 */
export class RecordingStream {
  readonly applicationId: string;
  readonly recordingId: string;
  readonly #storeId: StoreId;
  readonly #clock: Clock;
  readonly #tuids: TuidSource;
  readonly #automaticTimes: AutomaticTimes;
  readonly #time: Timepoint;
  readonly #batcher: Batcher;
  readonly #entities = new Map<string, EntityRows>();
  readonly #output: RecordingOutput;
  readonly #forcedPath: string | undefined = process.env._RERUN_TEST_FORCE_SAVE || undefined;
  readonly #isEnabled: boolean;
  #startTimeNanos: bigint;
  #name: string | undefined;
  #isClosed = false;

  /** @throws RerunError `InvalidArgument` for an empty application id or bad options */
  constructor(applicationId: string, options: RecordingStreamOptions = {}) {
    if (typeof applicationId !== "string" || applicationId === "") {
      throw new RerunError("InvalidArgument", `RecordingStream: expected an application id, got ${describe(applicationId)}`);
    }
    this.applicationId = normalizeApplicationId(applicationId, warnOnce);
    this.recordingId = options.recordingId ?? randomUUID().replaceAll("-", "");
    this.#storeId = { kind: "recording", applicationId: this.applicationId, recordingId: this.recordingId };
    this.#clock = options.clock ?? createClock();
    this.#startTimeNanos = clockNanos(this.#clock);
    this.#tuids = options.tuids ?? createTuidSource({ clock: new LastReading(this.#clock) });
    this.#isEnabled = environmentFlag(process.env, "RERUN", options.defaultEnabled ?? true);
    const hasLogTick = environmentFlag(process.env, "RERUN_LOG_TICK", false);
    this.#automaticTimes = new AutomaticTimes(environmentFlag(process.env, "RERUN_LOG_TIME", true), hasLogTick);
    this.#time = new Timepoint(this.#automaticTimes);
    this.#output = new RecordingOutput({
      storeId: this.#storeId,
      defaultBlueprint: options.defaultBlueprint,
      memoryLimitBytes: options.memoryLimit ?? 2 ** 30,
      isKept: getHost()?.isNotebook ?? false,
      closeSync: () => this.closeSync(),
    });
    this.#batcher = new Batcher({
      config: batcherConfig(options.batcher ?? {}, process.env),
      clock: this.#clock,
      tuids: this.#tuids,
      emit: (chunks) => {
        this.#output.write(chunks);
      },
      warn: warnOnce,
    });
    if (options.makeDefault === true) setGlobal(this);
    if (this.#forcedPath !== undefined) this.#replaceSinks([new FileSink(this.#forcedPath)], {});
    if (this.#isEnabled && (options.sendProperties ?? true))
      this.#output.write([startTimeChunk(this.#startTimeNanos, this.#tuids)]);
  }

  /** Whether what is logged is taken. */
  get isEnabled(): boolean {
    return this.#isEnabled && !this.#isClosed;
  }

  /** When the recording began, in nanoseconds since 1970. */
  get startTimeNanos(): bigint {
    return this.#startTimeNanos;
  }

  /** The name given with `sendRecordingName`. */
  get name(): string | undefined {
    return this.#name;
  }

  /** What the recording holds in memory, all rows so far included. */
  get store(): ChunkStore {
    this.#batcher.flush();
    return this.#output.store;
  }

  /**
   * Sets the time of what is logged from now on, until it is set anew.
   *
   * @throws RerunError `InvalidTime` without a kind, with two, or with a value of the wrong type; also in lenient mode
   */
  setTime(timeline: string, time: TimeSpec): void {
    if (typeof timeline !== "string") {
      throw new RerunError("InvalidTime", `setTime: expected the timeline's name, got ${describe(timeline)}`);
    }
    timesHere(this.#time).set(timeline, time);
  }

  /** Forgets the time on one timeline: what is logged from now on is not on it. */
  disableTimeline(timeline: string): void {
    timesHere(this.#time).disable(timeline);
  }

  /** Forgets the times on all timelines. */
  resetTime(): void {
    timesHere(this.#time).reset();
  }

  /** Whether rows get the timeline `log_time`: now. Default: yes, unless `RERUN_LOG_TIME=0`. */
  setLogTimeEnabled(enabled: boolean): void {
    this.#automaticTimes.hasLogTime = enabled;
  }

  /** Whether rows get the timeline `log_tick`: how many were logged before. Default: no, unless `RERUN_LOG_TICK=1`. */
  setLogTickEnabled(enabled: boolean): void {
    this.#automaticTimes.hasLogTick = enabled;
  }

  /**
   * Runs `work` with this as the current recording, for `work` and everything asynchronous it starts. Times that are set there
   * hold there only; they begin with those that hold here.
   *
   * ```ts
   * await Promise.all(jobs.map((job) => new rr.RecordingStream("job").run(async () => { rr.log("state", new rr.TextLog(await job())); })));
   * ```
   * @returns what `work` returns
   */
  run<T>(work: () => T): T {
    return runInContext(this, this.#time, work);
  }

  /**
   * Logs `entity` as one row, at the times set with `setTime`.
   *
   * Bad input warns and is left out; in strict mode it throws.
   *
   * @throws RerunError `InvalidArgument` in strict mode
   */
  log(path: LogPath, entity: Loggable, options?: LogOptions): void {
    if (!this.#isEnabled) return;
    try {
      this.#clock.read();
      const times = timesHere(this.#time).next(this.#clock);
      const bundle = options === undefined && isAsComponents(entity) ? entity : this.#bundle(entity, options);
      const rowTimes = options?.static === true ? STATIC_ROW : times;
      this.#batcher.append(this.#rows(path), rowTimes, bundle, options?.strict ?? isStrict());
    } catch (error) {
      this.#report(error, options?.strict);
    }
  }

  /**
   * Sends whole columns as one chunk: one row per time. Without `indexes` the chunk is static.
   *
   * Bad input warns and nothing is sent; in strict mode it throws.
   *
   * @throws RerunError `InvalidArgument` in strict mode, for instance for columns of different lengths
   */
  sendColumns(
    path: LogPath,
    indexes: Iterable<TimeColumn>,
    columns: Iterable<ComponentColumn>,
    options?: SendColumnsOptions,
  ): void {
    if (!this.#isEnabled) return;
    try {
      this.#checkOpen("sendColumns");
      this.#clock.read();
      const entityPath = canonicalPath("sendColumns", path);
      const times = listOf("sendColumns: indexes", "TimeColumn", indexes);
      const chunk = chunkFromColumns({
        entityPath,
        times,
        columns: listOf("sendColumns: columns", "Archetype.columns(…)", columns),
        tuids: this.#tuids,
      });
      if (chunk.numRows > 0 && chunk.components.size > 0) this.#output.write([chunk]);
    } catch (error) {
      this.#report(error, options?.strict);
    }
  }

  /**
   * Sends an Arrow table: its columns become timelines and components, one chunk for each entity and record batch.
   *
   * ```ts
   * rec.sendDataframe(table, { index: "frame" });   // columns are called "/entity:component"
   * ```
   * @throws RerunError `InvalidArgument` when it cannot be understood, lenient or not
   */
  sendDataframe(dataframe: DataframeLike, options: SendDataframeOptions = {}): void {
    this.#sendAll("sendDataframe", chunksOfDataframe("sendDataframe", dataframe, options, this.#tuids));
  }

  /** As `sendDataframe`, for one record batch. */
  sendRecordBatch(batch: RecordBatchLike, options: SendDataframeOptions = {}): void {
    this.#sendAll("sendRecordBatch", chunksOfDataframe("sendRecordBatch", batch, options, this.#tuids));
  }

  /**
   * Sends chunks as they are, ids included; they become part of this recording, whichever one they come from.
   *
   * @throws RerunError `InvalidArgument` when one is no chunk: those before it are sent
   */
  sendChunks(chunks: ChunksLike): void {
    this.#sendAll("sendChunks", chunksOf("sendChunks", chunks));
  }

  /** Sets static properties of the recording, shown and queried under `name`. */
  sendProperty(name: string, values: Loggable): void {
    this.log(["__properties", name], values, { static: true });
  }

  /** Names the recording. */
  sendRecordingName(name: string): void {
    this.#name = name;
    this.log(RECORDING_PROPERTIES_PATH, nameProperty(name), { static: true });
  }

  /**
   * Says when the recording began, in nanoseconds since 1970, where it was not when this object was made.
   *
   * @throws RerunError `InvalidArgument` unless it is a bigint or a whole number
   */
  sendRecordingStartTimeNanos(nanos: bigint | number): void {
    if (typeof nanos !== "bigint" && !Number.isSafeInteger(nanos)) {
      throw new RerunError("InvalidArgument", `sendRecordingStartTimeNanos: expected whole nanoseconds, got ${describe(nanos)}`);
    }
    this.#startTimeNanos = BigInt(nanos);
    this.log(RECORDING_PROPERTIES_PATH, startTimeProperty(this.#startTimeNanos), { static: true });
  }

  /**
   * Tells viewers how to show the recordings of this application.
   *
   * @throws RerunError `InvalidArgument` when it is no blueprint
   */
  sendBlueprint(blueprint: BlueprintLike, options: SendBlueprintOptions = {}): void {
    this.#checkOpen("sendBlueprint");
    if (this.#isEnabled) this.#output.sendBlueprint(blueprint, options);
  }

  /**
   * Resolves when everything logged so far is where the sinks bring it.
   *
   * @throws RerunError `Timeout`; `SinkFailed` with what was lost since this was last said
   */
  async flush(options: FlushOptions = {}): Promise<void> {
    this.#batcher.flush();
    const done = this.#output.flush();
    await (options.timeoutSec === undefined ? done : within(done, options.timeoutSec));
  }

  /**
   * Writes the recording to a file from now on; what was held so far goes first. The footer comes with `close`.
   *
   * @throws RerunError `SinkFailed` when the file cannot be made
   */
  save(path: string, options: SaveOptions = {}): void {
    checkFilePath("save", path);
    const { writeFooter = true, ...sinkOptions } = options;
    this.setSinks([new FileSink(path, { writeFooter })], sinkOptions);
  }

  /**
   * Streams the recording to a viewer, or to another message proxy, from now on. Returns at once: a receiver that cannot be
   * reached is tried again, see `GrpcSink`.
   *
   * @param url `rerun+http://host:port/proxy`; default: a viewer on this machine, port 9876
   * @throws RerunError `InvalidArgument` when the address is malformed
   */
  connectGrpc(url?: string, options: SinkOptions = {}): void {
    this.setSinks([new GrpcSink(url)], options);
  }

  /**
   * Serves the recording to viewers from now on, until the recording ends or goes elsewhere.
   *
   * @returns the address for them: `rerun+http://127.0.0.1:9876/proxy`
   * @throws RerunError `InvalidArgument`, `SinkFailed` when the port is taken
   */
  async serveGrpc(options: ServeGrpcOptions = {}): Promise<string> {
    const { grpcPort: port = DEFAULT_PROXY_PORT, defaultBlueprint, ...rest } = options;
    const sink = new GrpcServerSink({ port, ...rest });
    const url = await sink.listen();
    this.setSinks([sink], defaultBlueprint === undefined ? {} : { defaultBlueprint });
    return url;
  }

  /**
   * Starts a viewer and streams the recording to it.
   *
   * @throws RerunError `NotFound` when there is no viewer on this machine, `Unavailable` when it does not come up
   */
  async spawn(options: SpawnOptions & SinkOptions = {}): Promise<void> {
    const { connect = true, port = DEFAULT_PROXY_PORT, defaultBlueprint } = options;
    if (this.#forcedPath !== undefined) return;
    await spawnViewer(options);
    const url = `rerun+http://127.0.0.1:${port}/proxy`;
    if (connect) this.connectGrpc(url, defaultBlueprint === undefined ? {} : { defaultBlueprint });
  }

  /**
   * Sends the recording to these sinks from now on, instead of those it had, which are closed.
   *
   * @throws RerunError `SinkFailed` when one cannot be used; the others are not used then either
   */
  setSinks(sinks: readonly Sink[], options: SinkOptions = {}): void {
    this.#checkOpen("setSinks");
    if (this.#forcedPath !== undefined) return;
    this.#replaceSinks(sinks, options);
  }

  /** Keeps the recording in memory from now on, to be taken out as bytes. */
  memoryRecording(): MemoryRecording {
    const memory = new MemoryRecording(() => {
      this.#batcher.flush();
    });
    this.setSinks([memory]);
    return memory;
  }

  /** Makes the recording a stream of bytes from now on, to be read as they come. */
  binaryStream(): BinaryStream {
    const stream = new BinaryStream(() => {
      this.#batcher.flush();
    });
    this.setSinks([stream]);
    return stream;
  }

  /**
   * Writes the recording to standard output from now on, for `node program.js | rerun -`. Where that is a terminal, a warning
   * says so and nothing changes.
   *
   * @throws RerunError `SinkFailed` when nothing can be written
   */
  stdout(options: SaveOptions = {}): void {
    const { writeFooter = true, ...sinkOptions } = options;
    if (isTerminal(STDOUT)) {
      warnOnce({ code: "SinkFailed", message: "stdout: standard output is a terminal: it must be a pipe or a file" });
      return;
    }
    this.setSinks([new StdoutSink({ writeFooter })], sinkOptions);
  }

  /**
   * Writes a complete file, footer included, of all the recording holds now. Nothing else changes.
   *
   * @throws RerunError `IncompleteRecording` when something was evicted or has gone to a sink only; `SinkFailed`
   */
  async exportRrd(path: string, options: ExportOptions = {}): Promise<void> {
    checkFilePath("exportRrd", path);
    this.#batcher.flush();
    if (options.allowPartial !== true) this.#output.checkComplete();
    await writeRrd(path, this.#storeId, this.#output.store.chunks(), this.#output.waitingBlueprints);
  }

  /** Writes out everything and closes the sinks; the recording then holds what is logged, until it gets a sink. */
  disconnect(): void {
    this.#batcher.flush();
    this.#output.letGo();
  }

  /**
   * Writes out everything, footers included, and ends the recording: what is logged afterwards is dropped. Idempotent.
   *
   * @throws RerunError `SinkFailed` with what was lost since this was last said; the recording is closed nevertheless
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    const errors: unknown[] = [];
    await this.flush().catch((error: unknown) => errors.push(error));
    try {
      this.#end(() => this.#output.close());
    } catch (error) {
      errors.push(error);
    }
    throwJoined(errors);
  }

  /** As `close`, at once: for the end of the process. What was lost is a warning. */
  closeSync(): void {
    this.#end(() => this.#output.letGo());
  }

  #end(closeSinks: () => void): void {
    if (this.#isClosed) return;
    this.#batcher.flush();
    this.#isClosed = true;
    this.#entities.clear();
    closeSinks();
  }

  #rows(path: LogPath): EntityRows {
    let rows = typeof path === "string" ? this.#entities.get(path) : undefined;
    if (rows === undefined) {
      if (this.#isClosed) throw new RerunError("Closed", "log: the recording is closed: what is logged is dropped");
      if (typeof path !== "string") return this.#batcher.entity(canonicalPath("log", path));
      if (this.#entities.size >= MAX_REMEMBERED_PATHS) this.#entities.clear();
      rows = this.#batcher.entity(canonicalPath("log", path));
      this.#entities.set(path, rows);
    }
    return rows;
  }

  #bundle(entity: Loggable, options: LogOptions | undefined): AsComponents {
    return mergeBundles(entity, (component) => {
      this.#report(new RerunError("InvalidArgument", `log: ${component} comes twice; the first one is taken`), options?.strict);
    });
  }

  /**
   * Logs a file by its extension: images, meshes (glb, gltf, obj, stl, dae), point clouds and Gaussian splats (ply), text and
   * markdown, sound, video; a folder: all files in it. Its entity is its path. A recording (rrd, rbl) goes to the sinks under its own name.
   *
   * Bad input warns; in strict mode it rejects.
   *
   * ```ts
   * await rec.logFileFromPath("meshes/robot.glb", { entityPathPrefix: "world" });   // at world/meshes/robot.glb
   * ```
   * @throws RerunError in strict mode: `NotFound`, `Unsupported` for other extensions, `CorruptFile`
   */
  async logFileFromPath(path: string, options: LogFileOptions = {}): Promise<void> {
    checkFilePath("logFileFromPath", path);
    await this.#logFile("logFileFromPath", (target) => logFileFromPath(target, path, options));
  }

  /**
   * Logs the bytes of a file as if they were read from `path`, whose extension tells what they are. They are copied.
   *
   * @throws RerunError in strict mode, as `logFileFromPath`
   */
  async logFileFromContents(path: string, contents: Uint8Array | ArrayBuffer, options: LogFileOptions = {}): Promise<void> {
    checkFilePath("logFileFromContents", path);
    await this.#logFile("logFileFromContents", (target) => logFileFromContents(target, path, contents, options));
  }

  async #logFile(call: string, work: (target: FileTarget) => Promise<void>): Promise<void> {
    if (!this.#isEnabled) return;
    try {
      this.#checkOpen(call);
      await work({
        storeId: this.#storeId,
        sendColumns: (entityPath, times, columns) => this.sendColumns(entityPath, times, columns),
        sendChunks: (chunks) => this.sendChunks(chunks),
        sendStore: (message) => this.#sendStore(message),
        report: (error) => this.#report(error, undefined),
      });
    } catch (error) {
      this.#report(error, undefined);
    }
  }

  /** @throws RerunError `Unsupported` when it is another recording, and there is no sink to take it */
  #sendStore(message: StoreMessage): void {
    if (message.storeId.kind === "recording" && !this.#output.hasSinks) {
      const { applicationId, recordingId } = message.storeId;
      const advice = "it goes to the sinks, of which there is none: call save first, or show what loadRecording gives";
      throw new RerunError("Unsupported", `the file holds another recording (${applicationId}, ${recordingId}): ${advice}`);
    }
    this.#output.forward(message);
  }

  #sendAll(call: string, chunks: Iterable<Chunk>): void {
    this.#checkOpen(call);
    if (!this.#isEnabled) return;
    for (const chunk of chunks) if (chunk.numRows > 0) this.#output.write([chunk]);
  }

  #replaceSinks(sinks: readonly Sink[], { defaultBlueprint: own }: SinkOptions): void {
    this.#batcher.flush();
    this.#output.replaceSinks(sinks, { blueprints: this.#isEnabled, own });
  }

  #checkOpen(call: string): void {
    if (this.#isClosed) throw new RerunError("Closed", `${call}: the recording is closed`);
  }

  /** Throws in strict mode, else warns. What is not a complaint about the caller's input is a fault and always thrown. */
  #report(error: unknown, strict: boolean | undefined): void {
    if ((strict ?? isStrict()) || !isRerunError(error)) throw error;
    warnOnce({ code: error.code, message: error.message });
  }
}
