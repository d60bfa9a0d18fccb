import type { Chunk } from "../chunk/index.js";
import { isRerunError, printWarning, type StoreId } from "../core/index.js";
import type { ChunkStore } from "../store/index.js";
import { closeAtExit, forgetAtExit } from "./at-exit.js";
import type { BlueprintLike } from "./blueprint/blueprint.js";
import type { SendBlueprintOptions } from "./blueprint/message.js";
import { BlueprintOutbox } from "./blueprint/send.js";
import { checkComplete } from "./export-rrd.js";
import type { Sink, StoreMessage } from "./sinks/sink.js";
import { SinkGroup } from "./sinks/sink-group.js";
import { StoreSink } from "./sinks/store-sink.js";

export interface RecordingOutputOptions {
  readonly storeId: StoreId;
  readonly defaultBlueprint: BlueprintLike | undefined;
  readonly memoryLimitBytes: number;
  /** Whether the store stays when there is a sink, as in a notebook. */
  readonly isKept: boolean;
  /** Ends the recording when the process ends. */
  readonly closeSync: () => void;
}

/** Where the chunks of a recording go: into memory until there are sinks, then to these. */
export class RecordingOutput {
  readonly #options: RecordingOutputOptions;
  readonly #held: StoreSink;
  readonly #blueprints: BlueprintOutbox;
  #sinks: SinkGroup | undefined;

  /** @throws RerunError `InvalidArgument` when the default is no blueprint */
  constructor(options: RecordingOutputOptions) {
    this.#options = options;
    this.#held = new StoreSink(options);
    this.#blueprints = new BlueprintOutbox(options.storeId.applicationId, options.defaultBlueprint);
  }

  get store(): ChunkStore {
    return this.#held.store;
  }

  /** Blueprints that wait for a sink. */
  get waitingBlueprints(): readonly StoreMessage[] {
    return this.#blueprints.waiting;
  }

  write(chunks: readonly Chunk[]): void {
    this.#held.write(chunks);
    this.#sinks?.write(chunks);
  }

  /** @throws RerunError `InvalidArgument` when it is no blueprint */
  sendBlueprint(blueprint: BlueprintLike, options: SendBlueprintOptions): void {
    this.#blueprints.send(blueprint, options, this.#sinks?.sinks ?? []);
  }

  /** Hands on the store of another recording, or a blueprint that is made already. */
  forward(message: StoreMessage): void {
    this.#blueprints.forward(message, this.#sinks?.sinks ?? []);
  }

  get hasSinks(): boolean {
    return this.#sinks !== undefined;
  }

  /** @throws RerunError `SinkFailed` with what was lost since this was last said */
  async flush(): Promise<void> {
    await this.#sinks?.flush();
  }

  /**
   * Goes to these sinks from now on, instead of those there were; what was held so far goes first.
   *
   * @param beginning hands them blueprints as well
   * @throws RerunError `SinkFailed` when one cannot be used; nothing has changed then
   */
  replaceSinks(
    sinks: readonly Sink[],
    beginning: { readonly blueprints: boolean; readonly own?: BlueprintLike | undefined },
  ): void {
    const group = new SinkGroup(sinks, this.#options.storeId);
    this.letGo();
    if (sinks.length === 0) return;
    if (beginning.blueprints) this.#blueprints.begin(sinks, beginning.own);
    group.write(this.#held.take());
    this.#sinks = group;
    closeAtExit(this.#options);
  }

  /** Closes the sinks, where nobody waits for them: what was lost is a warning. */
  letGo(): void {
    try {
      this.close();
    } catch (error) {
      if (!isRerunError(error, "SinkFailed")) throw error;
      printWarning({ code: error.code, message: error.message });
    }
  }

  /** Closes the sinks; what comes then is held. @throws RerunError `SinkFailed` with what was lost */
  close(): void {
    const sinks = this.#sinks;
    this.#sinks = undefined;
    forgetAtExit(this.#options);
    if (sinks === undefined) return;
    this.#held.resume();
    sinks.close();
  }

  /** @throws RerunError `IncompleteRecording` unless all that was logged is held */
  checkComplete(): void {
    checkComplete(this.#held);
  }
}
