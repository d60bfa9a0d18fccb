import type { Notice, Reply, Request, Transport } from "../link/messages.js";
import { newViewId, onCustomMessage, type ViewModel } from "./view-model.js";
import type { FromView } from "./wire.js";

/** A request above this does not pass the server's limit for one message; see `MAX_PART_BYTES` for what is usual. */
const MAX_SEND_BYTES = 8 * 1024 * 1024;

/** The viewer's connection to its recording through the model of a Jupyter widget. */
export class CommTransport implements Transport {
  readonly #model: ViewModel;
  readonly #view: string = newViewId();
  readonly #ends: (() => void)[] = [];
  #onMessage: (message: Reply | Notice, buffers: readonly Uint8Array[]) => void = () => {};
  #onStatus: (status: "open" | "closed") => void = () => {};
  #status: "open" | "closed" = "open";

  constructor(model: ViewModel) {
    this.#model = model;
    this.#ends.push(
      onCustomMessage(model, (content, buffers) => {
        if ("ping" in content) this.#post({ view: this.#view, pong: content.ping });
        else if (content.view === undefined || content.view === this.#view) this.#receive(content.message, buffers);
      }),
    );
    // Fired when the connection is made or lost; which of the two shows when something is sent.
    const onLive = () => this.#post({ view: this.#view, pong: 0 });
    model.on("comm_live_update", onLive);
    this.#ends.push(() => model.off("comm_live_update", onLive));
    model.on("destroy", this.#closed);
    this.#ends.push(() => model.off("destroy", this.#closed));
  }

  send(message: Request, buffers: readonly Uint8Array[] = []): void {
    const sizeBytes = buffers.reduce((sum, b) => sum + b.byteLength, 0);
    if (sizeBytes > MAX_SEND_BYTES) {
      if (message.kind === "event" && message.event.type === "screenshot") {
        const error = `the picture has ${sizeBytes} bytes, more than the ${MAX_SEND_BYTES} that can be sent`;
        this.#post({ view: this.#view, request: { ...message, event: { ...message.event, error } } });
      }
      return;
    }
    this.#post({ view: this.#view, request: message }, buffers);
  }

  onMessage(listener: (message: Reply | Notice, buffers: readonly Uint8Array[]) => void): void {
    this.#onMessage = listener;
  }

  onStatus(listener: (status: "open" | "closed") => void): void {
    this.#onStatus = listener;
    listener(this.#status);
  }

  close(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#status = "closed";
    this.#onMessage = () => {};
    this.#onStatus = () => {};
  }

  #receive(message: Reply | Notice, buffers: readonly Uint8Array[]): void {
    this.#onMessage(message, buffers);
    if (message.kind === "closed") this.#closed();
  }

  #post(message: FromView, buffers: readonly Uint8Array[] = []): void {
    if (this.#status === "closed") return;
    try {
      // The model may keep or transfer what it is given: views of larger buffers are sent as their own bytes.
      this.#model.send(
        message,
        undefined,
        buffers.map((b) => b.slice()),
      );
    } catch {
      this.#closed(); // "Cannot send": the kernel has stopped
    }
  }

  readonly #closed = (): void => {
    if (this.#status === "closed") return;
    this.#status = "closed";
    this.#onStatus("closed");
  };
}
