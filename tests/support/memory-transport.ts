import type { Notice, Reply, Request, Transport, ViewerEvent } from "../../src/link/client.js";
import { QueryService } from "../../src/link/index.js";
import type { ChunkStore } from "../../src/store/index.js";
import { answerNow } from "./answer-now.js";

/** A connection within one program to a real query service, which can be made busy or be ended. Counts what crosses it. */
export class MemoryTransport implements Transport {
  readonly requests: Request[] = [];
  readonly events: ViewerEvent[] = [];
  readonly eventBuffers: Uint8Array[] = [];
  bytes = 0;
  #isBusy = false;
  #isClosed = false;
  readonly #waiting: Request[] = [];
  readonly #service: QueryService;
  readonly #onMessage: ((message: Reply | Notice, buffers: readonly Uint8Array[]) => void)[] = [];
  #onStatus: (status: "open" | "closed") => void = () => {};
  #isNoticeDue = false;

  constructor(store: ChunkStore, name: string, recordingId: string) {
    this.#service = new QueryService(store, { applicationId: "test", recordingId, name });
    store.subscribe(() => {
      if (this.#isNoticeDue) return;
      this.#isNoticeDue = true;
      setTimeout(() => {
        this.#isNoticeDue = false;
        this.notify({ kind: "revision", revision: store.revision });
      }, 20);
    });
  }

  send(message: Request, buffers: readonly Uint8Array[] = []): void {
    if (this.#isClosed) throw new Error("closed");
    if (message.kind === "event") {
      this.events.push(message.event);
      this.eventBuffers.push(...buffers);
      return;
    }
    this.requests.push(message);
    if (this.#isBusy) this.#waiting.push(message);
    else setTimeout(() => this.#answer(message), 1);
  }

  /** A busy kernel answers nothing until it is free again. */
  setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    if (!isBusy) for (const message of this.#waiting.splice(0)) this.#answer(message);
  }

  notify(notice: Notice): void {
    if (!this.#isClosed && !this.#isBusy) this.#tell(notice, []);
  }

  onMessage(listener: (message: Reply | Notice, buffers: readonly Uint8Array[]) => void): void {
    this.#onMessage.push(listener);
  }

  onStatus(listener: (status: "open" | "closed") => void): void {
    this.#onStatus = listener;
  }

  close(): void {
    this.#isClosed = true;
    this.#onStatus("closed");
  }

  #answer(message: Request): void {
    if (this.#isClosed) return;
    for (const { content, buffers } of answerNow(this.#service.handle(message))) {
      for (const buffer of buffers) this.bytes += buffer.byteLength;
      this.#tell(
        content,
        buffers.map((buffer) => buffer.slice()),
      );
    }
  }

  #tell(message: Reply | Notice, buffers: readonly Uint8Array[]): void {
    for (const listener of this.#onMessage) listener(message, buffers);
  }
}
