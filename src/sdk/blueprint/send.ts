import type { Sink, StoreMessage } from "../sinks/sink.js";
import { type BlueprintLike, blueprintOf } from "./blueprint.js";
import { makeBlueprint, type SendBlueprintOptions } from "./message.js";
import { blueprintRows } from "./rows.js";

/** The blueprints of one recording: hands them to its sinks, and keeps what came before the first sink. */
export class BlueprintOutbox {
  readonly #applicationId: string;
  readonly #default: BlueprintLike | undefined;
  #waiting: readonly StoreMessage[] = [];

  /** @param defaultBlueprint goes to every sink, to be shown when there is no other */
  constructor(applicationId: string, defaultBlueprint: BlueprintLike | undefined) {
    this.#applicationId = applicationId;
    this.#default = defaultBlueprint;
    if (defaultBlueprint !== undefined) blueprintOf(defaultBlueprint);
  }

  /** Blueprints that wait for a sink. */
  get waiting(): readonly StoreMessage[] {
    return this.#default === undefined ? this.#waiting : [this.#message(this.#default, AS_DEFAULT), ...this.#waiting];
  }

  /** @throws RerunError `InvalidArgument` when it is no blueprint */
  send(blueprint: BlueprintLike, options: SendBlueprintOptions, sinks: readonly Sink[]): void {
    this.forward(this.#message(blueprint, options), sinks);
  }

  /** Hands on what is made already. */
  forward(message: StoreMessage, sinks: readonly Sink[]): void {
    if (sinks.length === 0) this.#waiting = [...this.#waiting, message];
    for (const sink of sinks) sink.writeStore?.(message);
  }

  /** Hands new sinks what waits for them, and a default of their own. */
  begin(sinks: readonly Sink[], defaultBlueprint: BlueprintLike | undefined): void {
    const own = defaultBlueprint === undefined ? [] : [this.#message(defaultBlueprint, AS_DEFAULT)];
    for (const message of [...this.waiting, ...own]) for (const sink of sinks) sink.writeStore?.(message);
    this.#waiting = [];
  }

  #message(blueprint: BlueprintLike, options: SendBlueprintOptions): StoreMessage {
    return makeBlueprint(this.#applicationId, blueprintRows(blueprintOf(blueprint)), options);
  }
}

const AS_DEFAULT: SendBlueprintOptions = { makeActive: false, makeDefault: true };
