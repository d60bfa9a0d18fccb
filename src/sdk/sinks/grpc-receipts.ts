/** How a sender learns what has arrived at the other end of a call. */
import { RerunError } from "../../core/index.js";
import type { RawClientCall } from "../../rpc/index.js";
import type { Count } from "./loss.js";

/** After so many bytes the receiver is asked how far it is. */
const ACK_BYTES = 2 ** 20;

/** A message on its way. */
export interface Outgoing {
  readonly parts: readonly Uint8Array[];
  readonly numBytes: number;
  readonly count: Count;
}

/** What the receiver says at the end of a call, or before. */
export class Answer {
  /** Resolves with a good end, rejects with any other. */
  readonly whole: Promise<void>;
  #end: { readonly error: unknown } | undefined;

  constructor(call: RawClientCall, onEnd: () => void) {
    this.whole = (async () => {
      for await (const _ of call.responses);
    })();
    const end = (error: unknown): void => {
      this.#end = { error };
      onEnd();
    };
    this.whole.then(() => end(new RerunError("Unavailable", "the receiver ended the stream")), end);
  }

  /** Throws when the call has ended. */
  check(): void {
    if (this.#end !== undefined) throw this.#end.error;
  }
}

/** Asks the receiver from time to time how far it is. */
export class Receipts {
  readonly #call: RawClientCall;
  readonly #onArrived: (last: Outgoing) => void;
  #last: Outgoing | undefined;
  #bytesSince = 0;
  #isAsking = false;
  #error: { readonly error: unknown } | undefined;

  constructor(call: RawClientCall, onArrived: (last: Outgoing) => void) {
    this.#call = call;
    this.#onArrived = onArrived;
  }

  /** Notes what was sent. */
  add(outgoing: Outgoing): void {
    this.#last = outgoing;
    this.#bytesSince += outgoing.numBytes;
    if (this.#bytesSince >= ACK_BYTES) this.ask();
  }

  /** Asks about all that was sent, unless the last question is open. */
  ask(): void {
    const last = this.#last;
    if (last === undefined || this.#isAsking) return;
    this.#isAsking = true;
    this.#bytesSince = 0;
    this.#last = undefined;
    this.#call
      .arrived()
      .then(() => this.#onArrived(last))
      .catch((error: unknown) => {
        this.#error = { error };
      })
      .finally(() => {
        this.#isAsking = false;
      });
  }

  /** Throws when a question was not answered. */
  check(): void {
    if (this.#error !== undefined) throw this.#error.error;
  }
}
